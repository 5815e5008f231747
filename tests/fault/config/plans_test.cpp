// Several plans for one file, and what a plan that failed leaves to the next one.
#include <filesystem>

#include "fixture.h"

namespace syncgate::test {
namespace fs = std::filesystem;
namespace {

class ConfigPlans : public ConfigPlanned {};

TEST_F(ConfigPlans, WhatAFailedRunOnlyBackedUpIsNotItsToTakeBack) {
  const StepEnd failed =
      Apply("--auto-restart", Fault("config.validated:2:echo MORE=1 >>" + Node("b.env")));
  ASSERT_EQ(failed.exit, 3) << failed.text;
  EXPECT_EQ(InReceipt("target_state"), "before");
  EXPECT_TRUE(Backups().empty());
  fs::rename(Path("syncgate-artifacts"), Path("first"));
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply().exit, 0);
  const StepEnd back = Rollback("--auto-restart --artifacts first");
  EXPECT_EQ(back.exit, 0) << back.text;
  EXPECT_EQ(ReadText(Node("a.env")), New("a")) << "the second plan's";
  const StepEnd second = Rollback();
  EXPECT_EQ(second.exit, 0) << second.text;
  EXPECT_EQ(ReadText(Node("a.env")), Old("a"));
}

TEST_F(ConfigPlans, TheBackupOfAnEarlierRunStaysWhereALaterOneFails) {
  ASSERT_EQ(Apply().exit, 0);
  ASSERT_EQ(Rollback().exit, 0);
  ASSERT_EQ(
      Apply("--auto-restart", Fault("config.validated:2:echo MORE=1 >>" + Node("b.env"))).exit, 3);
  EXPECT_EQ(Backups().size(), 2U);
}

// The killed run's journal was lost with its machine; an earlier run's is there, and has no word.
TEST_F(ConfigPlans, AServiceThatALostRunDidNotRestartIsRestarted) {
  ASSERT_EQ(
      Apply("--auto-restart", Fault("config.validated:2:echo MORE=1 >>" + Node("b.env"))).exit, 3);
  WriteText(Node("b.env"), Old("b"));
  Shell("cp -a " + Path("syncgate-artifacts") + " " + Path("lost"));
  ASSERT_EQ(Apply("--auto-restart --artifacts lost", Fault("config.replaced:2:kill")).exit, 137);
  ASSERT_EQ(ReadText(Node("b.env")), New("b"));
  const StepEnd applied = Apply();
  ASSERT_EQ(applied.exit, 0) << applied.text;
  for (const std::string name : {"a", "b"}) EXPECT_EQ(Running(name), New(name));
}

// The backup says that it was this plan that moved the file.
TEST_F(ConfigPlans, WithTheJournalLostARunThatFailsDoesNotSayBefore) {
  ASSERT_EQ(Apply().exit, 0);
  fs::remove_all(Path("syncgate-artifacts/journal"));
  fs::remove(Path("syncgate-artifacts/receipt-node1.json"));
  Shell("echo MORE=1 >>" + Node("b.env"));
  EXPECT_EQ(Apply().exit, 3);
  EXPECT_EQ(InReceipt("target_state"), "partial");
  EXPECT_EQ(Rollback().exit, 3);
  EXPECT_EQ(InReceipt("target_state", "receipt-node1-rollback.json"), "partial");
  EXPECT_EQ(ReadText(Node("a.env")), New("a"));
}

// Each plan is taken back only from where it led to.
TEST_F(ConfigPlans, AnEarlierPlanWaitsForTheLaterOneToGo) {
  ASSERT_EQ(Apply().exit, 0);
  fs::rename(Path("syncgate-artifacts"), Path("first"));
  value = "good-newer";
  WriteProject(Service());
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply().exit, 0);
  for (const std::string step : {"rollback", "apply-node"}) {
    const StepEnd refused = Step(step + " --node node1 --auto-restart --artifacts first");
    EXPECT_EQ(refused.exit, 3) << refused.text;
    EXPECT_TRUE(refused.Says("config-drift")) << refused.text;
  }
  ExpectNew();
  ASSERT_EQ(Rollback().exit, 0);
  const StepEnd back = Rollback("--auto-restart --artifacts first");
  EXPECT_EQ(back.exit, 0) << back.text;
  ExpectOld();
  EXPECT_EQ(Running("a"), Old("a"));
}

