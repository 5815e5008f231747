// A disk that is full or read-only.
#include <sys/mount.h>

#include <filesystem>

#include "fixture.h"

namespace syncgate::test {
namespace fs = std::filesystem;
namespace {

// The node's directory on a disk of its own.
class ConfigDisk : public ConfigFault {
 protected:
  void SetUp() override {
    ConfigFault::SetUp();
    Shell("cp -a " + Path("node") + " " + Path("node.kept"));
    if (::mount("tmpfs", Path("node").c_str(), "tmpfs", 0, "size=256k") != 0) {
      GTEST_SKIP() << "cannot mount a small disk here";
    }
    mounted_ = true;
    Shell("cp -a " + Path("node.kept") + "/. " + Path("node") + "/");
  }
  void TearDown() override {
    if (mounted_) ::umount2(Path("node").c_str(), MNT_DETACH);
    ConfigFault::TearDown();
  }
  // Leaves that many blocks of 4 KiB.
  void Fill(int blocks) const {
    Shell("rm -f " + Path("node/b.fill.bak"));
    std::string free;
    Shell("stat -f -c %a " + Path("node"), &free);
    const int count = std::stoi(free) - blocks;
    Shell("dd if=/dev/zero of=" + Path("node/b.fill.bak") +
          " bs=4096 count=" + std::to_string(count) + " 2>/dev/null");
  }

 private:
  bool mounted_ = false;
};

TEST_F(ConfigDisk, NoRoomAtEveryBlock) {
  StartSshd();
  for (const bool ssh : {true, false}) {
    WriteProject("validate: [grep, -q, BOT_ID, '%s']", 0, ssh);
    for (int blocks = 0; blocks <= 3; ++blocks) {
      SCOPED_TRACE(std::string(ssh ? "ssh, blocks free: " : "local, blocks free: ") +
                   std::to_string(blocks));
      ASSERT_TRUE(Plan());
      Fill(blocks);
      const StepEnd applied = Apply();
      EXPECT_EQ(applied.exit, 1) << applied.text;
      EXPECT_TRUE(applied.Says("file-no-space")) << applied.text;
      EXPECT_EQ(InReceipt("target_state"), "before");
      ExpectOld();
      EXPECT_EQ(Leftovers(), std::vector<std::string>());
      Fill(40);
      const StepEnd again = Apply();
      ASSERT_EQ(again.exit, 0) << again.text;
      ExpectNew();
      const StepEnd back = Rollback();
      ASSERT_EQ(back.exit, 0) << back.text;
      ExpectOld();
      for (const auto& name : Backups()) fs::remove(Node(name));
    }
  }
}

TEST_F(ConfigDisk, NoRoomWhenItIsTakenBack) {
  StartSshd();
  WriteProject();
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply().exit, 0);
  Fill(0);
  const StepEnd back = Rollback();
  EXPECT_NE(back.exit, 0) << back.text;
  EXPECT_TRUE(back.Says("file-no-space")) << back.text;
  ExpectNew();
  Fill(40);
  ASSERT_EQ(Rollback().exit, 0);
  ExpectOld();
}

TEST_F(ConfigDisk, ReadOnly) {
  StartSshd();
  for (const bool ssh : {true, false}) {
    WriteProject("", 0, ssh);
    ASSERT_TRUE(Plan());
    ASSERT_EQ(::mount(nullptr, Path("node").c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0);
    const StepEnd applied = Apply();
    EXPECT_EQ(applied.exit, 1) << applied.text;
    EXPECT_EQ(InReceipt("target_state"), "before");
    ExpectOld();
    ASSERT_EQ(::mount(nullptr, Path("node").c_str(), nullptr, MS_REMOUNT, nullptr), 0);
    ASSERT_EQ(Apply().exit, 0);
    ASSERT_EQ(::mount(nullptr, Path("node").c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0);
    const StepEnd back = Rollback();
    EXPECT_NE(back.exit, 0) << back.text;
    ExpectNew();
    ASSERT_EQ(::mount(nullptr, Path("node").c_str(), nullptr, MS_REMOUNT, nullptr), 0);
    ASSERT_EQ(Rollback().exit, 0);
    ExpectOld();
  }
}

}  // namespace
}  // namespace syncgate::test
