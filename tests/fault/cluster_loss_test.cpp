// A member of a real cluster is lost at the worst moment: between the journal and the answer to
// COMMIT.
#include "fault/cluster_test.h"

namespace syncgate::test {
namespace {

class FullClusterNode : public ClusterTest {};

// The other member stops before COMMIT is sent, and wakes up when this one has been thrown out: it
// then carries out what this one has called failed. Measured on both kinds of cluster.
TEST_F(FullClusterNode, ACommitThatFailedHereAndTookEffectThere) {
  if (!ready() || !Plan(false, false)) return;
  if (!IsMySql()) OnB("SET GLOBAL wsrep_provider_options = 'pc.weight=2'");
  const std::string b = std::to_string(cluster().pid("b"));
  const std::string asleep = IsMySql() ? "16" : "9";
  const auto applied = Apply(Fault(
      "apply.journalled", 4,
      "kill -STOP " + b + "; { sleep " + asleep + "; kill -CONT " + b + "; } > /dev/null 2>&1 &"));
  ASSERT_EQ(applied.exit_code, 0) << applied.err;
  EXPECT_NE(applied.err.find("COMMIT was not answered as it should be"), std::string::npos)
      << applied.err;
  ExpectApplied();
  EXPECT_EQ(OnB("SELECT COUNT(*) FROM links WHERE label LIKE 'old%'"), "0\n");
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

TEST_F(FullClusterNode, AMemberThatIsKilledAndStaysAway) {
  if (!ready() || !Plan(false, false)) return;
  const auto applied =
      Apply(Fault("apply.journalled", 4, "kill -KILL " + std::to_string(cluster().pid("a"))));
  EXPECT_EQ(applied.exit_code, 5) << applied.err;
  EXPECT_EQ(TargetState(), "unknown");
  cluster().Kill("a");
  cluster().Start("a", IsMySql());
  const auto again = Apply();
  ASSERT_EQ(again.exit_code, 0) << again.err;
  ExpectApplied();
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

// A balancer leads the new connection to another member: the lock there proves nothing of the
// session that sent COMMIT, so nothing is claimed.
TEST_F(FullClusterNode, AnotherMemberAnswersForTheOneThatWasLost) {
  if (!ready()) return;
  AnswerEater proxy(sandbox().Env(Server::kNode1, "PORT"),
                    "\x03"
                    "COMMIT");
  if (!PlanThrough(proxy)) return;
  proxy.MoveWhenEatenTo(OtherPort());
  proxy.EatFrom(3);
  const auto applied = Apply();
  EXPECT_EQ(applied.exit_code, 5) << applied.err;
  EXPECT_EQ(proxy.eaten(), 1);
  EXPECT_NE(applied.err.find("another server answers"), std::string::npos) << applied.err;
  EXPECT_EQ(TargetState(), "unknown");
  const auto again = Apply();
  ASSERT_EQ(again.exit_code, 0) << again.err;
  ExpectApplied();
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

}  // namespace
}  // namespace syncgate::test