// Two copies of the artifacts, each with a journal: whose run moved the file takes it back.
TEST_F(ConfigPlans, WhatOtherArtifactsMovedAgainIsLeftToThemAndThatIsSaid) {
  Shell("cp -a " + Path("syncgate-artifacts") + " " + Path("other"));
  const std::string other = "--auto-restart --artifacts other";
  ASSERT_EQ(Apply().exit, 0);
  ASSERT_EQ(Apply(other).exit, 0);
  ASSERT_EQ(Rollback(other).exit, 0) << "the backup on the node is for both";
  ExpectOld();
  const StepEnd nothing = Rollback();
  EXPECT_EQ(nothing.exit, 0) << nothing.text;
  EXPECT_EQ(nothing.text.find("stands where the plan leads again"), std::string::npos);
  ASSERT_EQ(Apply().exit, 0);
  const StepEnd left = Rollback(other);
  EXPECT_EQ(left.exit, 0) << left.text;
  EXPECT_NE(left.text.find("stands where the plan leads again"), std::string::npos) << left.text;
  ExpectNew();
  ASSERT_EQ(Rollback().exit, 0);
  ExpectOld();
}

// A backup that a killed run left is no word for what another plan did with the same bytes.
TEST_F(ConfigPlans, WhatAKilledRunOnlyBackedUpIsNotItsToTakeBackEither) {
  for (const std::string between : {"", "apply-node --node node1 --auto-restart"}) {
    SCOPED_TRACE(between);
    ASSERT_EQ(Apply("--auto-restart", Fault("config.backed-up:1:kill")).exit, 137);
    EXPECT_EQ(Backups().size(), 2U);
    fs::rename(Path("syncgate-artifacts"), Path("first"));
    WriteProject("keep: " + std::to_string(between.size() + 9) + "\n    " + Service());
    ASSERT_TRUE(Plan());
    ASSERT_EQ(Apply().exit, 0);
    fs::rename(Path("syncgate-artifacts"), Path("second"));
    fs::rename(Path("first"), Path("syncgate-artifacts"));
    const std::string second = ReadText(Path("syncgate.yml"));
    WriteProject(Service());
    if (!between.empty()) {
      const StepEnd applied = Step(between);
      EXPECT_EQ(applied.exit, 0) << applied.text;
      EXPECT_EQ(InReceipt("state"), "already");
    }
    for (const char* words : {"--auto-restart", "--dry-run"}) {
      const StepEnd back = Rollback(words);
      EXPECT_EQ(back.exit, 3) << back.text;
      EXPECT_TRUE(back.Says("config-not-recorded")) << back.text;
    }
    ExpectNew();
    WriteText(Path("syncgate.yml"), second);
    const StepEnd back = Rollback("--auto-restart --artifacts second");
    EXPECT_EQ(back.exit, 0) << back.text;
    ExpectOld();
    WriteProject(Service());
    EXPECT_EQ(Rollback().exit, 0);
    ExpectOld();
    fs::remove_all(Path("second"));
    for (const auto& name : Backups()) fs::remove(Node(name));
    ASSERT_TRUE(Plan());
  }
}

// What was taken back, and moved again by others, is not this plan's because it is applied again.
TEST_F(ConfigPlans, WhatOthersMovedAfterARollbackIsOnlyFound) {
  Shell("cp -a " + Path("syncgate-artifacts") + " " + Path("other"));
  ASSERT_EQ(Apply().exit, 0);
  ASSERT_EQ(Rollback().exit, 0);
  ASSERT_EQ(Apply("--auto-restart --artifacts other").exit, 0);
  const StepEnd applied = Apply();
  EXPECT_EQ(applied.exit, 0) << applied.text;
  EXPECT_EQ(InReceipt("state"), "already");
  EXPECT_EQ(Rollback().exit, 0);
  ExpectNew();
  EXPECT_EQ(Rollback("--auto-restart --artifacts other").exit, 0);
  ExpectOld();
}

TEST_F(ConfigPlans, AReceiptThatCannotBeWrittenLeavesNoRoomSetAside) {
  const std::string artifacts = Path("syncgate-artifacts");
  fs::rename(artifacts, Path("kept"));
  fs::create_directory(artifacts);
  if (Shell("mount -t tmpfs -o size=256k none " + artifacts + " 2>/dev/null") != 0) {
    GTEST_SKIP() << "cannot mount";
  }
  Shell("cp -a " + Path("kept") + "/. " + artifacts);
  const StepEnd applied = Apply("--auto-restart --verify",
                                Fault("apply.before-receipt:1:dd if=/dev/zero of=" + artifacts +
                                      "/fill bs=64 2>/dev/null; true"));
  EXPECT_EQ(applied.exit, 4) << applied.text;
  EXPECT_TRUE(applied.Says("receipt-not-written")) << applied.text;
  EXPECT_EQ(Leftovers(), std::vector<std::string>());
  fs::remove(artifacts + "/fill");
  const StepEnd back = Rollback();
  EXPECT_EQ(back.exit, 0) << back.text;
  ExpectOld();
  Shell("umount " + artifacts);
}

}  // namespace
}  // namespace syncgate::test
