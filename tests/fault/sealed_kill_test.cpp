// SIGKILL while the journal is encrypted: a run after it finds what was recorded, and rollback
// restores it.
#include <csignal>
#include <cstdlib>

#include "fault/fault_test.h"

namespace syncgate::test {
namespace {

class SealedKill : public FaultTest, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    ::setenv("SYNCGATE_ARTIFACT_KEY", (std::string(42, 'k') + "A=").c_str(), 1);
    FaultTest::SetUp();
  }
  void TearDown() override {
    FaultTest::TearDown();
    ::unsetenv("SYNCGATE_ARTIFACT_KEY");
  }
};

TEST_P(SealedKill, RunAgainEndsAsPlannedAndRollbackAsBefore) {
  if (!ready() || !Plan(false, false)) return;
  for (const int number : {1, kBatches / 2, kBatches}) {
    SCOPED_TRACE(number);
    FreshArtifacts();
    ASSERT_EQ(Apply(Fault(GetParam(), number, "kill")).signal, SIGKILL);
    // A rollback of the killed run alone, with no receipt, in another copy of the artifacts.
    const auto audited = Step({"audit"});
    EXPECT_EQ(audited.exit_code, 0) << audited.out;
    const auto back_at_once = Rollback();
    ASSERT_EQ(back_at_once.exit_code, 0) << back_at_once.err;
    ASSERT_TRUE(State() == before);
    ASSERT_EQ(Apply(Fault(GetParam(), number, "kill")).signal, SIGKILL);
    const auto again = Apply();
    ASSERT_EQ(again.exit_code, 0) << again.err;
    ExpectApplied();
    const auto back = Rollback();
    ASSERT_EQ(back.exit_code, 0) << back.err;
    ASSERT_TRUE(State() == before);
    EXPECT_EQ(Step({"audit"}).exit_code, 0);
  }
}
INSTANTIATE_TEST_SUITE_P(Points, SealedKill,
                         testing::Values("apply.written", "apply.journalled", "apply.committed"),
                         [](const auto& point) {
                           return std::string(point.param).substr(6) + "Killed";
                         });

}  // namespace
}  // namespace syncgate::test
