// The command line: help, unknown options and steps, machine-readable messages.
#include <sstream>

#include "e2e/run_test.h"
#include "json/json.h"

namespace syncgate::test {
namespace {

const std::vector<std::string> kSteps = {"compare",       "generate-sql", "apply-node",
                                         "verify-config", "rollback",     "audit"};

class CommandLine : public RunTest {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'one')");
    WriteProject();
  }
};

TEST_F(CommandLine, HelpShowsAnExampleOfEachStep) {
  for (const std::string& step : kSteps) {
    const RunResult help = Must({step, "--help"});
    EXPECT_NE(help.out.find("\n  syncgate " + step), std::string::npos) << help.out;
    const RunResult through = Must({"syncgate", step, "--help"});
    EXPECT_EQ(through.out, help.out);
  }
}

TEST_F(CommandLine, WrongCallsAreUsageErrors) {
  struct Row {
    const char* name;
    std::vector<std::string> call;
    const char* says;
  };
  std::vector<Row> rows = {
      {"front without step", {"syncgate"}, "no step"},
      {"unknown step", {"syncgate", "conmpare"}, "conmpare"},
      {"no node", {"apply-node"}, "--node"},
      {"two nodes", {"rollback", "--node", "node1", "--node", "node2"}, "--node"},
      {"unknown node", {"compare", "--node", "node9"}, "node9"},
      {"bad --only", {"compare", "--only", "rows"}, "--only"},
      {"bad --on-failure",
       {"apply-node", "--node", "node1", "--on-failure", "cry"},
       "--on-failure"},
      {"bad --where", {"compare", "--where", "t"}, "--where"},
      {"--where of no table", {"compare", "--where", "x=1"}, "x"},
      {"stray argument", {"compare", "now"}, "now"},
      {"missing value", {"compare", "--node"}, "node"},
  };
  for (const std::string& step : kSteps)
    rows.push_back({"unknown option", {step, "--frobnicate"}, "frobnicate"});
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const RunResult result = Must(row.call, 64);
    EXPECT_TRUE(result.Says(row.says)) << result.err;
  }
  const RunResult list = Must({"syncgate", "nothing"}, 64);
  for (const std::string& step : kSteps) EXPECT_TRUE(list.Says("  " + step)) << list.err;
}

TEST_F(CommandLine, MessagesAsJsonAreOneDocumentALine) {
  Run(Server::kSource,
      "CREATE TABLE `a \"q\" \\ b` (`k\nx` VARCHAR(300) CHARACTER SET utf8mb4 PRIMARY KEY)");
  Run(Server::kNode1,
      "CREATE TABLE `a \"q\" \\ b` (`k\nx` VARCHAR(300) CHARACTER SET utf8mb4 PRIMARY KEY, n INT)");
  Run(Server::kNode2,
      "CREATE TABLE `a \"q\" \\ b` (`k\nx` VARCHAR(300) CHARACTER SET utf8mb4 PRIMARY KEY)");
  // Long enough for a message to be cut inside a character.
  Run(Server::kSource, "INSERT INTO `a \"q\" \\ b` VALUES (CONCAT('x', REPEAT('你', 120)))");
  ProjectText text;
  text.tables = R"yaml({t: {}, 'a "q" \ b': {}})yaml";
  WriteProject(text);
  const auto check = [](const RunResult& result) {
    EXPECT_FALSE(result.err.empty());
    std::istringstream lines(result.err);
    for (std::string line; std::getline(lines, line);) {
      const auto parsed = ParseJson(line);
      EXPECT_TRUE(parsed.has_value()) << line;
    }
  };
  check(Must({"compare", "--log-format", "json", "--log-level", "debug"}, 3));
  check(Must({"generate-sql", "--log-format", "json"}, 3));
  Must({"compare", "--node", "node2"});
  Must({"generate-sql", "--node", "node2"});
  // Drift names the key.
  Run(Server::kNode2, "INSERT INTO `a \"q\" \\ b` VALUES (CONCAT('X', REPEAT('你', 120)))");
  const RunResult drift = Must(
      {"apply-node", "--node", "node2", "--override-gate", "test \"q\"", "--log-format", "json"},
      3);
  EXPECT_TRUE(drift.Says("[drift]")) << drift.err;
  check(drift);
  check(Must({"compare", "--project", "no\"where", "--log-format", "json"}, 78));
}

TEST_F(CommandLine, RowTextCannotSpeakToTheCiSystem) {
  RunEverywhere("CREATE TABLE `\n::error::x` (k VARBINARY(60) PRIMARY KEY)");
  Run(Server::kSource, "INSERT INTO `\n::error::x` VALUES ('\n::set-output name=x::y\n')");
  ProjectText text;
  text.tables = "{\"\\n::error::x\": {}}";
  WriteProject(text);
  for (const RunResult& result : {Must({"compare", "--node", "node1"}), Must({"generate-sql"}),
                                  Must({"apply-node", "--node", "node1"})}) {
    EXPECT_EQ((result.out + result.err).find("\n::"), std::string::npos) << result.err;
  }
}

// The old form of a command is obeyed anywhere in a line.
TEST_F(CommandLine, KeysInMessagesCannotSpeakToTheCiSystem) {
  RunEverywhere("CREATE TABLE o (k VARCHAR(60) CHARACTER SET utf8mb4 PRIMARY KEY, v INT)");
  const std::string key = "##[set-output name=x]y ##vso[z]\u202E\u009B2J";
  Run(Server::kSource, "INSERT INTO o VALUES ('" + key + "', 1)");
  ProjectText text;
  text.tables = "{o: {}}";
  WriteProject(text);
  Must({"compare", "--node", "node1"});
  Must({"generate-sql"});
  Run(Server::kNode1, "INSERT INTO o VALUES ('" + key + "', 7)");
  const RunResult drift = Must({"apply-node", "--node", "node1"}, 3);
  EXPECT_TRUE(drift.Says("[drift]") && drift.Says("set-output name=x")) << drift.err;
  for (const char* part : {"##[", "##vso[", "\u202E", "\u009B"}) {
    EXPECT_FALSE(drift.Says(part)) << part << " in " << drift.err;
  }
}

TEST_F(CommandLine, VersionsAndNothingElse) {
  for (const char* step : {"syncgate", "compare", "rollback"}) {
    EXPECT_NE(Must({step, "--version"}).out.find("syncgate "), std::string::npos);
  }
}

}  // namespace
}  // namespace syncgate::test
