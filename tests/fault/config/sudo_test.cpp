// Files that the login user may not touch, through the real sudo. Users and rules are mounted over
// those of the machine for the test's sshd alone.
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "fixture.h"

namespace syncgate::test {
namespace {

constexpr const char* kAllowList =
    "/usr/bin/stat, /usr/bin/cat, /usr/bin/find, /usr/bin/dd, /usr/bin/chmod, /usr/bin/chown, "
    "/usr/bin/cp, /usr/bin/sync, /usr/bin/mv, /usr/bin/rm, /usr/bin/flock";

class ConfigSudo : public ConfigFault {
 protected:
  void SetUp() override {
    ConfigFault::SetUp();
    std::string why;
    if (::geteuid() != 0 ||
        Shell("command -v sudo >/dev/null && unshare -m true 2>&1", &why) != 0) {
      GTEST_SKIP() << "needs root, sudo and mount namespaces: " << why;
    }
    Shell("chown 0:0 " + Node("a.env") + " " + Node("b.env") + "; chmod 0755 " + Path("") + " " +
          Path("node") + "; chmod 0600 " + Node("a.env") + " " + Node("b.env"));
    const std::string etc = Path("etc");
    Shell("mkdir -p " + etc + "/sudoers.d && cp -a /etc/passwd /etc/shadow /etc/group " + etc +
          " && echo 'sg-deploy:x:61234:61234::/tmp:/bin/sh' >>" + etc + "/passwd" +
          " && echo 'sg-deploy:*:19000:0:99999:7:::' >>" + etc + "/shadow" +
          " && echo 'sg-deploy:x:61234:' >>" + etc + "/group");
    Allow("ALL");
    SshdOptions options;
    options.user = "sg-deploy";
    for (const std::string name : {"passwd", "shadow", "group", "sudoers", "sudoers.d"}) {
      options.private_mounts += "mount --bind " + etc + "/" + name + " /etc/" + name + "\n";
    }
    StartSshd(options);
    // The user's key is read by us, the authorised one by sshd as the user.
    Shell("chmod 0755 " + sshd().directory().path() + "; chmod 0644 " +
          sshd().directory() / "authorized_keys");
  }
  // What sudo lets the login user run; empty: nothing. In place, since it is mounted.
  void Allow(const std::string& commands) const {
    const std::string path = Path("etc/sudoers");
    WriteText(path,
              "root ALL=(ALL:ALL) ALL\n" +
                  (commands.empty() ? "" : "sg-deploy ALL=(root) NOPASSWD: " + commands + "\n"));
    ::chmod(path.c_str(), 0440);
  }
  void IsRoots(const std::string& path) const {
    struct stat info = {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_uid, 0U) << path;
    EXPECT_EQ(info.st_mode & 07777, 0600U) << path;
  }
};

TEST_F(ConfigSudo, WithoutItTheFileIsOutOfReach) {
  WriteProject();
  const StepEnd compared = Step("compare --only config");
  EXPECT_EQ(compared.exit, 1) << compared.text;
  EXPECT_TRUE(compared.Says("file-permission")) << compared.text;
}

TEST_F(ConfigSudo, ThereAndBack) {
  const bool attributes = ::setxattr(Node("a.env").c_str(), "user.owner", "app", 3, 0) == 0;
  WriteProject(
      "sudo: true\n    keep: 3\n    validate: [sh, -c, 'test $(id -u) = 0 && grep -q BOT_ID "
      "\"$1\"', sh, '%s']\n"
      "    restart: [sh, -c, 'id -u >NODE/NAME.running; cat NODE/NAME.env >>NODE/NAME.running']\n"
      "    verify:\n      - command: [sh, -c, 'test $(id -u) = 61234 && grep -q BOT_ID=good "
      "NODE/NAME.running']");
  ASSERT_TRUE(Plan());
  const StepEnd applied = Apply();
  ASSERT_EQ(applied.exit, 0) << applied.text;
  EXPECT_EQ(ReadText(Node("a.env")), New("a"));
  EXPECT_EQ(Running("a"), "0\n" + New("a")) << "the restart command is root's";
  IsRoots(Node("a.env"));
  const auto backups = Backups();
  ASSERT_EQ(backups.size(), 2U);
  IsRoots(Node(backups[0]));
  if (attributes) {
    char found[16] = {};
    EXPECT_EQ(::getxattr(Node("a.env").c_str(), "user.owner", found, sizeof found), 3);
  }
  const StepEnd verified = Step("verify-config --node node1");
  EXPECT_EQ(verified.exit, 0) << verified.text;
  const StepEnd back = Rollback();
  ASSERT_EQ(back.exit, 0) << back.text;
  EXPECT_EQ(ReadText(Node("b.env")), Old("b"));
  IsRoots(Node("b.env"));
  EXPECT_EQ(Leftovers(), std::vector<std::string>());
  EXPECT_EQ((applied.text + back.text).find("marked-secret"), std::string::npos);
}

TEST_F(ConfigSudo, TheListOfTheReadmeIsEnough) {
  Allow(kAllowList);
  WriteProject("sudo: true\n    keep: 1");
  ASSERT_TRUE(Plan());
  const StepEnd applied = Apply();
  ASSERT_EQ(applied.exit, 0) << applied.text;
  EXPECT_EQ(ReadText(Node("a.env")), New("a"));
  ASSERT_EQ(Rollback().exit, 0);
  EXPECT_EQ(ReadText(Node("a.env")), Old("a"));
}

TEST_F(ConfigSudo, WhereItIsNotAllowedItIsRefusedByName) {
  WriteProject("sudo: true");
  ASSERT_TRUE(Plan());
  Allow("");
  for (const std::string step : {"apply-node --node node1", "apply-node --node node1 --dry-run",
                                 "compare --only config --artifacts other"}) {
    const StepEnd refused = Step(step);
    EXPECT_EQ(refused.exit, 3) << refused.text;
    EXPECT_TRUE(refused.Says("sudo-refused")) << refused.text;
  }
  EXPECT_EQ(ReadText(Node("a.env")), Old("a"));
}

TEST_F(ConfigSudo, ADirectoryThatOthersCanWriteIsRefusedByName) {
  WriteProject("sudo: true");
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply().exit, 0);
  std::vector<std::string> changes = {"chmod 0775 ", "chown 61235 ", "chmod 1777 "};
  const std::string acl = "chown 0:0 $n; setfacl -m u:61235:rwx ";
  if (Shell("n=" + Path("node") + "; " + acl + "$n 2>/dev/null") == 0) changes.push_back(acl);
  for (const std::string& change : changes) {
    SCOPED_TRACE(change);
    ASSERT_EQ(Shell("n=" + Path("node") + "; setfacl -b $n; chown 0:61234 $n; chmod 0755 $n; " +
                    change + "$n"),
              0);
    for (const std::string step : {"compare --only config --artifacts other",
                                   "apply-node --node node1", "rollback --node node1"}) {
      const StepEnd refused = Step(step);
      EXPECT_EQ(refused.exit, 3) << refused.text;
      EXPECT_TRUE(refused.Says("sudo-directory-untrusted")) << refused.text;
    }
    EXPECT_EQ(ReadText(Node("a.env")), New("a"));
  }
  // The login user is trusted as root is.
  ASSERT_EQ(Shell("n=" + Path("node") + "; setfacl -b $n; chown 61234 $n; chmod 0755 $n"), 0);
  EXPECT_EQ(Rollback().exit, 0);
  EXPECT_EQ(ReadText(Node("a.env")), Old("a"));
}

class FullConfigSudo : public ConfigSudo {};

// Each command of the list missing in turn.
TEST_F(FullConfigSudo, WhereOneCommandIsNotAllowedNothingIsHalfDone) {
  WriteProject("sudo: true");
  const std::string all = kAllowList;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find(", ", at), all.size());
    const std::string command = all.substr(at, end - at);
    SCOPED_TRACE(command);
    Allow("ALL");
    ASSERT_TRUE(Plan());
    std::string rest = all;
    rest.erase(at, std::min(end + 2, all.size()) - at);
    if (rest.ends_with(", ")) rest.resize(rest.size() - 2);
    Allow(rest);
    const StepEnd applied = Apply();
    if (command.ends_with("/rm")) {
      // All is done by then but for tidying up, and that is said.
      EXPECT_EQ(applied.exit, 0) << applied.text;
      EXPECT_NE(applied.text.find(" stays: "), std::string::npos) << applied.text;
      Allow("ALL");
      ASSERT_EQ(Rollback("").exit, 0);
      at = end + 2;
      continue;
    }
    EXPECT_TRUE(applied.exit == 1 || applied.exit == 3) << applied.text;
    EXPECT_EQ(ReadText(Node("a.env")), Old("a"));
    EXPECT_EQ(ReadText(Node("b.env")), Old("b"));
    IsRoots(Node("a.env"));
    at = end + 2;
  }
  Allow("ALL");
  ASSERT_EQ(Apply().exit, 0);
  EXPECT_EQ(Leftovers(), std::vector<std::string>());
}

TEST_F(ConfigSudo, AKilledRunIsTakenUp) {
  WriteProject("sudo: true");
  for (const std::string point :
       {"config.backed-up:2", "config.temporary:2", "config.replaced:1"}) {
    SCOPED_TRACE(point);
    ASSERT_TRUE(Plan());
    ASSERT_EQ(Apply("", Fault(point + ":kill")).exit, 137);
    ASSERT_EQ(Apply("").exit, 0);
    EXPECT_EQ(ReadText(Node("b.env")), New("b"));
    ASSERT_EQ(Rollback("").exit, 0);
    EXPECT_EQ(ReadText(Node("b.env")), Old("b"));
    EXPECT_EQ(Leftovers(), std::vector<std::string>());
  }
}

}  // namespace
}  // namespace syncgate::test
