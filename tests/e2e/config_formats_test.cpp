// One file of each format besides dotenv, together, on a node behind a real sshd: there and back,
// byte for byte.
#include <sys/stat.h>

#include <array>

#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

struct FileRow {
  const char* name;    // of the entry and the file
  const char* format;  // lines of the entry
  std::string source;
  std::string before;
  std::string after;
};

// What is only the node's (passwords, comments, order, quotes, line ends) differs from the source.
const std::array<FileRow, 4> kFiles = {{
    {"json", "    format: json\n    keys: [\"/bot/*\", /new]\n    deletes: true\n",
     "{\"new\": {\"a\": null}, \"bot\": {\"id\": \"bot-new\", \"tags\": [1, \"x\", \"y\"], \"on\": "
     "true}}",
     "\xEF\xBB\xBF{\r\n\t\"db\" : {\"password\":\"marked-node\"},\r\n\t\"bot\": {\r\n\t\t\"gone\": "
     "1.50,\r\n\t\t\"id\":   \"bot-old\",\r\n\t\t\"tags\": [ 1,\r\n\t\t\t\"\\u0078\" ]\r\n\t}\r\n}",
     "\xEF\xBB\xBF{\r\n\t\"db\" : {\"password\":\"marked-node\"},\r\n\t\"bot\": {\r\n\t\t\"id\":   "
     "\"bot-new\",\r\n\t\t\"tags\": [ 1,\r\n\t\t\t\"\\u0078\",\r\n\t\t\t\"y\" ],\r\n\t\t\"on\": "
     "true\r\n\t}\r\n}"},
    {"yaml", "    format: yaml\n    keys: [\"/bot/*\"]\n    deletes: true\n",
     "bot: {id: bot-new, mode: 'yes', hosts: [a, b], added: 0x1F}\n",
     "# bot: {id: 0}\r\ndefaults: &d {x: 1}\r\nbot:   # ours\r\n  id:   'bot-old' # "
     "who\r\n"
     "  mode: plain\r\n  gone: 1 # away\r\n  hosts:\r\n  - a\r\n\r\ndb:\r\n  <<: *d\r\n  password: "
     "marked-node\r\n"
     "  note: |\r\n    id: x",
     "# bot: {id: 0}\r\ndefaults: &d {x: 1}\r\nbot:   # ours\r\n  id:   'bot-new' # "
     "who\r\n"
     "  mode: 'yes'\r\n  hosts:\r\n  - a\r\n  - b\r\n  added: 0x1F\r\n\r\ndb:\r\n  <<: *d\r\n  "
     "password: "
     "marked-node\r\n  note: |\r\n    id: x"},
    {"props", "    format: properties\n    keys: [\"bot.*\"]\n    deletes: true\n",
     "bot.id=bot-new\nbot.name = \\u7f18\nbot.list=a,b\n",
     "! \xE9\nbot.id : bot-old\nbot.gone 1\\\n  2\n  bot.list = a,\\\n    "
     "c\ndb.password=marked-node",
     "! \xE9\nbot.id : bot-new\n  bot.list = a,b\ndb.password=marked-node\nbot.name=\\u7f18"},
    {"raw", "    format: raw\n    check: toml\n", "# new\r\n[bot]\r\nid = 'bot-new'",
     "[bot]\nid = 'bot-old'\n", "# new\r\n[bot]\r\nid = 'bot-new'"},
}};

