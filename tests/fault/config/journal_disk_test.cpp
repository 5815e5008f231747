// No room for the journal, at each of its writes.
#include <string>

#include "fixture.h"

namespace syncgate::test {
namespace {

class ConfigJournalDisk : public ConfigFault {
 protected:
  void SetUp() override {
    ConfigFault::SetUp();
    if (Shell("command -v prlimit >/dev/null") != 0) GTEST_SKIP() << "needs prlimit";
    StartSshd();
    WriteProject(Service());
  }
  // From there on no file of the step grows beyond what the journal has now and `room` bytes.
  std::string FullAt(const std::string& point, int room) const {
    return "sh -c 'trap \"\" XFSZ; exec \"$@\"' sh env " +
           Fault(point + ":prlimit --pid $PPID --fsize=$(($(stat -c %s " +
                 Path("syncgate-artifacts/journal/") + "*.jsonl)+" + std::to_string(room) + "))");
  }
};

// All or none, also where what is taken back cannot be recorded; and what little was written then
// is no journal that a later run refuses.
TEST_F(ConfigJournalDisk, NoRoomAtAnyWrite) {
  for (const std::string point :
       {"config.validated:2", "config.backed-up:1", "config.replaced:1", "config.backed-up:2",
        "config.replaced:2", "config.restarted:2"}) {
    for (const int room : {0, 70, 250, 500}) {
      SCOPED_TRACE(point + ", room for " + std::to_string(room));
      ASSERT_TRUE(Plan());
      const StepEnd applied = Apply("--auto-restart", FullAt(point, room));
      EXPECT_EQ(applied.text.find("warning: \n"), std::string::npos) << applied.text;
      const bool done = ReadText(Node("b.env")) == New("b");
      EXPECT_EQ(applied.exit, done ? 4 : 1) << applied.text;
      EXPECT_EQ(applied.Says("receipt-not-written"), done) << applied.text;
      done ? ExpectNew() : ExpectOld();
      for (const std::string name : {"a", "b"}) {
        EXPECT_EQ(Running(name), done ? New(name) : Old(name));
      }
      EXPECT_EQ(Leftovers(), std::vector<std::string>());
      const StepEnd back = Rollback();
      EXPECT_EQ(back.exit, 0) << back.text;
      ExpectOld();
      for (const std::string name : {"a", "b"}) EXPECT_EQ(Running(name), Old(name));
    }
  }
}

TEST_F(ConfigJournalDisk, ARollbackPutsAllFilesBackAndSaysThatItIsToRunAgain) {
  for (const int room : {0, 70, 250, 500}) {
    SCOPED_TRACE(room);
    ASSERT_TRUE(Plan());
    ASSERT_EQ(Apply().exit, 0);
    const StepEnd back = Rollback("--auto-restart", FullAt("rollback.begun:1", room));
    ExpectOld();
    for (const std::string name : {"a", "b"}) EXPECT_EQ(Running(name), Old(name));
    EXPECT_EQ(back.exit, 4) << back.text;
    const StepEnd again = Rollback();
    EXPECT_EQ(again.exit, 0) << again.text;
    EXPECT_EQ(InReceipt("target_state", "receipt-node1-rollback.json"), "before");
    ExpectOld();
  }
}

}  // namespace
}  // namespace syncgate::test
