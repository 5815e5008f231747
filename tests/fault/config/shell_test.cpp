// Login shells that are not what syncgate would like.
#include <sys/stat.h>
#include <sys/xattr.h>

#include <string>

#include "fixture.h"

namespace syncgate::test {
namespace {

class ConfigShell : public ConfigFault {
 protected:
  // An sshd that hands every command, but SFTP, to these shell lines as $1.
  void StartWith(const std::string& lines) {
    WriteText(Path("shell"),
              "#!/bin/sh\ncase $SSH_ORIGINAL_COMMAND in *sftp-server*) exec "
              "/usr/lib/openssh/sftp-server;; esac\nset -- \"$SSH_ORIGINAL_COMMAND\"\n" +
                  lines + "\n");
    ASSERT_EQ(::chmod(Path("shell").c_str(), 0755), 0);
    SshdOptions options;
    options.extra = "ForceCommand " + Path("shell") + "\n";
    StartSshd(options);
    WriteProject(Service());
    ASSERT_TRUE(Plan());
  }
  bool Attribute(const std::string& name) const {
    char found[16] = {};
    return ::getxattr(Node(name).c_str(), "user.owner", found, sizeof found) == 3;
  }
};

// A restricted shell opens no file for output, not even /dev/null.
TEST_F(ConfigShell, ARestrictedOneKeepsTheAttributes) {
  if (::setxattr(Node("a.env").c_str(), "user.owner", "app", 3, 0) != 0) {
    GTEST_SKIP() << "no user attributes on this file system";
  }
  StartWith("exec bash --restricted -c \"$1\"");
  const StepEnd applied = Apply();
  ASSERT_EQ(applied.exit, 0) << applied.text;
  ExpectNew();
  EXPECT_TRUE(Attribute("a.env"));
  ASSERT_EQ(Rollback().exit, 0);
  EXPECT_TRUE(Attribute("a.env"));
}

// As a ~/.bashrc that greets does.
TEST_F(ConfigShell, OneThatPrintsBeforeEachCommandIsNoMatter) {
  StartWith("echo Welcome to this host\nsh -c \"$1\"");
  const StepEnd applied = Apply();
  ASSERT_EQ(applied.exit, 0) << applied.text;
  ExpectNew();
  EXPECT_EQ(Running("b"), New("b"));
  std::string ignored;
  Shell("flock " + Path("node") + " sleep 8 >/dev/null 2>&1 & echo $!", &ignored);
  const StepEnd locked = Rollback();
  EXPECT_EQ(locked.exit, 75) << locked.text;
  EXPECT_TRUE(locked.Says("node-locked")) << locked.text;
  Shell("flock -w 20 " + Path("node") + " true");
  ASSERT_EQ(Rollback().exit, 0);
  ExpectOld();
}

TEST_F(ConfigShell, WhereSudosWordsCannotBeToldFromItThatIsSaid) {
  if (Shell("command -v sudo >/dev/null") != 0) GTEST_SKIP() << "needs sudo";
  StartWith("echo Welcome to this host\nsh -c \"$1\"");
  WriteProject("sudo: true");
  const StepEnd compared = Step("compare --only config");
  EXPECT_EQ(compared.exit, 3) << compared.text;
  EXPECT_TRUE(compared.Says("sudo-output-unclear")) << compared.text;
}

}  // namespace
}  // namespace syncgate::test
