// Connections that end in the middle: the run connects again, looks, and ends right.
#include "fault/answer_eater.h"
#include "fault/fault_test.h"

namespace syncgate::test {
namespace {

struct Loss {
  const char* label;
  const char* point;
  int number;
  bool tunnel;  // the SSH connection goes, not the database's
};

void PrintTo(const Loss& loss, std::ostream* out) { *out << loss.label; }

class LostConnection : public FaultTest, public testing::WithParamInterface<Loss> {
 protected:
  std::string Action() const {
    if (!GetParam().tunnel) return KillConnections();
    return "pkill -KILL -P " + sandbox().Env(Server::kNode1, "SSH_PID");
  }
};

TEST_P(LostConnection, ApplyEndsRight) {
  if (!ready() || !Plan()) return;
  const auto applied = Apply(Fault(GetParam().point, GetParam().number, Action()));
  ASSERT_EQ(applied.exit_code, 0) << applied.err;
  ExpectApplied();
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

TEST_P(LostConnection, RollbackEndsRight) {
  if (!ready() || !Plan()) return;
  ASSERT_EQ(Apply().exit_code, 0);
  const auto back = Rollback(Fault(GetParam().point, GetParam().number, Action()));
  ASSERT_EQ(back.exit_code, 0) << back.err;
  EXPECT_TRUE(State() == before);
}

std::string LabelOfLoss(const testing::TestParamInfo<Loss>& info) { return info.param.label; }

INSTANTIATE_TEST_SUITE_P(At, LostConnection,
                         testing::Values(Loss{"Locked", "apply.locked", 3, false},
                                         Loss{"Written", "apply.written", 5, false},
                                         Loss{"BeforeCommit", "apply.journalled", 4, false},
                                         Loss{"AfterCommit", "apply.committed", 6, false},
                                         Loss{"TunnelBeforeCommit", "apply.journalled", 4, true},
                                         Loss{"TunnelAfterCommit", "apply.committed", 4, true}),
                         LabelOfLoss);

// COMMIT reaches the server and takes effect, and its answer never comes back.
class LostAnswer : public FaultTest {
 protected:
  // node1 through the proxy.
  bool PlanThrough(const AnswerEater& proxy) {
    if (!Plan(false, false)) return false;
    std::string yaml = ReadText("syncgate.yml");
    const std::string port = "port: " + sandbox().Env(Server::kNode1, "PORT");
    yaml.replace(yaml.find(port), port.size(), "port: " + std::to_string(proxy.port()));
    WriteFile("syncgate.yml", yaml);
    EXPECT_EQ(Step({"compare", "--node", "node1"}).exit_code, 0);
    EXPECT_EQ(Step({"generate-sql"}).exit_code, 0);
    return !HasFailure();
  }
};

TEST_F(LostAnswer, OfCommitInApply) {
  if (!ready()) return;
  AnswerEater proxy(sandbox().Env(Server::kNode1, "PORT"),
                    "\x03"
                    "COMMIT");
  if (!PlanThrough(proxy)) return;
  proxy.EatFrom(3);
  const auto applied = Apply();
  ASSERT_EQ(applied.exit_code, 0) << applied.err;
  EXPECT_EQ(proxy.eaten(), 1);
  ExpectApplied();  // every row counts as moved: the journal knew before COMMIT
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

TEST_F(LostAnswer, OfCommitInRollback) {
  if (!ready()) return;
  AnswerEater proxy(sandbox().Env(Server::kNode1, "PORT"),
                    "\x03"
                    "COMMIT");
  if (!PlanThrough(proxy)) return;
  ASSERT_EQ(Apply().exit_code, 0);
  proxy.EatFrom(3);
  const auto back = Rollback();
  ASSERT_EQ(back.exit_code, 0) << back.err;
  EXPECT_EQ(proxy.eaten(), 1);
  EXPECT_TRUE(State() == before);
}

// The node never comes back in time: nothing is claimed, and the next run ends right.
TEST_F(LostAnswer, AndTheNodeStaysAway) {
  if (!ready()) return;
  AnswerEater proxy(sandbox().Env(Server::kNode1, "PORT"),
                    "\x03"
                    "COMMIT");
  if (!PlanThrough(proxy)) return;
  proxy.EatFrom(3, /*stay_away=*/true);
  const auto applied = Apply();
  EXPECT_EQ(applied.exit_code, 5) << applied.err;
  EXPECT_EQ(TargetState(), "unknown");
  proxy.ComeBack();
  ASSERT_EQ(Apply().exit_code, 0);
  ExpectApplied();
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

}  // namespace
}  // namespace syncgate::test
