// Where a file can be that is no plain path of its own.
#include <filesystem>

#include "fixture.h"

namespace syncgate::test {
namespace fs = std::filesystem;
namespace {

class ConfigPlaces : public ConfigFault {
 protected:
  void SetUp() override {
    ConfigFault::SetUp();
    StartSshd();
    WriteProject(Service());
    fs::create_directory_symlink(Path("node"), Path("link"));
  }
  // `target` in place of b.env's.
  void Put(const std::string& target) const {
    std::string yaml = ReadText(Path("syncgate.yml"));
    const std::string old = "target: " + Node("b.env");
    yaml.replace(yaml.find(old), old.size(), "target: " + target);
    WriteText(Path("syncgate.yml"), yaml);
  }
};

TEST_F(ConfigPlaces, TwoWaysToOneDirectoryAreHeldAsOne) {
  Put(Path("link/b.env"));
  ASSERT_TRUE(Plan());
  const StepEnd applied = Apply();
  ASSERT_EQ(applied.exit, 0) << applied.text;
  ExpectNew();
  ASSERT_EQ(Rollback().exit, 0);
  ExpectOld();
}

TEST_F(ConfigPlaces, TwoWaysToOneFileAreRefusedByName) {
  Put(Path("link/a.env"));
  ASSERT_TRUE(Plan());
  const StepEnd applied = Apply();
  EXPECT_EQ(applied.exit, 3) << applied.text;
  EXPECT_TRUE(applied.Says("config-same-file")) << applied.text;
  ExpectOld();
}

TEST_F(ConfigPlaces, TheLongestNameHasRoomForWhatLiesBesideIt) {
  const std::string name(227, 'n');
  fs::rename(Node("b.env"), Node(name));
  WriteProject("validate: [test, -f, '%s']");
  Put(Node(name));
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply("").exit, 0);
  EXPECT_EQ(ReadText(Node(name)), New("b"));
  ASSERT_EQ(Rollback("").exit, 0);
  EXPECT_EQ(ReadText(Node(name)), Old("b"));
}

// A directory's default ACL gives new files an ACL of its own, which is not the old file's.
TEST_F(ConfigPlaces, ADefaultAclOfTheDirectoryLetsNobodyIn) {
  if (Shell("setfacl -d -m u:nobody:rw " + Path("node") + " 2>/dev/null") != 0) {
    GTEST_SKIP() << "no ACLs on this file system, or no setfacl";
  }
  ASSERT_EQ(Shell("setfacl -m u:nobody:r " + Node("b.env") + "; chmod 0640 " + Node("b.env")), 0);
  for (const bool ssh : {true, false}) {
    SCOPED_TRACE(ssh ? "ssh" : "local");
    WriteProject(Service(), 0, ssh);
    ASSERT_TRUE(Plan());
    const std::string look = "getfacl -cp " + Node("a.env") + " " + Node("b.env");
    std::string before;
    Shell(look, &before);
    std::string after;
    ASSERT_EQ(Apply("").exit, 0);
    Shell(look, &after);
    EXPECT_EQ(after, before);
    ASSERT_EQ(Rollback("").exit, 0);
    after.clear();
    Shell(look, &after);
    EXPECT_EQ(after, before);
  }
}

}  // namespace
}  // namespace syncgate::test
