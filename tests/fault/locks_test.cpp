// Beside the application: rows of others are waited for within bounds, and nobody waits for us.
#include <chrono>
#include <thread>

#include "fault/fault_test.h"

namespace syncgate::test {
namespace {

class Locks : public FaultTest {
 protected:
  // A session of the application that has changed a row and not yet committed.
  std::unique_ptr<MysqlSession> Hold(const std::string& sql) const {
    auto session = Connect(Server::kNode1, Account::kAdmin);
    EXPECT_TRUE(session->Execute("START TRANSACTION"));
    EXPECT_TRUE(session->Execute(sql));
    return session;
  }
};

TEST_F(Locks, ARowThatStaysLockedEndsInTryLater) {
  if (!ready() || !Plan(true)) return;
  const auto other = Hold("UPDATE rules SET hits = hits + 1 WHERE id = 600");
  const auto applied = Apply();
  EXPECT_EQ(applied.exit_code, 75) << applied.err;
  EXPECT_TRUE(applied.Says("rows-locked"));
  EXPECT_LT(applied.seconds, 60);
  EXPECT_EQ(TargetState(), "before");
  other->Rollback();
  EXPECT_TRUE(State() == before);
  const auto again = Apply();
  ASSERT_EQ(again.exit_code, 0) << again.err;
  ExpectApplied();
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

TEST_F(Locks, ARowThatIsLetGoInTimeIsWaitedFor) {
  if (!ready() || !Plan(false, false)) return;
  const auto other = Hold("UPDATE rules SET hits = hits + 1 WHERE id = 600");
  auto apply = Start({"apply-node", "--node", "node1"});
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  ASSERT_TRUE(other->Commit());
  const auto applied = apply.Wait();
  EXPECT_EQ(applied.exit_code, 0) << applied.err;
  ExpectApplied();
  EXPECT_EQ(Client(Server::kNode1, "SELECT hits FROM rules WHERE id = 600"),
            std::to_string(600 % 97 + 1) + "\n");
}

// Another session inserted, and has not committed, a row that we are to insert.
TEST_F(Locks, ARowThatOthersAreInsertingEndsInTryLaterOrDrift) {
  if (!ready() || !Plan(false, false)) return;
  const auto other =
      Hold("INSERT INTO rules (id, name, weight, hits) VALUES (2042, 'foreign', 1, 1)");
  const auto applied = Apply();
  EXPECT_EQ(applied.exit_code, 75) << applied.err;
  EXPECT_TRUE(applied.Says("rows-locked"));
  EXPECT_LT(applied.seconds, 60);
  EXPECT_EQ(TargetState(), "before");
  other->Rollback();
  EXPECT_TRUE(State() == before);
}

// No statement of ours walks the table: rows that are not in the plan may be locked for ever.
TEST_F(Locks, RowsOutsideThePlanThatOthersHoldAreNotMet) {
  if (!ready() || !Plan(false, false)) return;
  const auto other = Hold("UPDATE rules SET hits = hits WHERE id IN (701, 1500, 2000)");
  ASSERT_TRUE(other->Execute("DELETE FROM links WHERE rule_id IN (601, 900)"));
  const auto applied = Apply();
  ASSERT_EQ(applied.exit_code, 0) << applied.err;
  const auto back = Rollback();
  ASSERT_EQ(back.exit_code, 0) << back.err;
  other->Rollback();
  EXPECT_TRUE(State() == before);
}

TEST_F(Locks, WhileABatchIsOpenOthersWriteOtherRows) {
  if (!ready() || !Plan(false, false)) return;
  // Fails, and with it the step, when it has to wait.
  const std::string beside =
      "SET innodb_lock_wait_timeout = 1, lock_wait_timeout = 1;"
      "START TRANSACTION;"
      "UPDATE rules SET hits = hits + 1 WHERE id = 1500;"
      "UPDATE links SET label = 'beside' WHERE rule_id = 900;"
      "INSERT INTO rules (id, name) VALUES (2900, 'beside'), (3900, 'beside'), (-1, 'beside');"
      "INSERT INTO links VALUES (1500, 'beside', 'beside'), (2500, 'beside', 'beside');"
      "DELETE FROM links WHERE rule_id = 901;"
      "ROLLBACK;";
  for (const auto& [table, kind] : {std::pair{"rules", "delete"},
                                    {"rules", "update"},
                                    {"rules", "insert"},
                                    {"links", "update"},
                                    {"links", "insert"}}) {
    SCOPED_TRACE(std::string(table) + " " + kind);
    FreshArtifacts();
    const auto applied =
        Apply(Fault("apply.written", BatchOf(table, kind), Sql(Server::kNode1, beside)));
    ASSERT_EQ(applied.exit_code, 0) << applied.err << " signal " << applied.signal;
    ASSERT_EQ(Rollback().exit_code, 0);
    ASSERT_TRUE(State() == before);
  }
}

TEST_F(Locks, TwoAppliesAtOnce) {
  if (!ready() || !Plan(false, false)) return;
  // Another copy of the artifacts: what keeps the second out is the lock on the server.
  const std::string second = std::string(
      "cp -r as-planned elsewhere && { unset SYNCGATE_FAULT; \"$APPLY\" --node node1 "
      "--artifacts elsewhere > second.log 2>&1; echo $? > second.code; true; }");
  auto environment = Fault("apply.locked", 3, second);
  environment["APPLY"] = std::string(SYNCGATE_BIN_DIR) + "/apply-node";
  const auto applied = Apply(environment);
  ASSERT_EQ(applied.exit_code, 0) << applied.err;
  ExpectApplied();
  EXPECT_EQ(ReadText("second.code"), "75\n");
  EXPECT_NE(ReadText("second.log").find("[node-locked]"), std::string::npos)
      << ReadText("second.log");
}

// The same directory: the second is kept out before it touches anything.
TEST_F(Locks, TwoAppliesAtOnceOnTheSameArtifacts) {
  if (!ready() || !Plan(false, false)) return;
  auto environment = Fault("apply.locked", 3,
                           "{ unset SYNCGATE_FAULT; \"$APPLY\" --node node1 > second.log 2>&1; "
                           "echo $? > second.code; true; }");
  environment["APPLY"] = std::string(SYNCGATE_BIN_DIR) + "/apply-node";
  const auto applied = Apply(environment);
  ASSERT_EQ(applied.exit_code, 0) << applied.err;
  ExpectApplied();
  EXPECT_EQ(ReadText("second.code"), "75\n");
}

}  // namespace
}  // namespace syncgate::test
