#include "config/diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "config/target.h"
#include "config/values.h"

namespace syncgate {
namespace {

ConfigSpec Spec() {
  ConfigSpec spec;
  spec.name = ConfigName("app");
  spec.source = "config/app.env";
  spec.target = "/opt/app/.env";
  spec.keys = {"BOT_ID", "FEATURE_*"};
  spec.secrets = {"*_KEY"};
  return spec;
}

ConfigChange Change(const char* key, std::optional<std::string> before,
                    std::optional<std::string> after) {
  return {ConfigKey(key), std::move(before), std::move(after), false};
}

TEST(ConfigDiff, PlansOnlyKeysOfTheAllowList) {
  const std::string target = "# prod\nBOT_ID=1\nDB=prod\nFEATURE_OLD=x\n";
  const auto diff = DiffConfig(Spec(), "FEATURE_NEW=on\nBOT_ID=2\nDB=staging\n", target);
  ASSERT_TRUE(diff) << diff.error().message;
  EXPECT_EQ(diff->changes,
            (std::vector{Change("FEATURE_NEW", std::nullopt, "on"), Change("BOT_ID", "1", "2")}));
  EXPECT_EQ(diff->kept, std::vector{ConfigKey("FEATURE_OLD")});
  EXPECT_EQ(diff->before_digest, Digest::Of(target));
  EXPECT_EQ(diff->after_digest,
            Digest::Of("# prod\nBOT_ID=2\nDB=prod\nFEATURE_OLD=x\nFEATURE_NEW=on\n"));
}

TEST(ConfigDiff, RemovesOnlyWhereAllowed) {
  ConfigSpec spec = Spec();
  spec.deletes = true;
  const auto diff = DiffConfig(spec, "BOT_ID=1\n", "BOT_ID=1\nDB=1\nFEATURE_OLD=x\n");
  ASSERT_TRUE(diff);
  EXPECT_EQ(diff->changes, std::vector{Change("FEATURE_OLD", "x", std::nullopt)});
  EXPECT_EQ(diff->after_digest, Digest::Of("BOT_ID=1\nDB=1\n"));
}

TEST(ConfigDiff, QuotesAreNoDifference) {
  const auto diff = DiffConfig(Spec(), "BOT_ID='1'\n", "export BOT_ID=\"1\"\n");
  ASSERT_TRUE(diff);
  EXPECT_TRUE(diff->changes.empty());
  EXPECT_EQ(diff->before_digest, diff->after_digest);
}

TEST(ConfigDiff, SecretsAreReportedAndNeverPlanned) {
  const std::string target = "API_KEY=old\nSAME_KEY=same\nFEATURE_KEY=old\nTHEIR_KEY=x\n";
  const auto diff =
      DiffConfig(Spec(), "API_KEY=new\nSAME_KEY='same'\nFEATURE_KEY=new$er\nMINE_KEY=x\n", target);
  ASSERT_TRUE(diff) << diff.error().message;
  std::vector<std::string> keys;
  for (const ConfigChange& change : diff->changes) {
    keys.push_back(change.key.str());
    EXPECT_TRUE(change.secret);
    EXPECT_FALSE(change.before || change.after);
  }
  EXPECT_EQ(keys, (std::vector<std::string>{"API_KEY", "FEATURE_KEY", "MINE_KEY", "THEIR_KEY"}));
  EXPECT_EQ(diff->same_secrets, std::vector{ConfigKey("SAME_KEY")});
  EXPECT_EQ(diff->after_digest, Digest::Of(target));
}

TEST(ConfigDiff, WhatStandsInASecretIsOne) {
  ConfigSpec spec = Spec();
  spec.format = "json";
  spec.keys = {"*"};
  spec.secrets = {"/db", "*_KEYS"};
  const std::string target = R"({"db": {"user": {"name": "u"}}, "A_KEYS": {"b": 1}, "dba": 1})";
  const auto diff =
      DiffConfig(spec, R"({"db": {"user": {"name": "v"}}, "A_KEYS": {"b": 2}, "dba": 2})", target);
  ASSERT_TRUE(diff) << diff.error().message;
  ASSERT_EQ(diff->changes.size(), 3U);
  EXPECT_EQ(diff->changes[0], (ConfigChange{ConfigKey("/db/user/name"), {}, {}, true}));
  EXPECT_EQ(diff->changes[1], (ConfigChange{ConfigKey("/A_KEYS/b"), {}, {}, true}));
  EXPECT_EQ(diff->changes[2], Change("/dba", "1", "2"));
  const auto visible = VisibleValues(spec, target);
  ASSERT_TRUE(visible);
  EXPECT_EQ(*visible, (std::map<ConfigKey, std::string>{{ConfigKey("/dba"), "1"}}));
}

// `keys: ["*"]` is no consent to have production's passwords in artifacts.
TEST(ConfigDiff, WhatIsProbablyASecretIsMovedByItsNameOnly) {
  const std::string source = "DB_PASSWORD=marked-new\nBOT_ID=1\nURL=mysql://app:marked-new@db/x\n";
  const std::string target = "DB_PASSWORD=marked-old\nBOT_ID=1\nURL=mysql://app:marked-old@db/x\n";
  const struct {
    std::vector<std::string> keys;
    std::vector<std::string> secrets;
    const char* refused;  // empty: not
  } rows[] = {
      {{"*"},
       {},
       "logs: DB_PASSWORD (called like a secret), URL (holds a password or a private key)"},
      {{"*", "DB_PASSWORD"}, {}, "logs: URL (holds a password or a private key)"},
      {{"*", "DB_PASSWORD", "URL"}, {}, ""},
      {{"*"}, {"*PASSWORD", "URL"}, ""},
      {{"BOT_*"}, {}, ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.refused);
    ConfigSpec spec = Spec();
    spec.keys = row.keys;
    spec.secrets = row.secrets;
    const auto diff = DiffConfig(spec, source, target);
    ASSERT_EQ(diff.has_value(), std::string(row.refused).empty());
    if (diff) continue;
    EXPECT_EQ(diff.error().code, "config-secret-unnamed");
    EXPECT_EQ(diff.error().kind, ErrorKind::kRefused);
    EXPECT_NE(diff.error().message.find(row.refused), std::string::npos) << diff.error().message;
    EXPECT_EQ(diff.error().message.find("marked"), std::string::npos) << diff.error().message;
  }
  // A switch is no secret; what takes its place may be one.
  const auto switched = [](const char* here, const char* there) {
    ConfigSpec any = Spec();
    any.keys = {"*"};
    return DiffConfig(any, here, there).has_value();
  };
  EXPECT_TRUE(switched("PASSWORD_LOGIN=true\n", "PASSWORD_LOGIN=Off\n"));
  EXPECT_TRUE(switched("PASSWORD_LOGIN=true\n", ""));
  EXPECT_FALSE(switched("PASSWORD_LOGIN=true\n", "PASSWORD_LOGIN=1234\n"));
  EXPECT_FALSE(switched("PASSWORD_LOGIN=\n", "PASSWORD_LOGIN=x\n"));
  // Alike on both sides, in whatever quotes, it is in nobody's way, and shown by nobody.
  ConfigSpec spec = Spec();
  spec.keys = {"*"};
  ASSERT_TRUE(DiffConfig(spec, target, target));
  const auto quoted = DiffConfig(
      spec, "DB_PASSWORD='marked-old'\nBOT_ID=1\nURL=\"mysql://app:marked-old@db/x\"\n", target);
  ASSERT_TRUE(quoted) << quoted.error().message;
  EXPECT_TRUE(quoted->changes.empty());
  EXPECT_FALSE(IsVisible(spec, ConfigKey("DB_PASSWORD")));
  EXPECT_TRUE(IsVisible(spec, ConfigKey("BOT_ID")));
  std::set<std::string> hidden;
  const auto values = HiddenValues("dotenv", target,
                                   [&spec](const ConfigKey& key) { return IsVisible(spec, key); });
  for (const Secret& secret : values) hidden.insert(secret.Reveal());
  EXPECT_EQ(hidden, (std::set<std::string>{"marked-old", "mysql://app:marked-old@db/x",
                                           "mysql%3A%2F%2Fapp%3Amarked-old%40db%2Fx"}));
}

TEST(ConfigDiff, RefusesToMoveADoubtfulValue) {
  const struct {
    const char* source;
    const char* target;
    const char* place;  // empty: no refusal
  } rows[] = {
      {"BOT_ID=a#b\n", "BOT_ID=1\n", "config/app.env:1: the value of BOT_ID"},
      {"BOT_ID=1\n", "X=1\nBOT_ID=$a\n", "/opt/app/.env:2: the value of BOT_ID"},
      {"BOT_ID='\xFF'\n", "BOT_ID=1\n", "not UTF-8"},
      {"BOT_ID=a#b\n", "BOT_ID=a#b\n", ""},
      {"OTHER=a#b\n", "OTHER=$a\n", ""},
  };
  for (const auto& row : rows) {
    const auto diff = DiffConfig(Spec(), row.source, row.target);
    ASSERT_EQ(diff.has_value(), row.place[0] == '\0') << row.source;
    if (diff) continue;
    EXPECT_EQ(diff.error().code, "config-value-ambiguous");
    EXPECT_NE(diff.error().message.find(row.place), std::string::npos) << diff.error().message;
  }
}

// What some reader takes for another value is not the same, with the same text as ours.
TEST(ConfigDiff, DoubtfulValuesAreTheSameAsTheSameBytesOnly) {
  const struct {
    const char* format;
    const char* source;
    const char* target;
  } rows[] = {
      {"dotenv", "A=#fff\n", "A=#000\n"},
      {"dotenv", "A=b#c\n", "A='b#c'\n"},
      {"dotenv", "A='a\\tb'\n", "A=\"a\\tb\"\n"},
      {"properties", "A=\xC3\xA9\n", "A=\\u00e9\n"},
      {"properties", "A=\\ud83d\n", "A=\\ud83e\n"},
      {"properties", "A = 1\n", "A \\\n = 1\n"},

      {"yaml", "on: 5\n", "'on': 5\n"},
      {"yaml", "on: {a: 5}\n", "'on': {a: 5}\n"},
      {"yaml", "A: yes\n", "A: 'yes'\n"},
  };
  for (const auto& row : rows) {
    ConfigSpec spec = Spec();
    spec.format = row.format;
    spec.keys = {"*"};
    spec.secrets = {};
    const auto moved = DiffConfig(spec, row.source, row.target);
    ASSERT_FALSE(moved) << row.source;
    EXPECT_EQ(moved.error().code, "config-value-ambiguous");
    EXPECT_TRUE(DiffConfig(spec, row.source, row.source)) << row.source;
    spec.secrets = {"*"};
    const auto secret = DiffConfig(spec, row.source, row.target);
    ASSERT_TRUE(secret) << secret.error().message;
    EXPECT_EQ(secret->changes.size(), 1U) << row.source;
    EXPECT_TRUE(DiffConfig(spec, row.source, row.source)->changes.empty()) << row.source;
  }
}

TEST(ConfigDiff, PlansNoFileThatCouldNotBeReadBack) {
  const std::string target = "BOT_ID=1\n" + std::string(kConfigFileLimit - 9, '#');
  EXPECT_TRUE(DiffConfig(Spec(), "BOT_ID=2\n", target));
  const auto larger = DiffConfig(Spec(), "BOT_ID=22\n", target);
  ASSERT_FALSE(larger);
  EXPECT_EQ(larger.error().code, "config-target-too-large");
  EXPECT_EQ(larger.error().kind, ErrorKind::kRefused);
}

TEST(ConfigDiff, NamesTheFileThatCannotBeParsed) {
  const auto diff = DiffConfig(Spec(), "BOT_ID=1\n", "oops\n");
  ASSERT_FALSE(diff);
  EXPECT_EQ(diff.error().message.find("/opt/app/.env: line 1"), 0U) << diff.error().message;
}

TEST(ConfigDiff, UnknownFormatsAreNamed) {
  ConfigSpec spec = Spec();
  spec.format = "ini";
  EXPECT_EQ(DiffConfig(spec, "", "").error().code, "config-format-unknown");
}

TEST(ConfigValues, AreVisibleOrHidden) {
  const std::string bytes = "BOT_ID=abcd\nFEATURE_KEY=secret\nDB=prod\nON=1\n";
  const auto visible = VisibleValues(Spec(), bytes);
  ASSERT_TRUE(visible);
  EXPECT_EQ(*visible, (std::map<ConfigKey, std::string>{{ConfigKey("BOT_ID"), "abcd"}}));
  const auto hidden =
      HiddenValues("dotenv", bytes, [](const ConfigKey& key) { return IsVisible(Spec(), key); });
  ASSERT_EQ(hidden.size(), 2U);
  EXPECT_EQ(hidden[0].Reveal(), "secret");
  EXPECT_EQ(hidden[1].Reveal(), "prod");
}

// What each format hides of a file of which nothing may be shown.
TEST(ConfigValues, HiddenOnesAreHiddenAsTheyStandAndByLines) {
  const auto hidden = [](const std::string& format, const std::string& bytes) {
    std::set<std::string> texts;
    for (const Secret& secret :
         HiddenValues(format, bytes, [](const ConfigKey&) { return false; })) {
      texts.insert(secret.Reveal());
    }
    return texts;
  };
  EXPECT_EQ(hidden("dotenv", "A=\"one\\ntwo two\"\nB=abc\n"),
            (std::set<std::string>{"one\ntwo two", "two two", "one\\ntwo two"}));
  EXPECT_EQ(hidden("properties", "a=p\\u0061ss,\\\n   word\n"),
            (std::set<std::string>{"pass,word", "pass%2Cword", "p\\u0061ss,\\\n   word",
                                   "p\\u0061ss,\\", "word"}));
  EXPECT_EQ(hidden("json", R"({"a": {"b": "p\u0061ss"}, "c": ["item", 12345]})"),
            (std::set<std::string>{"pass", "\"pass\"", "p\\u0061ss", "item", "12345",
                                   "[\"item\",12345]", "[\"item\", 12345]"}));
  const auto yaml =
      hidden("yaml", "key: |\n  BEGIN\n  line1\nlist:\n- {a: word}\nref: &x 'it''s'\n");
  for (const char* text : {"BEGIN", "line1", "word", "it's", "it''s"}) {
    EXPECT_TRUE(yaml.contains(text)) << text;
  }
  const auto folded =
      hidden("yaml",
             "a: >-\n  first\n  second\nb: \"third\n  fourth\"\nc: \"t\\x41b\\Nx\"\n"
             "d:\n- plain\n  again\n");
  for (const char* text : {"first", "second", "third", "fourth", "t\\x41b\\Nx", "again"}) {
    EXPECT_TRUE(folded.contains(text)) << text;
  }
  // Words of a file that is a secret as a whole, whatever it is checked to be.
  for (const char* format : {"raw", "raw:ini"}) {
    EXPECT_TRUE(hidden(format, "[db]\npassword = hunter2\n").contains("hunter2")) << format;
  }
}

ConfigSpec SpecOf(const std::string& format, std::vector<std::string> keys,
                  std::vector<std::string> secrets, bool deletes) {
  ConfigSpec spec = Spec();
  spec.format = format;
  spec.keys = std::move(keys);
  spec.secrets = std::move(secrets);
  spec.deletes = deletes;
  return spec;
}

TEST(ConfigValues, AreHiddenAsProgramsSpellThem) {
  std::set<std::string> hidden;
  for (const Secret& secret :
       HiddenValues("dotenv", "P='pa\"ss w/rd@1'\n", [](const ConfigKey&) { return false; })) {
    hidden.insert(secret.Reveal());
  }
  EXPECT_TRUE(hidden.contains("pa\"ss w/rd@1"));
  EXPECT_TRUE(hidden.contains("pa\\\"ss w/rd@1")) << "in JSON";
  EXPECT_TRUE(hidden.contains("pa%22ss%20w%2Frd%401")) << "in a URL";
}

TEST(ConfigDiff, TypedValuesTravelWithTheirTypes) {
  const auto diff = DiffConfig(SpecOf("yaml", {"/a/*"}, {}, true), "a: {x: '5', l: [1, z], w: 1}\n",
                               "a:\n  x: 5\n  l: [1]\n  v: 'old'\nb: 2\n");
  ASSERT_TRUE(diff) << diff.error().message;
  const std::vector<ConfigChange> wanted = {
      {ConfigKey("/a/x"), "5", "\"5\"", false},
      {ConfigKey("/a/l"), "[1]", "[1,\"z\"]", false},
      {ConfigKey("/a/w"), std::nullopt, "1", false},
      {ConfigKey("/a/v"), "\"old\"", std::nullopt, false},
  };
  EXPECT_EQ(diff->changes, wanted);
  EXPECT_EQ(diff->after_digest, Digest::Of("a:\n  x: '5'\n  l: [1, z]\n  w: 1\nb: 2\n"));
}

TEST(ConfigDiff, ASecretItemMakesItsListASecret) {
  for (const char* format : {"json", "yaml"}) {
    const auto diff =
        DiffConfig(SpecOf(format, {"/*"}, {"*/password"}, false),
                   R"({"l": [{"password": "hunter2"}], "a": 1})", R"({"l": [{"x": 1}], "a": 1})");
    ASSERT_TRUE(diff) << diff.error().message;
    ASSERT_EQ(diff->changes.size(), 1U) << format;
    EXPECT_EQ(diff->changes[0], (ConfigChange{ConfigKey("/l"), std::nullopt, std::nullopt, true}));
    EXPECT_EQ(diff->after_digest, diff->before_digest);
  }
}

TEST(ConfigValues, CommentsAndSpellingsAreHiddenToo) {
  const std::string bytes =
      "# DB_PASSWORD='commented-out'\nBOT_ID=1  # was: hunter-two\nPEM=\"first line\nsecond "
      "line\"\nX=\"a\\\"quoted\"\n";
  std::vector<std::string> hidden;
  for (const Secret& secret :
       HiddenValues("dotenv", bytes, [](const ConfigKey& key) { return IsVisible(Spec(), key); })) {
    hidden.push_back(secret.Reveal());
  }
  for (const char* text : {"DB_PASSWORD='commented-out'", "commented-out", "hunter-two",
                           "first line\nsecond line", "second line", "a\\\"quoted", "a\"quoted"}) {
    EXPECT_NE(std::ranges::find(hidden, text), hidden.end()) << text;
  }
}

TEST(ConfigValues, OfAFileThatCannotBeParsedOrIsASecretEveryLineAndWordIsHidden) {
  std::set<std::string> hidden;
  const auto learn = [&hidden](const char* format, const char* bytes, bool visible) {
    hidden.clear();
    const auto all = HiddenValues(format, bytes, [=](const ConfigKey&) { return visible; });
    for (const Secret& secret : all) hidden.insert(secret.Reveal());
  };
  learn("json", "{\n  \"password\": \"hunter-two\",\n", true);
  EXPECT_TRUE(hidden.contains("\"password\": \"hunter-two\","));
  EXPECT_TRUE(hidden.contains("hunter-two"));
  for (const char* format : {"raw", "raw:ini"}) {
    learn(format, "[client]\npassword = hunter two\n", false);
    EXPECT_TRUE(hidden.contains("password = hunter two"));
    EXPECT_TRUE(hidden.contains("hunter two"));
  }
  learn("raw", "[client]\npassword = hunter two\n", true);
  EXPECT_TRUE(hidden.empty());
}

// Programs take URLs apart; and a switch is hidden from nobody.
TEST(ConfigValues, ThePasswordOfAUrlIsHiddenAloneToo) {
  std::set<std::string> hidden;
  for (const Secret& secret : HiddenValues(
           "dotenv", "U=mysql://app:pa%40ss@db/x\nDEBUG=true\n# OLD=redis://:commented@h\n",
           [](const ConfigKey&) { return false; })) {
    hidden.insert(secret.Reveal());
  }
  for (const char* text : {"pa%40ss", "pa@ss", "mysql://app:pa%40ss@db/x", "commented"}) {
    EXPECT_TRUE(hidden.contains(text)) << text;
  }
  EXPECT_FALSE(hidden.contains("true"));
}

}  // namespace
}  // namespace syncgate
