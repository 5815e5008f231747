#include "host/local_host.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "core/unique_fd.h"
#include "temporary.h"

namespace syncgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

std::string CodeOf(const Result<void>& result) { return result ? "" : result.error().code; }

TEST(LocalHostTest, FilesWithHostileNames) {
  const TemporaryDirectory directory;
  LocalHost host;
  for (const char* name : {"plain", "two words", "it's", "new\nline", "-rf", "$(id)"}) {
    const std::string path = directory / name;
    ASSERT_EQ(CodeOf(host.Create(path, "first", 0640)), "");
    EXPECT_EQ(CodeOf(host.Create(path, "other", 0640)), "file-exists");
    const FileInfo info = *host.Stat(path);
    EXPECT_EQ(info.type, FileInfo::Type::kRegular);
    EXPECT_EQ(info.mode, 0640u);
    EXPECT_EQ(info.size, 5u);
    ASSERT_EQ(CodeOf(host.Replace(path, "second", info)), "");
    EXPECT_EQ(*host.Read(path, 100), "second");
    ASSERT_EQ(CodeOf(host.Remove(path)), "");
    ASSERT_EQ(CodeOf(host.Remove(path)), "");
    EXPECT_EQ(host.Stat(path)->type, FileInfo::Type::kAbsent);
  }
  EXPECT_EQ(directory.entries(), 0);
}

TEST(LocalHostTest, ReplaceKeepsOwnerModeAndAttributes) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root";
  const TemporaryDirectory directory;
  LocalHost host;
  const std::string path = directory / "app.env";
  WriteText(path, "A=1\n");
  ASSERT_EQ(::chown(path.c_str(), 12345, 54321), 0);
  ASSERT_EQ(::chmod(path.c_str(), 04711), 0);
  const bool attributes = ::setxattr(path.c_str(), "user.note", "kept", 4, 0) == 0;
  ASSERT_EQ(CodeOf(host.Replace(path, "A=2\n", *host.Stat(path))), "");
  const FileInfo after = *host.Stat(path);
  EXPECT_EQ(after.uid, 12345u);
  EXPECT_EQ(after.gid, 54321u);
  EXPECT_EQ(after.mode, 04711u);
  if (attributes) {
    char value[8] = {};
    EXPECT_EQ(::getxattr(path.c_str(), "user.note", value, sizeof value), 4);
    EXPECT_STREQ(value, "kept");
  }
  EXPECT_EQ(directory.entries(), 1);
}

TEST(LocalHostTest, SymlinksAndDirectories) {
  const TemporaryDirectory directory;
  LocalHost host;
  std::filesystem::create_symlink("nowhere", directory / "link");
  EXPECT_EQ(host.Stat(directory / "link")->type, FileInfo::Type::kSymlink);
  EXPECT_EQ(host.Stat(directory.path())->type, FileInfo::Type::kDirectory);
  EXPECT_EQ(CodeOf(host.Create(directory / "link", "x", 0600)), "file-exists");
  ASSERT_EQ(CodeOf(host.MakeDirectories(directory / "a/b", 0750)), "");
  EXPECT_EQ(host.Stat(directory / "a/b")->mode, 0750u);
  EXPECT_NE(CodeOf(host.Replace(directory / "a", "x", *host.Stat(directory / "a"))), "");
  EXPECT_EQ(directory.entries(), 2);
}

TEST(LocalHostTest, FullDisk) {
  const TemporaryDirectory directory;
  const std::string mount = directory / "small";
  std::filesystem::create_directory(mount);
  if (::mount("tmpfs", mount.c_str(), "tmpfs", 0, "size=64k") != 0) GTEST_SKIP() << "cannot mount";
  LocalHost host;
  const std::string path = mount + "/file";
  WriteText(path, "old");
  EXPECT_EQ(CodeOf(host.Replace(path, std::string(1 << 20, 'x'), *host.Stat(path))),
            "file-no-space");
  EXPECT_EQ(CodeOf(host.Create(mount + "/new", std::string(1 << 20, 'x'), 0600)), "file-no-space");
  EXPECT_EQ(ReadText(path), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(mount), {}), 1);
  ::umount2(mount.c_str(), MNT_DETACH);
}

TEST(LocalHostTest, WordsExitCodesAndStreams) {
  LocalHost host;
  const auto words =
      host.Run({"printf", "%s|", "", "it's", "$HOME", "a\nb", "*"}, milliseconds(5000));
  ASSERT_TRUE(words);
  EXPECT_EQ(words->output, "|it's|$HOME|a\nb|*|");
  const auto failed = host.Run({"sh", "-c", "echo out; echo err >&2; exit 7"}, milliseconds(5000));
  EXPECT_EQ(failed->exit_code, 7);
  EXPECT_EQ(failed->output, "out\n");
  EXPECT_EQ(failed->errors, "err\n");
  EXPECT_EQ(host.Run({"sh", "-c", "kill -9 $$"}, milliseconds(5000))->exit_code, 137);
  EXPECT_EQ(host.Run({"no-such-program"}, milliseconds(5000))->exit_code, 127);
  EXPECT_EQ(host.Run({"/etc/passwd"}, milliseconds(5000))->exit_code, 126);
  EXPECT_EQ(host.Run({"cat"}, milliseconds(5000))->exit_code, 0);
  EXPECT_EQ(host.Run({}, milliseconds(5000)).error().code, "command-empty");
  EXPECT_EQ(host.Run({std::string("a\0b", 3)}, milliseconds(5000)).error().code,
            "command-word-invalid");
}

