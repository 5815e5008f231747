// What syncgate.yml may say about keys, for each format.
#include <gtest/gtest.h>

#include "project/project.h"

namespace syncgate {
namespace {

struct Row {
  const char* name;
  const char* entry;  // fields of the entry beside source and target
  const char* code;   // empty: it is taken
  const char* place;  // in the message
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class FormatRules : public testing::TestWithParam<Row> {};

TEST_P(FormatRules, TakeOrName) {
  const auto project = ParseProject(
      std::string(
          "version: 1\nnodes:\n  node1:\n    ssh: {host: node1, user: deploy, password_env: "
          "NODE1_SSH}\nconfigs:\n  app: {source: app, target: /opt/app, ") +
          GetParam().entry + "}\n",
      "syncgate.yml");
  if (GetParam().code[0] == '\0') {
    EXPECT_TRUE(project) << project.error().message;
    return;
  }
  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().kind, ErrorKind::kFixProject);
  EXPECT_EQ(project.error().code, GetParam().code);
  EXPECT_NE(project.error().message.find(GetParam().place), std::string::npos)
      << project.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    All, FormatRules,
    testing::Values(
        Row{"dotenv", "format: dotenv, keys: [A]", "", ""},
        Row{"properties", "format: properties, keys: [a.b]", "", ""},
        Row{"json", "format: json, keys: [/a, \"*/b\", \"?a\"], secrets: [\"*pass*\"]", "", ""},
        Row{"yaml", "format: yaml, keys: [/a, \"/b~0c~1d\", \"/e~?\"]", "", ""},
        Row{"raw", "format: raw, check: toml", "", ""},
        Row{"raw_secret", "format: raw, secrets: [\"*\"]", "", ""},
        Row{"no_pointer", "format: json, keys: [a]", "project-pattern", "configs.app.keys"},
        Row{"no_pointer_secret", "format: yaml, keys: [/a], secrets: [password]", "project-pattern",
            "configs.app.secrets"},
        Row{"no_pointer_to_check",
            "format: json, keys: [/a], verify: [{http: {url: \"http://x/\", pointer: /a, "
            "equals_key: "
            "a}}]",
            "project-check", "equals_key"},
        Row{"no_name", "format: dotenv, keys: ['*'], secrets: [/DB_PASSWORD]", "project-pattern",
            "configs.app.secrets"},
        Row{"names", "format: dotenv, keys: ['a.B-9_?', '*'], secrets: ['*_KEY']", "", ""},
        Row{"open_pointer", "format: json, keys: ['*'], secrets: [/db/]", "project-pattern",
            "no / at the end"},
        Row{"bare_tilde", "format: json, keys: ['*'], secrets: ['/db/a~b']", "project-pattern",
            "~0 for a ~"},
        Row{"bare_tilde_at_the_end", "format: yaml, keys: ['*~']", "project-pattern", "~0 for a ~"},
        Row{"raw_with_keys", "format: raw, keys: [a]", "project-pattern", "configs.app.keys"},
        Row{"raw_with_a_secret_key", "format: raw, secrets: [PASSWORD]", "project-pattern",
            "configs.app.secrets"},
        Row{"raw_with_deletes", "format: raw, deletes: true", "project-config", "deletes"},
        Row{"check_of_json", "format: json, keys: [/a], check: json", "project-config", "check"},
        Row{"unknown_check", "format: raw, check: csv", "project-invalid", "check"},
        Row{"no_keys", "format: json", "project-pattern", "configs.app.keys"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace syncgate
