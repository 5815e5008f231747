// Rows and a configuration file of one plan: which goes first, and that both go back together.
#include <unistd.h>

#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

constexpr char kOld[] = "BOT_ID=good-old\nPASSWORD=marked\n";
constexpr char kNew[] = "BOT_ID=good-new\nPASSWORD=marked\n";

class ConfigAndRows : public RunTest {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'one'),(2,'two')");
    Run(Server::kNode1, "INSERT INTO t VALUES (1,'eins'),(3,'drei')");
    old_rows_ = Dump(Server::kNode1, "t");
    WriteText(target(), kOld);
    WriteText(running(), kOld);
    Project("good-new");
  }

  void Project(const std::string& value) const {
    WriteText(Path("app.env"), "BOT_ID=" + value + "\n");
    ProjectText text;
    text.tables = "{t: {deletes: true}}";
    text.node1 = {Ssh(Server::kNode1), Mysql(Server::kNode1)};
    text.configs = "  app:\n    source: app.env\n    target: \"" + target() +
                   "\"\n    format: dotenv\n    keys: [BOT_ID]\n    restart: [cp, \"" + target() +
                   "\", \"" + running() +
                   "\"]\n    verify:\n      - command: [grep, -q, BOT_ID=good, \"" + running() +
                   "\"]\n        attempts: 1\n";
    WriteProject(text);
    Must({"compare", "--node", "node1"});
    Must({"generate-sql"});
  }
  std::string target() const { return Path("node1/.env"); }
  std::string running() const { return Path("node1/running"); }
  RunResult Killed(const std::string& step, const std::string& point) {
    SetVariable("SYNCGATE_FAULT", point + ":1:kill");
    RunResult result = Must({step, "--node", "node1", "--auto-restart"}, 137);
    SetVariable("SYNCGATE_FAULT", std::nullopt);
    return result;
  }
  bool RowsAreOld() const { return Dump(Server::kNode1, "t") == old_rows_; }
  bool RowsAreNew() const { return Dump(Server::kNode1, "t") == Dump(Server::kSource, "t"); }
  void AllIsOld() const {
    EXPECT_TRUE(RowsAreOld());
    EXPECT_EQ(ReadText(target()), kOld);
    EXPECT_EQ(ReadText(running()), kOld);
  }

 private:
  std::string old_rows_;
};

TEST_F(ConfigAndRows, ApplyMovesTheRowsFirstAndRollbackTheFile) {
  Killed("apply-node", "apply.data-done");
  EXPECT_TRUE(RowsAreNew());
  EXPECT_EQ(ReadText(target()), kOld);
  Must({"apply-node", "--node", "node1", "--auto-restart"});
  EXPECT_EQ(ReadText(running()), kNew);

  Killed("rollback", "config.restarted");
  EXPECT_TRUE(RowsAreNew());
  EXPECT_EQ(ReadText(target()), kOld);
  Must({"rollback", "--node", "node1", "--auto-restart"});
  AllIsOld();
}

TEST_F(ConfigAndRows, AServiceThatIsNotWellTakesTheRowsBackToo) {
  Project("bad-new");
  const RunResult applied = Must({"apply-node", "--node", "node1", "--auto-restart"}, 6);
  EXPECT_TRUE(applied.Diagnoses("service-not-ready"));
  AllIsOld();
  const std::string receipt = ReadText(Artifact("receipt-node1.json"));
  EXPECT_EQ(JsonText(receipt, "target_state"), "before");
  EXPECT_NE(receipt.find("expected 0"), std::string::npos) << "what the check said is kept";
  EXPECT_TRUE(Must({"rollback", "--node", "node1"}).Says("nothing to take back"));
}

TEST_F(ConfigAndRows, AFileThatIsRefusedMovesNoRow) {
  WriteText(target(), std::string(kOld) + "MORE=1\n");
  EXPECT_TRUE(
      Must({"apply-node", "--node", "node1", "--auto-restart"}, 3).Diagnoses("config-drift"));
  EXPECT_TRUE(RowsAreOld());
}

// A half that is back does not make the node as it was: the other half of the plan is still there.
TEST_F(ConfigAndRows, HalfARollbackIsNotAWholeOne) {
  Must({"apply-node", "--node", "node1", "--auto-restart"});
  const std::string back = Artifact("receipt-node1-rollback.json");
  Must({"rollback", "--node", "node1", "--only", "config", "--auto-restart"});
  EXPECT_TRUE(RowsAreNew());
  EXPECT_EQ(ReadText(target()), kOld);
  EXPECT_EQ(JsonText(ReadText(back), "target_state"), "partial");
  Must({"rollback", "--node", "node1", "--only", "data"});
  AllIsOld();
  Must({"rollback", "--node", "node1"});
  EXPECT_EQ(JsonText(ReadText(back), "target_state"), "before");
}

TEST_F(ConfigAndRows, NorIsHalfARollbackWithoutTheJournal) {
  Must({"apply-node", "--node", "node1", "--auto-restart"});
  ASSERT_EQ(
      Program({"sh", "-c", "rm -r syncgate-artifacts/journal syncgate-artifacts/receipt*"}).exit,
      0);
  const std::string back = Artifact("receipt-node1-rollback.json");
  Must({"rollback", "--node", "node1", "--only", "config", "--from-plan"});
  EXPECT_TRUE(RowsAreNew());
  EXPECT_EQ(JsonText(ReadText(back), "target_state"), "partial");
  Must({"rollback", "--node", "node1", "--from-plan"});
  EXPECT_EQ(JsonText(ReadText(back), "target_state"), "before");
}

TEST_F(ConfigAndRows, WhatFailsInOneHalfLeavesTheOtherAndSaysSo) {
  Project("bad-new");
  Must({"apply-node", "--node", "node1", "--only", "data"});
  Must({"apply-node", "--node", "node1", "--only", "config", "--auto-restart"}, 6);
  EXPECT_EQ(ReadText(target()), kOld);
  EXPECT_TRUE(RowsAreNew()) << "they are not of this run";
  EXPECT_EQ(JsonText(ReadText(Artifact("receipt-node1.json")), "target_state"), "partial");
}

TEST_F(ConfigAndRows, TheyGoBackFromArtifactsAndKeysInAnEmptyDirectory) {
  Must({"apply-node", "--node", "node1", "--auto-restart"});
  EXPECT_TRUE(RowsAreNew());
  ASSERT_EQ(
      Program({"sh", "-c",
               "mkdir elsewhere hidden && cp -r syncgate.yml syncgate-artifacts elsewhere/ && "
               "mv syncgate.yml syncgate-artifacts app.env hidden/"})
          .exit,
      0);
  const RunResult back =
      Program({"env", "-C", Path("elsewhere"), std::string(SYNCGATE_BIN_DIR) + "/rollback",
               "--node", "node1", "--auto-restart"});
  EXPECT_EQ(back.exit, 0) << back.err;
  AllIsOld();
}

}  // namespace
}  // namespace syncgate::test
