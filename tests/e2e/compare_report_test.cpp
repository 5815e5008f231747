// What compare says of configurations: keys, secrets, the readable report, a host given by hand.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <sstream>

#include "e2e/run_test.h"
#include "json/json.h"
#include "json/schema.h"

namespace syncgate::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kTarget[] =
    "# production\nBOT_ID=bot-old\nFEATURE_OLD=x\nDB=prod\nAPI_TOKEN=node-token\n"
    "SAME_TOKEN=same-token\n";
constexpr char kSource[] =
    "BOT_ID=bot-new\nFEATURE_NEW=on\nDB=staging\nAPI_TOKEN=source-token\nSAME_TOKEN='same-token'\n";

// No database is reachable: a configuration needs none.
class CompareReport : public RunTest {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    WriteText(Path("node1/.env"), kTarget);
    WriteText(Path("node2/.env"), kTarget);
    WriteText(Path("app.env"), kSource);
    WriteConfigs();
    for (const char* name : {"SOURCE_PASSWORD", "node1_PASSWORD", "node2_PASSWORD"})
      SetVariable(name, std::nullopt);
  }
  static std::string NoDatabase() {
    return "mysql: {host: 127.0.0.1, port: 1, user: sync, password_env: NOT_SET, database: none}";
  }
  void WriteConfigs(const std::string& more = "", const std::string& ssh = "",
                    const std::string& others = "") const {
    ProjectText text;
    text.source = {NoDatabase()};
    text.node1 = {ssh.empty() ? Ssh(Server::kNode1) : ssh, NoDatabase()};
    text.node2 = {"follows: node1", NoDatabase()};
    text.configs = "  app: {source: app.env, target: \"" + Path("{node}/.env") +
                   "\", format: dotenv, keys: [BOT_ID, \"FEATURE_*\"], secrets: [\"*_TOKEN\"]" +
                   more + "}\n" + others;
    WriteProject(text);
  }
  RunResult Compare(std::vector<std::string> more, int exit = 0) const {
    more.insert(more.begin(), {"compare", "--only", "config"});
    return Must(more, exit);
  }
};

