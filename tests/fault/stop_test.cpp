// SIGTERM and SIGINT: a clean stop between two batches, and the receipt says so.
#include <chrono>
#include <csignal>
#include <thread>

#include "fault/fault_test.h"

namespace syncgate::test {
namespace {

class Stopped : public FaultTest {};

TEST_F(Stopped, TermBetweenBatches) {
  if (!ready() || !Plan(true)) return;
  const auto stopped = Apply(Fault("apply.between-batches", 4, "term"));
  EXPECT_EQ(stopped.exit_code, 143) << stopped.err;
  EXPECT_EQ(TargetState(), "partial");
  EXPECT_EQ(ReadArtifact("receipt-node1.json").at("result").as_string(), "interrupted");
  EXPECT_EQ(ReadArtifact("receipt-node1.json").at("batches_done").to_number<int>(), 4);
  const auto again = Apply();
  ASSERT_EQ(again.exit_code, 0) << again.err;
  ExpectApplied();
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

TEST_F(Stopped, TermThenRollback) {
  if (!ready() || !Plan(true)) return;
  ASSERT_EQ(Apply(Fault("apply.journalled", 5, "term")).exit_code, 143);
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

TEST_F(Stopped, TermBeforeTheFirstWriteLeavesTheNodeAsItWas) {
  if (!ready() || !Plan(true)) return;
  ASSERT_EQ(Rollback().exit_code, 65);  // nothing was applied yet: no journal
  // A row held by another session keeps the first batch from starting.
  const auto other = Connect(Server::kNode1, Account::kAdmin);
  ASSERT_TRUE(other->Execute("START TRANSACTION"));
  ASSERT_TRUE(other->Execute("UPDATE rules SET hits = 1 WHERE id = 3"));
  auto apply = Start({"apply-node", "--node", "node1"});
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  apply.Signal(SIGINT);
  const auto stopped = apply.Wait();
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_EQ(TargetState(), "before");
  other->Rollback();
  EXPECT_TRUE(State() == before);
}

TEST_F(Stopped, IntWhileWaitingAfterSomeBatches) {
  if (!ready() || !Plan(true)) return;
  const auto other = Connect(Server::kNode1, Account::kAdmin);
  ASSERT_TRUE(other->Execute("START TRANSACTION"));
  ASSERT_TRUE(other->Execute("UPDATE rules SET hits = 1 WHERE id = 3001"));  // of a later batch
  auto apply =
      Start({"apply-node", "--node", "node1"}, Fault("apply.between-batches", 3, "touch reached"));
  while (!apply.HasEnded() && !Exists("reached"))
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  apply.Signal(SIGINT);
  const auto stopped = apply.Wait();
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_EQ(TargetState(), "partial");
  other->Rollback();
  const auto again = Apply();
  ASSERT_EQ(again.exit_code, 0) << again.err;
  ExpectApplied();
}

TEST_F(Stopped, RollbackStoppedBetweenBatches) {
  if (!ready() || !Plan(true)) return;
  ASSERT_EQ(Apply().exit_code, 0);
  const auto stopped = Rollback(Fault("rollback.between-batches", 4, "term"));
  EXPECT_EQ(stopped.exit_code, 143) << stopped.err;
  EXPECT_EQ(TargetState("receipt-node1-rollback.json"), "partial");
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

}  // namespace
}  // namespace syncgate::test
