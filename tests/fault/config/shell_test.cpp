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

// busybox has a cp of its own, and the ACLs of a directory are no less inherited for that.
TEST_F(ConfigShell, WithoutGnuCpADirectorysDefaultAclOpensNoReplacedFile) {
  if (Shell("setfacl -d -m u:4321:rw " + Path("node")) != 0) GTEST_SKIP() << "needs ACLs here";
  Shell("mkdir " + Path("bin") + " && printf '#!/bin/sh\nexit 1\n' >" + Path("bin/cp") +
        " && chmod 0755 " + Path("bin/cp"));
  StartWith("PATH=" + Path("bin") + ":$PATH exec sh -c \"$1\"");
  const StepEnd applied = Apply("");
  ASSERT_EQ(applied.exit, 0) << applied.text;
  ExpectNew();
  EXPECT_NE(Shell("getfacl -cnp " + Node("a.env") + " | grep -q '^user:4321'"), 0);
}

TEST_F(ConfigShell, WhereSudosWordsCannotBeToldFromItThatIsSaid) {
  if (Shell("command -v sudo >/dev/null") != 0) GTEST_SKIP() << "needs sudo";
  StartWith("echo Welcome to this host\nsh -c \"$1\"");
  WriteProject("sudo: true");
  const StepEnd compared = Step("compare --only config");
  EXPECT_EQ(compared.exit, 3) << compared.text;
  EXPECT_TRUE(compared.Says("sudo-output-unclear")) << compared.text;
}

// As with a jail that holds only SFTP: what commands see under the same name is another file.
TEST_F(ConfigShell, WhereCommandsSeeOtherFilesThanSftpNoneOfThemIsTouched) {
  if (Shell("unshare -m true 2>/dev/null") != 0) GTEST_SKIP() << "needs mount namespaces";
  Shell("mkdir " + Path("jail") + "; cp -a " + Node("a.env") + " " + Node("b.env") + " " +
        Path("jail"));
  Shell("sed -i s/good-old/outside/ " + Node("a.env") + " " + Node("b.env"));
  WriteText(Path("jailed"), "#!/bin/sh\nexec unshare -m sh -c 'mount --bind " + Path("jail") + " " +
                                Path("node") + " && exec /usr/lib/openssh/sftp-server'\n");
  ASSERT_EQ(::chmod(Path("jailed").c_str(), 0755), 0);
  SshdOptions options;
  options.sftp = Path("jailed");
  StartSshd(options);
  WriteProject();
  ASSERT_TRUE(Plan());
  const std::string outside = ReadText(Node("a.env"));
  const StepEnd applied = Apply("");
  EXPECT_EQ(applied.exit, 1) << applied.text;
  EXPECT_TRUE(applied.Says("file-elsewhere")) << applied.text;
  EXPECT_EQ(ReadText(Node("a.env")), outside);
  EXPECT_EQ(ReadText(Path("jail/a.env")), Old("a"));
  EXPECT_EQ(Leftovers(), std::vector<std::string>());
}

}  // namespace
}  // namespace syncgate::test
