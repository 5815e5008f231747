#include "json/schema.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "json/embedded_schemas.h"
#include "json/json.h"

namespace syncgate {
namespace {

namespace fs = std::filesystem;

// schemas/examples/<kind>/{valid,invalid}/<name>.json
struct Example {
  std::string kind;
  bool valid = false;
  std::string path;
};
void PrintTo(const Example& example, std::ostream* out) { *out << example.path; }

std::vector<Example> Examples() {
  const fs::path root = fs::path(SYNCGATE_SOURCE_DIR) / "schemas/examples";
  std::vector<Example> examples;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".json") continue;
    const fs::path verdict = entry.path().parent_path();
    examples.push_back(
        {verdict.parent_path().filename(), verdict.filename() == "valid", entry.path()});
  }
  std::sort(examples.begin(), examples.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return examples;
}

std::string NameOf(const Example& example) {
  std::string name = example.kind + (example.valid ? "_valid_" : "_invalid_") +
                     fs::path(example.path).stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class SchemaExample : public ::testing::TestWithParam<Example> {};

TEST_P(SchemaExample, IsJudgedAsItsFolderSays) {
  std::ifstream in(GetParam().path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto value = ParseJson(text);
  ASSERT_TRUE(value) << value.error().message;
  const auto judged = ValidateJson(GetParam().kind + ".v1", *value);
  EXPECT_EQ(judged.has_value(), GetParam().valid) << (judged ? "" : judged.error().message);
  if (!judged) {
    EXPECT_NE(judged.error().message.find("expected "), std::string::npos)
        << "valijson refuses it and nothing says why: " << judged.error().message;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, SchemaExample, ::testing::ValuesIn(Examples()),
                         [](const auto& row) { return NameOf(row.param); });

// valijson judges and ExplainViolation gives the reason: they must agree on every example.
TEST_P(SchemaExample, HasAReasonExactlyWhenItIsInvalid) {
  std::ifstream in(GetParam().path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  for (const EmbeddedSchema& schema : EmbeddedSchemas()) {
    if (schema.name != GetParam().kind + ".v1") continue;
    const auto reason = ExplainViolation(ParseJson(schema.text)->as_object(), *ParseJson(text));
    EXPECT_EQ(!reason, GetParam().valid) << (reason ? reason->Sentence() : "");
  }
}

TEST(Schemas, SharedDefinitionsAreTheSameInEveryFile) {
  std::map<std::string, std::string> seen;
  for (const EmbeddedSchema& schema : EmbeddedSchemas()) {
    const auto value = ParseJson(schema.text);
    ASSERT_TRUE(value) << schema.name;
    const auto* definitions = value->as_object().if_contains("$defs");
    ASSERT_NE(definitions, nullptr) << schema.name;
    for (const auto& definition : definitions->as_object()) {
      const std::string text = CanonicalJson(definition.value());
      const auto known = seen.emplace(definition.key(), text).first;
      EXPECT_EQ(known->second, text) << definition.key() << " in " << schema.name;
    }
  }
  EXPECT_GE(seen.size(), 20u);
}

TEST(Schemas, UnknownSchemaIsAnError) {
  EXPECT_EQ(ValidateJson("nothing.v1", nullptr).error().code, "schema-broken");
}

TEST(Schemas, LongTextInTheWrongPlaceIsCutAndCannotExhaustTheStack) {
  auto value = ParseJson(R"({"table":0,"key":["1"],"state":"x"})");
  value->as_object()["state"] = std::string(5'000'000, 'a').c_str();
  const auto judged = ValidateJson("receipt-rows.v1", *value);
  ASSERT_FALSE(judged);
  EXPECT_LT(judged.error().message.size(), 300u);
  value = ParseJson(
      R"({"type":"run","sequence":1,"direction":"apply","node":"n","plan_digest":"","created_at":"","tool":"t"})");
  for (const char* member : {"node", "plan_digest", "created_at"}) {
    auto copy = *value;
    copy.as_object()[member] = std::string(5'000'000, 'a').c_str();
    EXPECT_FALSE(ValidateJson("journal.v1", copy));
  }
}

}  // namespace
}  // namespace syncgate