TEST(LocalHostTest, ChildrenGetTheDefaultSigpipe) {
  ::signal(SIGPIPE, SIG_IGN);
  LocalHost host;
  EXPECT_EQ(host.Run({"sh", "-c", "kill -PIPE $$; echo alive"}, milliseconds(5000))->exit_code,
            128 + SIGPIPE);
}

TEST(LocalHostTest, BigOutputOnBothStreamsIsCut) {
  LocalHost host;
  const auto result = host.Run({"sh", "-c", "head -c 9000000 /dev/zero | tee /dev/stderr; exit 3"},
                               milliseconds(20000));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->output.size(), kCommandOutputLimit);
  EXPECT_EQ(result->errors.size(), kCommandOutputLimit);
}

TEST(LocalHostTest, TimeoutKillsTheWholeGroup) {
  const TemporaryDirectory directory;
  LocalHost host;
  const std::string path = directory / "pid";
  const auto start = steady_clock::now();
  const auto result =
      host.Run({"sh", "-c", "sleep 60 & echo $! > \"$1\"; wait", "sh", path}, milliseconds(400));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "command-timeout");
  EXPECT_LT(steady_clock::now() - start, milliseconds(2000));
  const pid_t pid = std::stoi(ReadText(path));
  std::string state;
  for (int i = 0; i < 100 && ::kill(pid, 0) == 0; ++i) {
    // A dead child of nobody may wait as a zombie for an init that does not reap.
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string number;
    std::string name;
    stat >> number >> name >> state;
    if (state == "Z") break;
    ::usleep(10000);
  }
  EXPECT_TRUE(state == "Z" || ::kill(pid, 0) != 0);
}

TEST(LocalHostTest, WhatIsLeftRunningIsNotWaitedFor) {
  LocalHost host;
  const auto start = steady_clock::now();
  const auto result = host.Run({"sh", "-c", "sleep 5 & echo started"}, milliseconds(20000));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output, "started\n");
  EXPECT_LT(steady_clock::now() - start, milliseconds(3500));
}

TEST(LocalHostTest, Dial) {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
  LocalHost host;
  const std::uint16_t port = ntohs(address.sin_port);
  const auto fd = host.Dial("127.0.0.1", port);
  ASSERT_TRUE(fd) << fd.error().message;
  const UniqueFd ours(*fd);
  const UniqueFd theirs(::accept(listener.get(), nullptr, nullptr));
  ASSERT_EQ(::write(theirs.get(), "hi", 2), 2);
  char text[2] = {};
  EXPECT_EQ(::read(*fd, text, 2), 2);
  EXPECT_EQ(host.Dial("no-such-host.invalid", 80).error().code, "unreachable");
  EXPECT_EQ(host.Dial("127.0.0.1", 1).error().kind, ErrorKind::kTryLater);
}

TEST(LocalHostTest, ReplaceKeepsExtendedAttributes) {
  const TemporaryDirectory directory;
  const std::string path = directory / "f";
  WriteText(path, "old");
  if (::setxattr(path.c_str(), "user.owner", "app\0x", 5, 0) != 0) {
    GTEST_SKIP() << "no user attributes on " << path;
  }
  LocalHost host;
  ASSERT_TRUE(host.Replace(path, "new", *host.Stat(path)));
  char value[16] = {};
  EXPECT_EQ(::getxattr(path.c_str(), "user.owner", value, sizeof value), 5);
  EXPECT_EQ(std::string(value, 5), std::string("app\0x", 5));
  EXPECT_EQ(ReadText(path), "new");
}

TEST(LocalHostTest, ListTellsTypesAndTimes) {
  const TemporaryDirectory directory;
  WriteText(directory / "f", "123");
  const timespec times[2] = {{77, 0}, {88, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (directory / "f").c_str(), times, 0), 0);
  ASSERT_EQ(::symlink("f", (directory / "l").c_str()), 0);
  LocalHost host;
  auto found = host.List(directory.path());
  ASSERT_TRUE(found);
  std::ranges::sort(*found, {}, &DirectoryEntry::name);
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ((*found)[0].name, "f");
  EXPECT_EQ((*found)[0].info.size, 3U);
  EXPECT_EQ((*found)[0].info.modified, 88);
  EXPECT_EQ((*found)[1].info.type, FileInfo::Type::kSymlink);
  EXPECT_EQ(host.List(directory / "none").error().code, "file-absent");
}

TEST(LocalHostTest, InputArrivesWhole) {
  LocalHost host;
  const std::string input(3'000'000, 'x');
  EXPECT_EQ(host.RunWithInput({"cat"}, milliseconds(20000), input)->output, input);
  EXPECT_EQ(host.RunWithInput({"true"}, milliseconds(20000), input)->exit_code, 0);
  EXPECT_EQ(host.RunWithInput({"cat"}, milliseconds(20000), "")->output, "");
}

TEST(LocalHostTest, AHeldLockIsHeldUntilItGoes) {
  const TemporaryDirectory directory;
  LocalHost host;
  const std::vector<std::string> lock = {"flock", "-n", "-E", "75", "--", directory.path(), "cat"};
  auto first = host.Hold(lock);
  ASSERT_TRUE(first);
  ASSERT_TRUE(first->held);
  const auto second = host.Hold(lock);
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->held);
  EXPECT_EQ(second->ended.exit_code, 75);
  first->held.reset();
  EXPECT_TRUE(host.Hold(lock)->held);
  EXPECT_EQ(host.Hold({"no-such-program"})->ended.exit_code, 127);
}

}  // namespace
}  // namespace syncgate
