// The gate between the canary node and the next one, and plans that have gone stale.
#include <functional>

#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

class Gate : public RunTest {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'one'),(2,'two'),(3,'three')");
    RunEverywhere("INSERT IGNORE INTO t VALUES (1,'eins')");
    WriteText(Path("test-passes"), "");
    WriteProject();
  }

  // A functional test on node1 that passes while the file test-passes exists.
  void WithFunctionalTest() const {
    ProjectText text;
    text.node1 = {
        Mysql(Server::kNode1),
        "test: [sh, -c, \"test -e test-passes || { echo the bot is mute >&2; exit 9; }\"]"};
    WriteProject(text);
  }
  // A configuration of node1, checked by a command.
  void WithConfig() const {
    WriteText(Path("new.env"), "BOT_ID=bot-new\n");
    WriteText(Path("node1.env"), "BOT_ID=bot-old\n");
    WriteText(Path("node2.env"), "BOT_ID=bot-old\n");
    ProjectText text;
    text.configs =
        "  app:\n    source: new.env\n    target: \"" + Path("{node}.env") +
        "\"\n    format: dotenv\n    keys: [BOT_ID]\n    verify: [{command: [test, -e, \"" +
        Path("test-passes") + "\"], attempts: 1}]\n";
    WriteProject(text);
  }

  void Plan() const {
    Must({"compare"});
    Must({"generate-sql"});
  }
  RunResult Apply(const std::string& node, int exit = 0, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"apply-node", "--node", node});
    return Must(more, exit);
  }
  void Closed(const std::string& code) const {
    const std::string path = Artifact("receipt-node2.json");
    const auto receipt = [&] { return std::filesystem::exists(path) ? ReadText(path) : "none"; };
    const std::string before = Dump(Server::kNode2, "t");
    const std::string receipt_before = receipt();
    EXPECT_TRUE(Apply("node2", 3).Diagnoses(code));
    EXPECT_TRUE(Apply("node2", 3, {"--dry-run"}).Diagnoses(code));
    EXPECT_EQ(Dump(Server::kNode2, "t"), before);
    EXPECT_EQ(receipt(), receipt_before) << "a closed gate leaves no receipt";
  }
  void Open() const {
    Apply("node2");
    EXPECT_EQ(Dump(Server::kNode2, "t"), Dump(Server::kSource, "t"));
  }
};

TEST_F(Gate, IsClosedBeforeTheFirstNodeWasApplied) {
  Plan();
  Closed("gate-no-receipt");
  Apply("node1", 0, {"--dry-run"});
  Closed("gate-no-receipt");
  Apply("node1");
  Open();
}

TEST_F(Gate, IsClosedForThePlanOfAnotherRun) {
  Plan();
  Apply("node1");
  Run(Server::kSource, "UPDATE t SET v = 'deux' WHERE id = 2");
  Plan();
  Closed("gate-other-plan");
  Apply("node1");
  Open();
}

TEST_F(Gate, IsClosedWhenTheProjectFileWasEdited) {
  Plan();
  Apply("node1");
  ProjectText text;
  text.limits = "{changes: 5}";
  WriteProject(text);
  EXPECT_TRUE(Apply("node2", 3).Diagnoses("project-changed"));
  EXPECT_TRUE(Apply("node1", 3).Diagnoses("project-changed"));
  EXPECT_TRUE(Apply("node2", 3, {"--override-gate", "no way round"}).Diagnoses("project-changed"));
  EXPECT_TRUE(Must({"generate-sql"}, 3).Diagnoses("project-changed"));
  // Taking the follows out of the file does not open the gate either.
  text.limits = "";
  text.node2 = {Mysql(Server::kNode2)};
  WriteProject(text);
  EXPECT_TRUE(Apply("node2", 3).Diagnoses("project-changed"));
  WriteProject();
  Open();
}

TEST_F(Gate, IsClosedAfterTheFirstNodeWasRolledBack) {
  Plan();
  Apply("node1");
  Must({"rollback", "--node", "node1", "--dry-run"});
  Must({"rollback", "--node", "node1"});
  Closed("gate-rolled-back");
  Apply("node1");
  Open();
}

TEST_F(Gate, IsClosedWhenTheFirstNodeFailed) {
  Plan();
  Run(Server::kNode1, "UPDATE t SET v = 'hotfix' WHERE id = 1");
  EXPECT_TRUE(Apply("node1", 3).Diagnoses("drift"));
  Closed("gate-not-applied");
  Run(Server::kNode1, "UPDATE t SET v = 'eins' WHERE id = 1");
  Apply("node1");
  // The last word counts: a failure after the success closes it again.
  Run(Server::kNode1, "UPDATE t SET v = 'hotfix' WHERE id = 1");
  EXPECT_TRUE(Apply("node1", 3).Diagnoses("drift"));
  Closed("gate-not-applied");
}

TEST_F(Gate, IsNotOpenedByHalfAnApply) {
  WithConfig();
  Plan();
  Apply("node1", 0, {"--only", "data"});
  Closed("gate-not-applied");
  Apply("node1");
  Must({"verify-config", "--node", "node1", "--only", "data"});
  Closed("gate-no-verdict");
  Must({"verify-config", "--node", "node1"});
  Open();
}

TEST_F(Gate, WantsAVerdictWhereThereIsAFunctionalTest) {
  WithFunctionalTest();
  Plan();
  Apply("node1");
  Closed("gate-no-verdict");
  std::filesystem::remove(Path("test-passes"));
  const RunResult failed = Must({"verify-config", "--node", "node1"}, 6);
  EXPECT_TRUE(failed.Diagnoses("verification-failed"));
  EXPECT_TRUE(failed.Says("the bot is mute")) << failed.err;
  Closed("gate-verdict-failed");
  WriteText(Path("test-passes"), "");
  Must({"verify-config", "--node", "node1"});
  Open();
}

