// SIGTERM at every stage of apply and rollback.
#include <chrono>

#include "fixture.h"

namespace syncgate::test {
namespace {

class ConfigStopped : public ConfigFault {
 protected:
  void SetUp() override {
    ConfigFault::SetUp();
    StartSshd();
  }
};

TEST_F(ConfigStopped, WhateverTheStageARollbackTakesAllBack) {
  WriteProject("validate: [test, -f, '%s']\n    " + Service());
  ASSERT_TRUE(Plan());
  const std::string receipt = "receipt-node1-rollback.json";
  for (const std::string point :
       {"config.validated:1", "config.backed-up:1", "config.journalled:1", "config.temporary:2",
        "config.replaced:1", "config.replaced:2", "config.restarted:1", "config.restarted:2",
        "apply.data-done:1", "apply.before-receipt:1"}) {
    SCOPED_TRACE(point);
    const StepEnd applied = Apply("--auto-restart --verify", Fault(point + ":term"));
    EXPECT_EQ(applied.exit, 143) << applied.text;
    const bool untouched = ReadText(Node("a.env")) == Old("a");
    EXPECT_EQ(InReceipt("target_state"), untouched ? "before" : "partial");
    EXPECT_EQ(Leftovers(), std::vector<std::string>());
    const StepEnd stopped = Rollback("--auto-restart", Fault(point + ":term"));
    EXPECT_TRUE(stopped.exit == 143 || stopped.exit == 0) << stopped.text;
    EXPECT_EQ(InReceipt("target_state", receipt), "before") << stopped.text;
    ExpectOld();
    const StepEnd back = Rollback();
    EXPECT_EQ(back.exit, 0) << back.text;
    ExpectOld();
    for (const std::string name : {"a", "b"}) EXPECT_EQ(Running(name), Old(name));
  }
}

// A restart that hangs does not hold up a job that is stopped: what the node is like is on record.
TEST_F(ConfigStopped, ARestartThatHangsIsNotWaitedForWhenTheRunIsStopped) {
  WriteProject("restart: [sh, -c, 'grep -q good-old NODE/NAME.env || exec sleep 60']");
  ASSERT_TRUE(Plan());
  const auto begun = std::chrono::steady_clock::now();
  const StepEnd applied =
      Apply("--auto-restart", Fault("config.replaced:2:( sleep 1; kill -TERM $PPID ) &"));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  EXPECT_EQ(applied.exit, 143) << applied.text;
  EXPECT_EQ(InReceipt("target_state"), "partial");
  ExpectNew();
  const StepEnd back = Rollback();
  EXPECT_EQ(back.exit, 0) << back.text;
  ExpectOld();
}

// The same on this machine, and of a validate command, whose file does not stay.
TEST_F(ConfigStopped, NeitherIsAValidateThatHangsNorAnythingOnThisMachine) {
  for (const bool ssh : {true, false}) {
    for (const bool validate : {true, false}) {
      SCOPED_TRACE(std::string(ssh ? "ssh" : "local") + (validate ? ", validate" : ", restart"));
      WriteProject(validate
                       ? "validate: [sh, -c, '( sleep 1; kill -TERM $(cat NODE.pid) ) & exec sleep "
                         "60', sh, '%s']"
                       : "restart: [sh, -c, 'grep -q good-old NODE/NAME.env && exit; ( sleep 1; "
                         "kill -TERM $(cat NODE.pid) ) & exec sleep 60']",
                   0, ssh);
      ASSERT_TRUE(Plan());
      const auto begun = std::chrono::steady_clock::now();
      const StepEnd applied =
          Apply("--auto-restart", "sh -c 'echo $$ >" + Path("node.pid") + "; exec \"$@\"' sh");
      EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
      EXPECT_EQ(applied.exit, 143) << applied.text;
      EXPECT_EQ(InReceipt("target_state"), validate ? "before" : "partial");
      EXPECT_EQ(Leftovers(), std::vector<std::string>());
      const StepEnd back = Rollback();
      EXPECT_EQ(back.exit, 0) << back.text;
      ExpectOld();
    }
  }
}

}  // namespace
}  // namespace syncgate::test
