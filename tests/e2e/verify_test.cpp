// What verify-config asks and what it leaves: SQL, commands, the functional test; verdict and
// JUnit.
#include <chrono>

#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

constexpr char kEnvFile[] = "BOT_ID=bot-old\nAPI_TOKEN=marked-node-token\n";

// Names of cases and how they ended, one a line, as a reader that shares no code with ours sees it.
constexpr char kJunitReader[] = R"(
import sys, xml.etree.ElementTree as ET
for case in ET.parse(sys.argv[1]).getroot().iter("testcase"):
    print(case.get("name"), [child.tag for child in case if child.tag != "system-out"])
)";

class Verify : public RunTest {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE settings (name VARCHAR(20) PRIMARY KEY, value VARCHAR(20))");
    RunEverywhere("INSERT INTO settings VALUES ('bot_id','bot-new'),('nothing',NULL)");
    WriteText(Path("app.env"), "BOT_ID=bot-new\nAPI_TOKEN=marked-source-token\n");
    WriteText(Path("node1/.env"), kEnvFile);
    WriteText(Path("node2/.env"), kEnvFile);
    WriteText(Path("junit.py"), kJunitReader);
  }

 protected:
  // `checks` are lines of the `verify` list, `test` one of node1's block.
  void Prepare(const std::string& checks, const std::string& test = "", bool ssh = true) const {
    ProjectText text;
    text.tables = "{settings: {}}";
    text.node1 = {Mysql(Server::kNode1)};
    if (ssh) text.node1.push_back(Ssh(Server::kNode1));
    if (!test.empty()) text.node1.push_back(test);
    text.configs = "  app:\n    source: app.env\n    target: \"" + Path("{node}/.env") +
                   "\"\n    format: dotenv\n    keys: [BOT_ID, API_TOKEN]\n    secrets: "
                   "[\"*_TOKEN\"]\n" +
                   (checks.empty() ? "" : "    verify:\n" + checks);
    WriteProject(text);
    Must({"compare"});
    Must({"generate-sql"});
    Must({"apply-node", "--node", "node1"});
  }
  RunResult VerifyNode1(int exit = 0, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"verify-config", "--node", "node1"});
    return Must(more, exit);
  }
  std::string Verdict() const { return ReadText(Artifact("verdict-node1.json")); }
  std::string JunitText() const { return ReadText(Artifact("verify-node1.junit.xml")); }
  std::string JunitCases() const {
    const auto read = Program({"python3", Path("junit.py"), Artifact("verify-node1.junit.xml")});
    EXPECT_EQ(read.exit, 0) << read.err;
    return read.out;
  }
  void GateIsClosed(const std::string& code) const {
    EXPECT_TRUE(Must({"apply-node", "--node", "node2"}, 3).Diagnoses(code));
  }
};

TEST_F(Verify, SqlChecksOverSsh) {
  Prepare(
      R"yaml(      - {name: equals, sql: {query: "SELECT value FROM settings WHERE name = 'bot_id'", equals: bot-new}, attempts: 1}
      - {name: key, sql: {query: "SELECT value FROM settings WHERE name = 'bot_id'", equals_key: BOT_ID}, attempts: 1}
      - {name: number, sql: {query: "SELECT COUNT(*) FROM settings", equals: 2}, attempts: 1}
      - {name: rows, sql: {query: "SELECT 1 FROM settings", rows: 2}, attempts: 1}
      - {name: no rows, sql: {query: "SELECT 1 FROM settings WHERE name = '{node}'", rows: 0}, attempts: 1}
)yaml");
  const RunResult result = VerifyNode1();
  EXPECT_TRUE(result.Says("sql check app: key passed: the first column is \"bot-new\""))
      << result.err;
  EXPECT_TRUE(result.Says("sql check app: no rows passed: 0 rows")) << result.err;
  EXPECT_EQ(JsonText(Verdict(), "result"), "success");
  EXPECT_EQ(JunitCases(),
            "app: file []\napp: equals []\napp: key []\napp: number []\napp: rows []\napp: no rows "
            "[]\n");
}