TEST_F(Gate, WantsAVerdictWhereThereAreConfigurationChecks) {
  WithConfig();
  Plan();
  Apply("node1");
  Closed("gate-no-verdict");
  std::filesystem::remove(Path("test-passes"));
  Must({"verify-config", "--node", "node1"}, 6);
  Closed("gate-verdict-failed");
  WriteText(Path("test-passes"), "");
  Must({"verify-config", "--node", "node1"});
  Open();
}

// What is killed while it takes back leaves the node in between, and says so beforehand.
TEST_F(Gate, IsClosedByARollbackThatWasKilled) {
  WithConfig();
  Plan();
  Apply("node1", 0, {"--verify"});
  SetVariable("SYNCGATE_FAULT", "config.replaced:1:kill");
  EXPECT_EQ(Step({"rollback", "--node", "node1"}).exit, 128 + 9);
  SetVariable("SYNCGATE_FAULT", std::nullopt);
  EXPECT_EQ(ReadText(Path("node1.env")), "BOT_ID=bot-old\n");
  Closed("gate-rolled-back");
  Must({"rollback", "--node", "node1"});
  Closed("gate-rolled-back");
  Apply("node1", 0, {"--verify"});
  Open();
}

TEST_F(Gate, IsClosedByAnApplyThatWasKilledWhileItTookBack) {
  WithConfig();
  Plan();
  Apply("node1", 0, {"--verify"});
  std::filesystem::remove(Path("test-passes"));
  SetVariable("SYNCGATE_FAULT", "config.replaced:1:kill");
  EXPECT_EQ(Step({"apply-node", "--node", "node1", "--verify"}).exit, 128 + 9);
  SetVariable("SYNCGATE_FAULT", std::nullopt);
  EXPECT_EQ(ReadText(Path("node1.env")), "BOT_ID=bot-old\n");
  Closed("gate-not-applied");
  WriteText(Path("test-passes"), "");
  Apply("node1", 0, {"--verify"});
  Open();
}

TEST_F(Gate, WantsTheVerdictOnTheLastApply) {
  WithFunctionalTest();
  Plan();
  Apply("node1", 0, {"--verify"});
  Must({"rollback", "--node", "node1"});
  Closed("gate-rolled-back");
  Apply("node1");
  Closed("gate-verdict-old");
  Must({"verify-config", "--node", "node1"});
  Open();
}

TEST_F(Gate, VerificationNoticesRowsThatChangedAfterwards) {
  WithFunctionalTest();
  Plan();
  Apply("node1");
  Run(Server::kNode1, "UPDATE t SET v = 'hotfix' WHERE id = 1");
  const RunResult result = Must({"verify-config", "--node", "node1"}, 6);
  EXPECT_TRUE(result.Says("t (id=1) is not")) << result.err;
  Closed("gate-verdict-failed");
}

TEST_F(Gate, OverriddenProceedsAndTheReceiptSaysWhy) {
  Plan();
  const RunResult result = Apply("node2", 0, {"--override-gate", "the night of the outage"});
  EXPECT_TRUE(result.Says("gate overridden (the night of the outage)")) << result.err;
  const std::string receipt = ReadText(Artifact("receipt-node2.json"));
  EXPECT_EQ(JsonText(receipt, "override_reason"), "the night of the outage");
  EXPECT_NE(receipt.find("gate-overridden"), std::string::npos);
  EXPECT_EQ(Dump(Server::kNode2, "t"), Dump(Server::kSource, "t"));
  EXPECT_EQ(Apply("node1", 64, {"--override-gate", ""}).exit, 64) << "a reason is wanted";
}

TEST_F(Gate, ATamperedReceiptIsNotOverridden) {
  Plan();
  Apply("node1");
  std::string receipt = ReadText(Artifact("receipt-node1.json"));
  receipt.replace(receipt.find("\"moved\": 3"), 10, "\"moved\": 2");
  WriteText(Artifact("receipt-node1.json"), receipt);
  Apply("node2", 65);
  Apply("node2", 65, {"--override-gate", "please"});
}

TEST_F(Gate, AStalePlanIsRefusedAndANewOneGoesThrough) {
  Plan();
  Apply("node1");
  Run(Server::kNode2, "UPDATE t SET v = 'hotfix' WHERE id = 1");
  const RunResult refused = Apply("node2", 3);
  EXPECT_TRUE(refused.Diagnoses("drift"));
  EXPECT_TRUE(refused.Says("t (id=1)")) << refused.err;
  EXPECT_EQ(Dump(Server::kNode2, "t"), "1|686F74666978|\n");

  Plan();
  Closed("gate-other-plan");
  const RunResult again = Apply("node1");
  EXPECT_TRUE(again.Says("nothing to do")) << again.err;
  Open();
  Must({"compare", "--artifacts", "after", "--detailed-exitcode"});
  // What was there before the second plan, the hotfix too, comes back.
  Must({"rollback", "--node", "node2"});
  EXPECT_EQ(Dump(Server::kNode2, "t"), "1|686F74666978|\n");
}

TEST_F(Gate, EveryStepTwiceIsTheSame) {
  Plan();
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Apply("node1").Says("nothing to do"), i == 1);
  EXPECT_TRUE(Apply("node1", 0, {"--detailed-exitcode"}).Says("nothing to do"));
  Open();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Must({"rollback", "--node", "node1"}).Says("nothing to take back"), i == 1);
  }
  EXPECT_EQ(Dump(Server::kNode1, "t"), "1|65696E73|\n");
}

}  // namespace
}  // namespace syncgate::test
