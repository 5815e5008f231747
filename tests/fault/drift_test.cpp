// Somebody else changes rows that the plan is about: their change is never overwritten.
#include "fault/fault_test.h"

namespace syncgate::test {
namespace {

constexpr char kForeign[] = "UPDATE links SET label = 'foreign' WHERE rule_id = 5";
constexpr char kRestore[] = "UPDATE links SET label = 'old 5' WHERE rule_id = 5";
constexpr char kLabel[] = "SELECT label FROM links WHERE rule_id = 5";

class Drift : public FaultTest {};

TEST_F(Drift, BetweenCompareAndApplyNothingIsWritten) {
  if (!ready() || !Plan(true)) return;
  Client(Server::kNode1, kForeign);
  const std::string drifted = State();
  const auto applied = Apply();
  EXPECT_EQ(applied.exit_code, 3);
  EXPECT_TRUE(applied.Says("drift"));
  EXPECT_NE(applied.err.find("links (rule_id=5, tag=标签)"), std::string::npos) << applied.err;
  EXPECT_TRUE(State() == drifted);
  const auto receipt = ReadArtifact("receipt-node1.json");
  EXPECT_EQ(receipt.at("result").as_string(), "refused");
  EXPECT_EQ(receipt.at("target_state").as_string(), "before");
  EXPECT_EQ(receipt.at("drifted").to_number<int>(), 1);
  EXPECT_EQ(receipt.at("moved").to_number<int>(), 0);
  EXPECT_NE(ReceiptText().find("links (rule_id=5, tag=标签)"), std::string::npos);
  EXPECT_EQ(receipt.at("diagnostics").at(0).at("code").as_string(), "drift");
}

TEST_F(Drift, DryRunSaysSoAndWritesNothing) {
  if (!ready() || !Plan(false, false)) return;
  Client(Server::kNode1, "DELETE FROM rules WHERE id = 3");
  const std::string drifted = State();
  const auto applied = Apply({}, {"--dry-run"});
  EXPECT_EQ(applied.exit_code, 3) << applied.err;
  EXPECT_NE(applied.err.find("rules (id=3)"), std::string::npos) << applied.err;
  EXPECT_TRUE(State() == drifted);
  EXPECT_FALSE(Exists("syncgate-artifacts/receipt-node1.json"));
}

TEST_F(Drift, UnderLockTakesBackTheBatchesBefore) {
  if (!ready() || !Plan(true)) return;
  const auto applied = Apply(Fault("apply.between-batches", 2, Sql(Server::kNode1, kForeign)));
  EXPECT_EQ(applied.exit_code, 3) << applied.err;
  EXPECT_TRUE(applied.Says("drift"));
  EXPECT_EQ(TargetState(), "before");
  EXPECT_EQ(Client(Server::kNode1, kLabel), "foreign\n");
  Client(Server::kNode1, kRestore);
  EXPECT_TRUE(State() == before);
}

TEST_F(Drift, KeepLeavesTheBatchesBeforeAndTheNextRunGoesOn) {
  if (!ready() || !Plan(true)) return;
  const auto applied = Apply(Fault("apply.between-batches", 2, Sql(Server::kNode1, kForeign)),
                             {"--on-failure", "keep"});
  EXPECT_EQ(applied.exit_code, 4) << applied.err;
  EXPECT_EQ(TargetState(), "partial");
  EXPECT_EQ(Client(Server::kNode1, kLabel), "foreign\n");
  EXPECT_FALSE(State() == before);
  Client(Server::kNode1, kRestore);
  const auto again = Apply();
  ASSERT_EQ(again.exit_code, 0) << again.err;
  ExpectApplied();
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

TEST_F(Drift, ARowInsertedBetweenLookAndInsertIsNotOverwritten) {
  if (!ready() || !Plan(false, false)) return;
  const std::string insert =
      "INSERT INTO rules (id, name, weight, hits) VALUES (2042, 'foreign', 1.5, 7)";
  const auto applied =
      Apply(Fault("apply.locked", BatchOf("rules", "insert"), Sql(Server::kNode1, insert)));
  EXPECT_EQ(applied.exit_code, 3) << applied.err;
  EXPECT_NE(applied.err.find("rules (id=2042)"), std::string::npos) << applied.err;
  EXPECT_EQ(TargetState(), "before");
  EXPECT_EQ(Client(Server::kNode1, "SELECT name, weight, hits FROM rules WHERE id = 2042"),
            "foreign\t1.5000\t7\n");
  Client(Server::kNode1, "DELETE FROM rules WHERE id = 2042");
  EXPECT_TRUE(State() == before);
}

// The same row, by chance as planned: not ours, so rollback leaves it.
TEST_F(Drift, ARowThatOthersInsertedAsPlannedStaysTheirs) {
  if (!ready() || !Plan(false, false)) return;
  const std::string row =
      Client(Server::kSource,
             "SELECT CONCAT('INSERT INTO rules (id, name, weight, hits) VALUES "
             "(', id, ', ''', name, ''', ', weight, ', 7)') FROM rules WHERE id = 2042");
  const auto applied =
      Apply(Fault("apply.locked", BatchOf("rules", "insert"), Sql(Server::kNode1, row)));
  ASSERT_EQ(applied.exit_code, 0) << applied.err;
  ExpectApplied(kChanges - 1, 1);
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_EQ(Client(Server::kNode1, "SELECT hits FROM rules WHERE id = 2042"), "7\n");
  Client(Server::kNode1, "DELETE FROM rules WHERE id = 2042");
  EXPECT_TRUE(State() == before);
}

TEST_F(Drift, RollbackRefusesWhatSomebodyChangedSince) {
  if (!ready() || !Plan(true)) return;
  ASSERT_EQ(Apply().exit_code, 0);
  Client(Server::kNode1, kForeign);
  const std::string drifted = State();
  const auto back = Rollback();
  EXPECT_EQ(back.exit_code, 3) << back.err;
  EXPECT_TRUE(back.Says("drift"));
  EXPECT_NE(back.err.find("links (rule_id=5"), std::string::npos) << back.err;
  EXPECT_TRUE(State() == drifted);
  EXPECT_EQ(TargetState("receipt-node1-rollback.json"), "after");
}

TEST_F(Drift, AColumnThatIsIgnoredIsNoDrift) {
  if (!ready() || !Plan(false, false)) return;
  Client(Server::kNode1, "UPDATE rules SET hits = hits + 1000 WHERE id <= 10");
  const std::string counted = State();
  ASSERT_EQ(Apply().exit_code, 0);
  ExpectApplied();
  EXPECT_EQ(Client(Server::kNode1, "SELECT COUNT(*) FROM rules WHERE hits >= 1000"), "10\n");
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == counted);
}

}  // namespace
}  // namespace syncgate::test