class ConfigFormats : public RunTest {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    std::filesystem::create_directories(Path("node1"));
    ProjectText text;
    text.data = false;
    text.node1 = {Ssh(Server::kNode1), Mysql(Server::kNode1)};
    for (const FileRow& file : kFiles) {
      WriteText(Source(file), file.source);
      WriteText(Target(file), file.before);
      ASSERT_EQ(chmod(Target(file).c_str(), 0640), 0);
      text.configs += "  " + std::string(file.name) + ":\n    source: " + file.name +
                      ".source\n    target: \"" + Path("{node}/") + file.name + "\"\n" +
                      file.format;
    }
    WriteProject(text);
  }

  std::string Source(const FileRow& file) const { return Path(std::string(file.name) + ".source"); }
  std::string Target(const FileRow& file) const { return Path("node1/") + file.name; }
  void AllAre(const std::string FileRow::* text) const {
    for (const FileRow& file : kFiles) {
      EXPECT_EQ(ReadText(Target(file)), file.*text) << file.name;
      struct stat info{};
      ASSERT_EQ(stat(Target(file).c_str(), &info), 0);
      EXPECT_EQ(info.st_mode & 07777, 0640U) << file.name;
    }
  }
  // Refused by that code, in which the file is named; the other files are not touched either.
  void IsRefused(const FileRow& file, const std::string& code) const {
    const RunResult result = Must({"compare", "--node", "node1"}, 3);
    EXPECT_TRUE(result.Diagnoses(code)) << result.err;
    EXPECT_TRUE(result.Says(file.name)) << result.err;
    EXPECT_FALSE(result.Says("marked-")) << result.err;
  }
};

TEST_F(ConfigFormats, EachTravelsThereAndBackByteForByte) {
  Must({"compare", "--node", "node1"});
  Must({"generate-sql"});
  AllAre(&FileRow::before);
  Must({"apply-node", "--node", "node1", "--dry-run"});
  AllAre(&FileRow::before);
  Must({"apply-node", "--node", "node1"});
  AllAre(&FileRow::after);
  Must({"verify-config", "--node", "node1"});
  EXPECT_TRUE(Must({"apply-node", "--node", "node1"}).Says("nothing to do"));
  Must({"compare", "--node", "node1", "--artifacts", "again", "--detailed-exitcode"});
  Must({"rollback", "--node", "node1"});
  AllAre(&FileRow::before);
}

TEST_F(ConfigFormats, AnUnparsableTargetIsRefusedByName) {
  const std::array<std::string, 4> broken = {
      "{\"bot\": {\"id\": \"marked-a\",}}", "bot:\n\tid: marked-a\n", "bot.id=marked-a\nbot.id=b\n",
      "[bot\nid = 'marked-a'\n"};
  const std::array<std::string, 4> codes = {"config-unparsable", "config-unparsable",
                                            "config-duplicate-key", "config-unparsable"};
  for (std::size_t i = 0; i < kFiles.size(); ++i) {
    SCOPED_TRACE(kFiles[i].name);
    WriteText(Target(kFiles[i]), broken[i]);
    IsRefused(kFiles[i], codes[i]);
    EXPECT_EQ(ReadText(Target(kFiles[i])), broken[i]);
    WriteText(Target(kFiles[i]), kFiles[i].before);
  }
}

TEST_F(ConfigFormats, WhatNoEditIsCertainForIsRefusedByName) {
  const FileRow& yaml = kFiles[1];
  const auto refuse = [&](const std::string& target, const std::string& code) {
    SCOPED_TRACE(target);
    WriteText(Target(yaml), target);
    IsRefused(yaml, code);
  };
  WriteText(Source(yaml), "bot: {id: bot-new}\n");
  refuse("bot: {id: &a marked-a}\nb: *a\n", "config-value-ambiguous");
  refuse("a: &a {id: marked-a}\nbot: *a\n", "config-value-ambiguous");
  refuse("a: &a {id: marked-a}\nbot: {<<: *a}\n", "config-value-ambiguous");
  refuse("bot: {id: !!str marked-a}\n", "config-value-ambiguous");
  refuse("bot:\n  id: |\n    marked-a\n", "config-value-ambiguous");
  refuse("bot: {id: yes}\n", "config-value-ambiguous");
  refuse("bot: {id: marked-a}\n---\nbot: {id: b}\n", "config-unparsable");
  refuse("bot: {id: marked-a, id: b}\n", "config-duplicate-key");
  refuse("other: marked-a\n", "config-key-unwritable");
}

}  // namespace
}  // namespace syncgate::test