TEST_F(Verify, SqlChecksThatFail) {
  Prepare(
      R"yaml(      - {name: other, sql: {query: "SELECT 'bot-old'", equals_key: BOT_ID}, attempts: 1}
      - {name: "null", sql: {query: "SELECT value FROM settings WHERE name = 'nothing'", equals: ""}, attempts: 1}
      - {name: none, sql: {query: "SELECT value FROM settings WHERE name = 'x'", equals: ""}, attempts: 1}
      - {name: rows, sql: {query: "SELECT 1 FROM settings", rows: 3}, attempts: 2, interval_ms: 1}
      - {name: no table, sql: {query: "SELECT 1 FROM nowhere", rows: 1}}
)yaml",
      "", /*ssh=*/false);
  const RunResult result = VerifyNode1(6);
  for (const char* said : {"other FAILED: the first column is \"bot-old\", expected \"bot-new\"",
                           "null FAILED: the first column is NULL, expected \"\"",
                           "none FAILED: no row, expected \"\"", "rows FAILED: 2 rows, expected 3",
                           "no table FAILED: node1: SELECT: there is no such table"}) {
    EXPECT_TRUE(result.Says(said)) << said << "\n" << result.err;
  }
  EXPECT_TRUE(result.Diagnoses("verification-failed"));
  EXPECT_NE(Verdict().find("\"attempts\": 2"), std::string::npos) << Verdict();
  EXPECT_EQ(JsonText(Verdict(), "target_state"), "after") << "rows and files are as planned";
  EXPECT_NE(JunitCases().find("app: null ['failure']\n"), std::string::npos);
  GateIsClosed("gate-verdict-failed");
}

// The words of a query cannot tell that a function writes: the server is told that nothing may.
TEST_F(Verify, SqlChecksCannotWrite) {
  Run(Server::kNode1,
      "CREATE FUNCTION sneak() RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT INTO "
      "settings VALUES ('sneaked', '1'); RETURN 1; END");
  Run(Server::kNode1, "GRANT EXECUTE ON " + database() + ".* TO sync");
  Prepare(R"yaml(      - {name: sneak, sql: {query: "SELECT sneak()", equals: 1
}
, attempts : 1
}
)yaml");
  const RunResult result = VerifyNode1(6);
  EXPECT_TRUE(result.Says("error 1792")) << "refused for another reason: " << result.err;
  EXPECT_EQ(Value(Server::kNode1, "SELECT COUNT(*) FROM settings"), "2");
}

TEST_F(Verify, AQueryHasItsTime) {
  Prepare(
      R"yaml(      - {name: slow, sql: {query: "SELECT COUNT(*) FROM settings a, settings b WHERE SLEEP(20) = 0", rows: 1}, attempts: 1, timeout_ms: 700}
)yaml");
  const RunResult result = VerifyNode1(6);
  EXPECT_LT(result.seconds, 10) << result.err;
}

TEST_F(Verify, AFlappingCheckDoesNotPass) {
  // Passes every other time.
  const std::string flaps = "[sh, -c, \"if test -e up; then rm up; else touch up; exit 1; fi\"]";
  const std::string check =
      "{argv: [env, -C, \"" + home().string() + "\", " + flaps.substr(1) + "}";
  Prepare("      - {name: once, command: " + check +
          ", attempts: 6, interval_ms: 10}\n      - {name: twice, command: " + check +
          ", passes: 2, attempts: 6, interval_ms: 10}\n");
  const RunResult result = VerifyNode1(6);
  EXPECT_TRUE(result.Says("once passed")) << result.err;
  EXPECT_TRUE(
      result.Says("twice FAILED: passed 1 in a row, 2 are wanted; last failure: exit code 1"))
      << result.err;
}

TEST_F(Verify, TheFunctionalTestKnowsNodeAndPlanAndItsOutputIsKept) {
  Prepare("",
          "test: [sh, -c, \"echo on $SYNCGATE_NODE of $SYNCGATE_PLAN_DIGEST; pwd; echo ok >&2\"]");
  VerifyNode1();
  const std::string plan = JsonText(ReadText(Artifact("plan.json")), "plan_digest");
  const std::string said = "on node1 of " + plan + "\\n" + home().string() + "\\nok\\n";
  EXPECT_NE(Verdict().find(said), std::string::npos) << Verdict();
  EXPECT_NE(JunitText().find("on node1 of " + plan), std::string::npos);
}