TEST_F(CompareReport, NamesKeysAndSecretsInEveryForm) {
  Compare({"--node", "node1", "--output", "r.txt"});
  Compare({"--node", "node1", "--output", "r.md"});
  Compare({"--node", "node1", "--output", "r.json"});
  const std::string text = ReadText(Path("r.txt"));
  EXPECT_THAT(text, HasSubstr("app: changed BOT_ID: \"bot-old\" -> \"bot-new\"\n"));
  EXPECT_THAT(text, HasSubstr("app: added FEATURE_NEW: (absent) -> \"on\"\n"));
  EXPECT_THAT(text, HasSubstr("app: kept FEATURE_OLD: "));
  EXPECT_THAT(text, HasSubstr("app: secret API_TOKEN: differs"));
  EXPECT_THAT(text, HasSubstr("app: secret SAME_TOKEN: same\n"));
  const std::string markdown = ReadText(Path("r.md"));
  EXPECT_THAT(markdown, HasSubstr("- changed `BOT_ID`: `\"bot-old\"` → `\"bot-new\"`\n"));
  const std::string json = ReadText(Path("r.json"));
  const auto valid = ValidateJson("report.v1", *ParseJson(json));
  EXPECT_TRUE(valid) << valid.error().message;
  EXPECT_EQ(*ReadPointer(json, "/nodes/0/configs/0/changed/0/after"), "bot-new");
  EXPECT_EQ(*ReadPointer(json, "/nodes/0/configs/0/kept/0"), "FEATURE_OLD");
  EXPECT_EQ(*ReadPointer(json, "/nodes/0/configs/0/secrets/1/state"), "same");
  for (const std::string& report : {text, markdown, json}) {
    EXPECT_THAT(report, Not(HasSubstr("token\"")));
    EXPECT_THAT(report, Not(HasSubstr("staging")));
  }
  struct stat info{};
  ASSERT_EQ(stat(Path("r.md").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
}

TEST_F(CompareReport, StdoutHoldsTheReportAndNothingElse) {
  const RunResult json = Compare({"--output", "-", "--output-format", "json"});
  const auto parsed = ParseJson(json.out);
  ASSERT_TRUE(parsed) << json.out;
  EXPECT_TRUE(ValidateJson("report.v1", *parsed));
  EXPECT_THAT(Compare({"--output", "-"}).out, testing::StartsWith("compare: "));
  EXPECT_THAT(Compare({"--output", "report", "--output-format", "markdown"}).out,
              HasSubstr("changed BOT_ID"));
  EXPECT_THAT(ReadText(Path("report")), testing::StartsWith("# compare\n"));
}

TEST_F(CompareReport, AReportThatCannotBeIsRefusedBeforeAnythingIsDone) {
  std::filesystem::create_directories(Path("directory.md"));
  std::filesystem::create_directories(Artifact("plan"));
  std::filesystem::create_symlink("../app.env", Path("node1/link.txt"));
  const std::vector<std::vector<std::string>> rows = {
      {"--output", "report"},
      {"--output", "report.html"},
      {"--output-format", "json"},
      {"--output", "r.md", "--output-format", "yaml"},
      {"--output", "no/such/directory/r.md"},
      {"--output", "directory.md"},
      {"--output", "syncgate.yml", "--output-format", "text"},
      {"--output", "syncgate-artifacts/diff.json"},
      {"--output", "./syncgate-artifacts/../syncgate-artifacts/plan.json"},
      {"--output", "syncgate-artifacts/receipt-node1.json"},
      {"--output", "syncgate-artifacts/plan/r.md"},
      {"--output", "syncgate-artifacts/verify-node1.junit.xml", "--output-format", "text"},
      {"--output", "r.md", "--dry-run"},
      {"--output", "./app.env", "--output-format", "text"},
      {"--output", Path("node1/link.txt")},
  };
  for (const auto& row : rows) {
    EXPECT_TRUE(Compare(row, 64).Diagnoses("option-value")) << row[1];
    EXPECT_FALSE(std::filesystem::exists(Artifact("diff.json"))) << row[1];
  }
  Compare({"--output", "syncgate-artifacts/report.md"});
}

TEST_F(CompareReport, ANodeNamedTwiceIsComparedAndPlannedOnce) {
  const RunResult compared = Compare({"--node", "node1", "--node", "node1"});
  EXPECT_THAT(compared.err, HasSubstr("0 rows and 2 configuration keys differ"));
  Must({"generate-sql", "--node", "node1", "--node", "node1"});
  const std::string plan = ReadText(Artifact("plan.json"));
  EXPECT_EQ(*ReadPointer(plan, "/nodes/0/node"), "node1");
  EXPECT_FALSE(ReadPointer(plan, "/nodes/1/node"));
}

// The SQL of generate-sql has the same places to keep away from, and the plan is not made then.
TEST_F(CompareReport, SqlTakesThePlaceOfNothing) {
  Compare({"--node", "node1", "--node", "node2"});
  const std::vector<std::vector<std::string>> rows = {
      {"syncgate.yml"},
      {"app.env"},
      {Path("node2/.env")},
      {"syncgate-artifacts/diff.json"},
      {"syncgate-artifacts/plan/node1/001.sql"},
      {"no/such/directory/all.sql"},
      {"all.sql", "--dry-run"},
  };
  for (const auto& row : rows) {
    std::vector<std::string> command = {"generate-sql", "--node", "node1", "--output"};
    command.insert(command.end(), row.begin(), row.end());
    EXPECT_TRUE(Must(command, 64).Diagnoses("option-value")) << row[0];
    EXPECT_FALSE(std::filesystem::exists(Artifact("plan.json"))) << row[0];
  }
  EXPECT_EQ(ReadText(Path("app.env")), kSource);
  Must({"generate-sql", "--node", "node1", "--output", "syncgate-artifacts/all.sql"});
  const RunResult full = Program(
      {"sh", "-c",
       std::string(SYNCGATE_BIN_DIR) + "/generate-sql --node node1 --output - > /dev/full"});
  EXPECT_EQ(full.exit, 1) << full.err;
  EXPECT_TRUE(full.Diagnoses("output-not-written"));
}

TEST_F(CompareReport, AReportThatCannotBeWrittenFailsTheStep) {
  const RunResult full =
      Program({"sh", "-c",
               std::string(SYNCGATE_BIN_DIR) + "/compare --only config --output - > /dev/full"});
  EXPECT_EQ(full.exit, 1) << full.err;
  EXPECT_TRUE(full.Diagnoses("report-not-written"));
}

TEST_F(CompareReport, KeysAreDeletedOnlyWhereTheEntrySaysSo) {
  for (const bool deletes : {false, true}) {
    SCOPED_TRACE(deletes);
    WriteText(Path("node1/.env"), kTarget);
    WriteConfigs(deletes ? ", deletes: true" : "");
    const RunResult compared = Compare({"--node", "node1"});
    EXPECT_THAT(compared.out, HasSubstr(deletes ? "app: removed FEATURE_OLD: \"x\" -> (absent)"
                                                : "app: kept FEATURE_OLD: "));
    Must({"generate-sql", "--only", "config"});
    Must({"apply-node", "--node", "node1", "--only", "config"});
    const std::string now = ReadText(Path("node1/.env"));
    EXPECT_EQ(now.find("FEATURE_OLD") == std::string::npos, deletes) << now;
    EXPECT_THAT(now, HasSubstr("API_TOKEN=node-token\n"));
    EXPECT_THAT(now, HasSubstr("DB=prod\n"));
    EXPECT_THAT(now, HasSubstr("FEATURE_NEW=on\n"));
    std::filesystem::remove_all(Artifact(""));
  }
}

TEST_F(CompareReport, AFileThatCannotBeReadIsARefusalBesideTheOthers) {
  WriteConfigs("", "",
               "  broken: {source: app.env, target: \"" + Path("{node}/broken.env") +
                   "\", format: dotenv, keys: [\"*\"]}\n");
  WriteText(Path("node1/broken.env"), "this is no assignment\n");
  const RunResult result = Compare({"--node", "node1", "--output", "r.txt"}, 3);
  EXPECT_TRUE(result.Diagnoses("config-unparsable"));
  const std::string text = ReadText(Path("r.txt"));
  EXPECT_LT(text.find("node1: configuration broken: "), text.find("changed BOT_ID")) << text;
  EXPECT_THAT(text, HasSubstr("changed BOT_ID"));
  EXPECT_EQ(JsonText(ReadText(Artifact("diff.json")), "result"), "refused");
  EXPECT_TRUE(Must({"generate-sql"}, 3).Diagnoses("config-unparsable"));
  EXPECT_FALSE(std::filesystem::exists(Artifact("plan.json")));
}

TEST_F(CompareReport, HostileValuesStayText) {
  const std::string hostile = "x`|</td>##[error]\\n::error::y<script>\u202E![i](http://e.example)";
  WriteText(Path("app.env"), "BOT_ID=\"" + hostile + "\"\n");
  const RunResult result = Compare({"--node", "node1", "--output", "r.md"});
  for (const std::string& text : {result.out, result.err, ReadText(Path("r.md"))}) {
    EXPECT_THAT(text, Not(HasSubstr("##[")));
    EXPECT_THAT(text, Not(HasSubstr("\u202E")));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_FALSE(line.starts_with("::")) << line;
  }
  EXPECT_THAT(ReadText(Path("r.md")), HasSubstr("``\"x`|</td>"));
}

TEST_F(CompareReport, AHostByHandMustProveItselfAndMakesNoPlan) {
  const RunResult unknown = Compare({"--node", "node1", "--prod-host", "localhost"}, 3);
  EXPECT_TRUE(unknown.Diagnoses("ssh-host-key-unknown"));
  EXPECT_TRUE(unknown.Says("localhost")) << unknown.err;

  // The same machine under its other name, as known_hosts would have a spare.
  std::string known = ReadText(sandbox().Env("SANDBOX_KNOWN_HOSTS"));
  for (std::size_t at = 0; (at = known.find("127.0.0.1", at)) != std::string::npos;)
    known.replace(at, 9, "localhost");
  WriteText(Path("known"), known);
  WriteConfigs("", "ssh: {" + SshAddress(Server::kNode1) + ", key_file: \"" +
                       sandbox().Env("SANDBOX_SSH_KEY") + "\", known_hosts: known}");
  EXPECT_TRUE(Compare({"--node", "node1"}, 3).Diagnoses("ssh-host-key-unknown"));
  const RunResult found =
      Compare({"--node", "node1", "--prod-host", "localhost", "--output", "r.txt"});
  EXPECT_THAT(found.out, HasSubstr("changed BOT_ID"));
  EXPECT_THAT(ReadText(Path("r.txt")), HasSubstr("node1 was looked for on localhost"));
  EXPECT_EQ(JsonText(ReadText(Artifact("diff.json")), "ad_hoc_host"), "localhost");
  const RunResult refused = Must({"generate-sql"}, 3);
  EXPECT_TRUE(refused.Diagnoses("diff-ad-hoc-host"));
  EXPECT_TRUE(refused.Says("localhost")) << refused.err;
  EXPECT_FALSE(std::filesystem::exists(Artifact("plan.json")));
}

TEST_F(CompareReport, AHostByHandIsForOneNodeWithSsh) {
  EXPECT_TRUE(Compare({"--prod-host", "localhost"}, 64).Diagnoses("node-missing"));
  EXPECT_TRUE(Compare({"--prod-host", "localhost", "--node", "node1", "--node", "node2"}, 64)
                  .Diagnoses("node-missing"));
  EXPECT_TRUE(
      Compare({"--prod-host", "localhost", "--node", "node2"}, 64).Diagnoses("option-value"));
  EXPECT_TRUE(
      Compare({"--prod-host", "localhost", "--node", "node9"}, 64).Diagnoses("node-unknown"));
  for (const char* host : {"", "-oProxyCommand=x", "a b", "root@x", "x/y", "\n::error::x"}) {
    EXPECT_TRUE(Compare({"--node", "node1", "--prod-host", host}, 64).Diagnoses("option-value"))
        << host;
  }
}

}  // namespace
}  // namespace syncgate::test
