// SIGKILL at every point where a step can die: what is run next ends exactly where it should.
#include <csignal>
#include <set>

#include "fault/fault_test.h"

namespace syncgate::test {
namespace {

// Points within a batch are met on a node that is reached directly, for speed; the others on one
// behind SSH, with a configuration file.
struct Point {
  const char* name;
  const char* label;
  int times;  // reached in a run

  bool InBatch() const { return times > 1; }
};

constexpr Point kApplyPoints[] = {{"apply.locked", "Locked", kBatches},
                                  {"apply.written", "Written", kBatches},
                                  {"apply.journalled", "Journalled", kBatches},
                                  {"apply.committed", "Committed", kBatches},
                                  {"apply.between-batches", "BetweenBatches", kBatches},
                                  {"apply.data-done", "DataDone", 1},
                                  {"config.replaced", "ConfigReplaced", 1},
                                  {"apply.before-receipt", "BeforeReceipt", 1},
                                  {"apply.receipt-written", "ReceiptWritten", 1}};

constexpr Point kRollbackPoints[] = {{"apply.locked", "Locked", kBatches},
                                     {"apply.written", "Written", kBatches},
                                     {"apply.journalled", "Journalled", kBatches},
                                     {"apply.committed", "Committed", kBatches},
                                     {"config.replaced", "ConfigReplaced", 1},
                                     {"rollback.between-batches", "BetweenBatches", kBatches}};

std::set<int> FirstMiddleLast(const Point& point) {
  return {1, (point.times + 1) / 2, point.times};
}

std::string LabelOfPoint(const testing::TestParamInfo<Point>& info) { return info.param.label; }

void PrintTo(const Point& point, std::ostream* out) { *out << point.name; }

class KilledApply : public FaultTest, public testing::WithParamInterface<Point> {};

TEST_P(KilledApply, RunAgainEndsAsPlannedAndRollbackAsBefore) {
  if (!ready() || !Plan(!GetParam().InBatch(), !GetParam().InBatch())) return;
  for (const int number : FirstMiddleLast(GetParam())) {
    SCOPED_TRACE(number);
    FreshArtifacts();
    ASSERT_EQ(Apply(Fault(GetParam().name, number, "kill")).signal, SIGKILL);
    const auto again = Apply();
    ASSERT_EQ(again.exit_code, 0) << again.err;
    ExpectApplied();
    const auto back = Rollback();
    ASSERT_EQ(back.exit_code, 0) << back.err;
    ASSERT_TRUE(State() == before);
  }
}

TEST_P(KilledApply, RollbackAloneEndsAsBefore) {
  if (!ready() || !Plan(!GetParam().InBatch(), !GetParam().InBatch())) return;
  for (const int number : FirstMiddleLast(GetParam())) {
    SCOPED_TRACE(number);
    FreshArtifacts();
    ASSERT_EQ(Apply(Fault(GetParam().name, number, "kill")).signal, SIGKILL);
    const auto back = Rollback();
    ASSERT_EQ(back.exit_code, 0) << back.err;
    ASSERT_TRUE(State() == before);
  }
  // And the plan can still be applied afterwards.
  const auto again = Apply();
  ASSERT_EQ(again.exit_code, 0) << again.err;
  ExpectApplied();
  ASSERT_EQ(Rollback().exit_code, 0);
  ASSERT_TRUE(State() == before);
}

INSTANTIATE_TEST_SUITE_P(At, KilledApply, testing::ValuesIn(kApplyPoints), LabelOfPoint);

class KilledRollback : public FaultTest, public testing::WithParamInterface<Point> {};

TEST_P(KilledRollback, RunAgainEndsAsBefore) {
  if (!ready() || !Plan(!GetParam().InBatch(), !GetParam().InBatch())) return;
  for (const int number : FirstMiddleLast(GetParam())) {
    SCOPED_TRACE(number);
    FreshArtifacts();
    ASSERT_EQ(Apply().exit_code, 0);
    ASSERT_EQ(Rollback(Fault(GetParam().name, number, "kill")).signal, SIGKILL);
    const auto again = Rollback();
    ASSERT_EQ(again.exit_code, 0) << again.err;
    ASSERT_TRUE(State() == before);
    EXPECT_EQ(TargetState("receipt-node1-rollback.json"), "before");
  }
}

// After a rollback that died the way forward is open too.
TEST_P(KilledRollback, ApplyAgainEndsAsPlanned) {
  if (!ready() || !Plan(!GetParam().InBatch(), !GetParam().InBatch())) return;
  const int number = (GetParam().times + 1) / 2;
  ASSERT_EQ(Apply().exit_code, 0);
  ASSERT_EQ(Rollback(Fault(GetParam().name, number, "kill")).signal, SIGKILL);
  const auto again = Apply();
  ASSERT_EQ(again.exit_code, 0) << again.err;
  ExpectApplied();
  ASSERT_EQ(Rollback().exit_code, 0);
  ASSERT_TRUE(State() == before);
}

INSTANTIATE_TEST_SUITE_P(At, KilledRollback, testing::ValuesIn(kRollbackPoints), LabelOfPoint);

}  // namespace
}  // namespace syncgate::test