TEST_F(Verify, WhatATestPrintsHoldsNoSecret) {
  // A CI system masks such a variable in its log, not in artifacts.
  SetVariable("DEPLOY_TOKEN", "marked-token-of-the-ci-system");
  const std::string key = sandbox().Env("SANDBOX_SSH_KEY");
  Prepare("", "test: [sh, -c, \"echo pw $NODE1_PASSWORD; cat '" + key +
                  "' node1/.env app.env; echo $DEPLOY_TOKEN; exit 7\"]");
  const RunResult result = VerifyNode1(6);
  const std::string password = sandbox().Env(Server::kNode1, "PASSWORD");
  std::istringstream lines(ReadText(key));
  std::string line;
  std::getline(lines, line);  // BEGIN, then what is to be secret
  std::getline(lines, line);
  ASSERT_GT(line.size(), 20U);
  for (const std::string& text : {result.err, result.out, Verdict(), JunitText()}) {
    for (const std::string& secret : {password, line, std::string("marked-")}) {
      EXPECT_EQ(text.find(secret), std::string::npos) << text;
    }
  }
  EXPECT_NE(Verdict().find("pw ***"), std::string::npos) << "the rest is still there";
  EXPECT_NE(Verdict().find("BOT_ID=bot-new"), std::string::npos);
  EXPECT_TRUE(result.Says("functional test FAILED: exit code 7")) << result.err;
  // Nor where the files themselves are not looked at.
  const RunResult narrowed = VerifyNode1(6, {"--only", "data"});
  EXPECT_TRUE(narrowed.Says("BOT_ID=bot-new")) << narrowed.err;
  EXPECT_FALSE(narrowed.Says("marked-")) << narrowed.err;
}

TEST_F(Verify, ATestThatDoesNotEndIsEnded) {
  Prepare("", "test: {argv: [sh, -c, \"echo $$ > pid; echo waiting; sleep 60\"], timeout_ms: 500}");
  const RunResult result = VerifyNode1(6);
  EXPECT_LT(result.seconds, 15);
  EXPECT_TRUE(result.Says("functional test FAILED: not done after 500 ms, ended: ")) << result.err;
  EXPECT_TRUE(result.Says("waiting"));
  EXPECT_NE(Program({"kill", "-0", ReadText(Path("pid"))}).exit, 0);
  GateIsClosed("gate-verdict-failed");
}

// An older verdict of the same apply must not speak for a node that is being looked at again.
TEST_F(Verify, StoppedItSaysSoAndTheGateIsClosed) {
  Prepare("", "test: [sh, -c, \"if test -e hang; then echo $$ > pid; sleep 60; fi\"]");
  VerifyNode1();
  WriteText(Path("hang"), "");
  const RunResult result =
      Program({"timeout", "--preserve-status", "-s", "TERM", "2",
               std::string(SYNCGATE_BIN_DIR) + "/verify-config", "--node", "node1"});
  EXPECT_EQ(result.exit, 143) << result.err;
  EXPECT_LT(result.seconds, 15);
  EXPECT_NE(Program({"kill", "-0", ReadText(Path("pid"))}).exit, 0);
  EXPECT_EQ(JsonText(Verdict(), "result"), "interrupted");
  EXPECT_EQ(JunitCases(), "app: file []\nfunctional test ['failure']\ninterrupted ['error']\n");
  GateIsClosed("gate-verdict-failed");
  // Killed, it cannot say anything any more.
  std::filesystem::remove(Path("hang"));
  VerifyNode1();
  WriteText(Path("hang"), "");
  EXPECT_EQ(Program({"timeout", "-s", "KILL", "2", std::string(SYNCGATE_BIN_DIR) + "/verify-config",
                     "--node", "node1"})
                .exit,
            128 + 9);
  Program({"sh", "-c", "kill -9 -$(cat pid)"});
  EXPECT_EQ(JsonText(Verdict(), "result"), "interrupted");
  GateIsClosed("gate-verdict-failed");
}

TEST_F(Verify, ChecksThatCannotBeMadeAreAnErrorAndTheGateIsClosed) {
  Run(Server::kSource, "UPDATE settings SET value = 'more' WHERE name = 'nothing'");
  Prepare("");
  VerifyNode1();
  SetVariable("NODE1_PASSWORD", "wrong-password");
  VerifyNode1(78);
  EXPECT_EQ(JsonText(Verdict(), "result"), "failed");
  EXPECT_EQ(JsonText(Verdict(), "target_state"), "unknown");
  EXPECT_EQ(JunitCases(), "mysql-login-failed ['error']\n");
  GateIsClosed("gate-verdict-failed");
}

TEST_F(Verify, DryAndNarrowedRunsLeaveNothing) {
  Prepare("");
  VerifyNode1(0, {"--dry-run"});
  VerifyNode1(0, {"--only", "data"});
  Run(Server::kSource, "UPDATE settings SET value = 'x' WHERE name = 'nothing'");
  EXPECT_FALSE(std::filesystem::exists(Artifact("verify-node1.junit.xml")));
}

}  // namespace
}  // namespace syncgate::test
