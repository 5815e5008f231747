// What the receipt of a rollback says where the rollback did not go through.
#include "fixture.h"

namespace syncgate::test {
namespace {

constexpr const char* kReceipt = "receipt-node1-rollback.json";

class ConfigTruth : public ConfigPlanned {
 protected:
  bool ReceiptSays(const std::string& what) const {
    return ReadText(Path(std::string("syncgate-artifacts/") + kReceipt)).find(what) !=
           std::string::npos;
  }
};

TEST_F(ConfigTruth, WhatWasOnlyLookedAtIsNotRestored) {
  ASSERT_EQ(Apply().exit, 0);
  Shell("echo MORE=1 >>" + Node("a.env"));  // b.env comes first, and could go back
  const StepEnd back = Rollback();
  EXPECT_EQ(back.exit, 3) << back.text;
  EXPECT_EQ(ReadText(Node("b.env")), New("b"));
  EXPECT_FALSE(ReceiptSays("\"restored\""));
  EXPECT_EQ(InReceipt("target_state", kReceipt), "after");
}

TEST_F(ConfigTruth, WhatTheRunDidNotComeToIsNotRestored) {
  ASSERT_EQ(Apply().exit, 0);
  const StepEnd back =
      Rollback("--auto-restart", Fault("config.temporary:1:echo MORE=1 >" + Node("b.env") +
                                       "; mkdir " + Node("b.env.d") + "; rm " + Node("b.env") +
                                       "; mv -T " + Node("b.env.d") + " " + Node("b.env")));
  EXPECT_NE(back.exit, 0) << back.text;
  EXPECT_EQ(ReadText(Node("a.env")), New("a"));
  EXPECT_FALSE(ReceiptSays("\"restored\""));
}

TEST_F(ConfigTruth, AFileThatIsOverwrittenMeanwhileIsNoMoreAsTheApplyLeftIt) {
  ASSERT_EQ(Apply().exit, 0);
  const StepEnd back =
      Rollback("--auto-restart", Fault("config.renamed:1:echo THEIRS=1 >" + Node("b.env")));
  EXPECT_EQ(back.exit, 4) << back.text;
  EXPECT_TRUE(back.Says("config-overwritten")) << back.text;
  EXPECT_EQ(InReceipt("target_state", kReceipt), "partial");
  EXPECT_EQ(ReadText(Node("b.env")), "THEIRS=1\n");
  EXPECT_EQ(ReadText(Node("a.env")), New("a"));
}

TEST_F(ConfigTruth, ARefusedRollbackOfHalfAPlanSaysHalf) {
  ASSERT_EQ(
      Apply("--on-failure keep", Fault("config.replaced:1:echo MORE=1 >>" + Node("b.env"))).exit,
      4);
  ASSERT_EQ(InReceipt("target_state"), "partial");
  Shell("echo MORE=1 >>" + Node("a.env"));
  EXPECT_EQ(Rollback().exit, 3);
  EXPECT_EQ(InReceipt("target_state", kReceipt), "partial");
}

TEST_F(ConfigTruth, ASecondRollbackThatFailsFindsTheNodeAsTheFirstLeftIt) {
  ASSERT_EQ(Apply().exit, 0);
  ASSERT_EQ(Rollback().exit, 0);
  const StepEnd back = Rollback("--auto-restart", Fault("rollback.begun:1:term"));
  EXPECT_EQ(back.exit, 143) << back.text;
  EXPECT_EQ(InReceipt("target_state", kReceipt), "before");
}

}  // namespace
}  // namespace syncgate::test
