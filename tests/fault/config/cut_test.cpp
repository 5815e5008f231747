// The node says no to one kind of request after another, and the connection is cut at every packet,
// in both directions, of a whole apply: each file is whole, the exit code is true, the way on is
// open.
#include <sys/stat.h>

#include <filesystem>

#include "cutting_proxy.h"
#include "fixture.h"

namespace syncgate::test {
namespace {

constexpr const char* kRequests[] = {"open",         "close",   "read",     "write",  "lstat",
                                     "fstat",        "setstat", "fsetstat", "remove", "stat",
                                     "fsync",        "opendir", "readdir",  "rename", "statvfs",
                                     "posix-rename", "limits"};

class ConfigDenied : public ConfigFault {
 protected:
  void SetUp() override {
    ConfigFault::SetUp();
    Deny("");
    // Asked for each connection anew, so that the project, and its port, stay the same.
    WriteText(Path("sftp"),
              "#!/bin/sh\nexec /usr/lib/openssh/sftp-server $(cat " + Path("deny") + ")\n");
    ASSERT_EQ(::chmod(Path("sftp").c_str(), 0755), 0);
    SshdOptions options;
    options.sftp = Path("sftp");
    StartSshd(options);
    WriteProject("validate: [grep, -q, BOT_ID, '%s']\n    " + Service());
  }
  void Deny(const std::string& request) const {
    WriteText(Path("deny"), request.empty() ? "" : "-P " + request);
  }
  // What an exit code says about the node must be so.
  void ExpectTheExitCodeIsTrue(const StepEnd& applied) const {
    switch (applied.exit) {
      case 0:
        return ExpectNew();
      case 1:
      case 3:
      case 75:
      case 78:
        return ExpectOld();
      case 4:  // partly
      case 5:  // unknown
        return;
      default:
        ADD_FAILURE() << "exit " << applied.exit << "\n" << applied.text;
    }
  }
};

TEST_F(ConfigDenied, EachRequestInTurn) {
  for (const std::string request : kRequests) {
    SCOPED_TRACE(request);
    ASSERT_TRUE(Plan());
    Deny(request);
    const StepEnd applied = Apply();
    ExpectTheExitCodeIsTrue(applied);
    EXPECT_NE(applied.exit, 4) << applied.text;
    EXPECT_NE(applied.exit, 5) << applied.text;
    Deny("");
    ExpectTheLawHolds("denied: " + applied.text);
    if (HasFailure()) return;
  }
}

class ConfigCut : public ConfigDenied {
 protected:
  // Cuts after every `stride`-th packet from `direction`.
  void CutEvery(CuttingProxy::From direction, int stride) {
    CuttingProxy proxy(sshd().port());
    WriteProject("validate: [grep, -q, BOT_ID, '%s']\n    " + Service(), proxy.port());
    ASSERT_TRUE(Plan());
    proxy.CutAfter(direction, 0);
    ASSERT_EQ(Apply().exit, 0);
    const int packets = proxy.Seen(direction);
    ASSERT_GT(packets, 40);
    ASSERT_EQ(Rollback().exit, 0);
    int clean = 0;
    for (int at = 1; at <= packets; at += stride) {
      SCOPED_TRACE("cut after packet " + std::to_string(at) + " of " + std::to_string(packets));
      ASSERT_TRUE(Plan());
      proxy.CutAfter(direction, at);
      const StepEnd applied = Apply();
      proxy.CutAfter(direction, 0);
      ExpectTheExitCodeIsTrue(applied);
      clean += applied.exit == 75 ? 1 : 0;
      ExpectTheLawHolds(applied.text);
      if (HasFailure()) return;
    }
    EXPECT_GT(clean, 0) << "no cut was one";
  }
};

TEST_F(ConfigCut, FromTheNode) { CutEvery(CuttingProxy::From::kServer, 19); }
TEST_F(ConfigCut, FromUs) { CutEvery(CuttingProxy::From::kClient, 19); }

class FullConfigCut : public ConfigCut {};

TEST_F(FullConfigCut, FromTheNode) { CutEvery(CuttingProxy::From::kServer, 1); }
TEST_F(FullConfigCut, FromUs) { CutEvery(CuttingProxy::From::kClient, 1); }

}  // namespace
}  // namespace syncgate::test
