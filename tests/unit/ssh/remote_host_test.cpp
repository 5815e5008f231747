#include "ssh/remote_host.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "core/unique_fd.h"
#include "ssh/quote.h"
#include "sshd_fixture.h"

namespace syncgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::StartsWith;

// Servers with and without what newer OpenSSH offers.
class RemoteHostTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    SshdOptions options;
    options.sftp = GetParam();
    sshd_ = std::make_unique<Sshd>(options);
    auto host = RemoteHost::Connect(sshd_->Target());
    ASSERT_TRUE(host) << host.error().message;
    host_ = std::move(*host);
  }

  // What is left in the directory, temporary files included.
  std::size_t Entries() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory_.path()), {}));
  }

  TemporaryDirectory directory_;
  std::unique_ptr<Sshd> sshd_;
  std::unique_ptr<RemoteHost> host_;
};

std::string CodeOf(const Result<void>& result) { return result ? "" : result.error().code; }

mode_t ModeOf(const std::string& path) {
  struct stat info = {};
  ::stat(path.c_str(), &info);
  return info.st_mode & 07777;
}

TEST_P(RemoteHostTest, FilesWithHostileNames) {
  for (const char* name : {"plain", "two words", "it's", "\"q\" $(id) `id` ;&|", "new\nline", "-rf",
                           "back\\slash\\", "*?[a]", "%h%d", "\xC3\xA9t\xC3\xA9", "#x"}) {
    const std::string path = directory_ / name;
    const std::string bytes("a\0b\r\n\xFF", 6);
    ASSERT_EQ(CodeOf(host_->Create(path, bytes, 0640)), "") << name;
    EXPECT_EQ(ReadText(path), bytes);
    EXPECT_EQ(ModeOf(path), 0640u);
    auto info = host_->Stat(path);
    ASSERT_TRUE(info);
    EXPECT_EQ(info->type, FileInfo::Type::kRegular);
    EXPECT_EQ(info->size, 6u);
    ASSERT_EQ(CodeOf(host_->Replace(path, "second", *info)), "") << name;
    auto text = host_->Read(path, 100);
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, "second");
    ASSERT_EQ(CodeOf(host_->Remove(path)), "");
    EXPECT_EQ(host_->Stat(path)->type, FileInfo::Type::kAbsent);
  }
  EXPECT_EQ(Entries(), 0u);
}

TEST_P(RemoteHostTest, ReplaceKeepsOwnerAndMode) {
  if (::getuid() != 0) GTEST_SKIP() << "needs root";
  const std::string path = directory_ / "app.env";
  WriteText(path, "A=1\n");
  ASSERT_EQ(::chown(path.c_str(), 12345, 54321), 0);
  ASSERT_EQ(::chmod(path.c_str(), 04711), 0);
  const auto before = host_->Stat(path);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->uid, 12345u);
  ASSERT_EQ(CodeOf(host_->Replace(path, "A=2\n", *before)), "");
  const auto after = host_->Stat(path);
  EXPECT_EQ(after->uid, 12345u);
  EXPECT_EQ(after->gid, 54321u);
  EXPECT_EQ(after->mode, 04711u);
  EXPECT_EQ(ReadText(path), "A=2\n");
  EXPECT_EQ(Entries(), 1u);
}

TEST_P(RemoteHostTest, ReplaceOverADirectoryLeavesNothing) {
  const std::string path = directory_ / "dir";
  std::filesystem::create_directory(path);
  const auto info = host_->Stat(path);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->type, FileInfo::Type::kDirectory);
  EXPECT_EQ(CodeOf(host_->Replace(path, "x", *info)), "file-failed");
  EXPECT_TRUE(std::filesystem::is_directory(path));
  EXPECT_EQ(Entries(), 1u);
}

TEST_P(RemoteHostTest, ReplaceWithALongName) {
  const std::string path = directory_ / std::string(255, 'n');
  WriteText(path, "old");
  ASSERT_EQ(CodeOf(host_->Replace(path, "new", *host_->Stat(path))), "");
  EXPECT_EQ(ReadText(path), "new");
}

TEST_P(RemoteHostTest, BigFile) {
  std::string bytes;
  for (int i = 0; i < 300000; ++i) bytes += "line " + std::to_string(i) + "\n";
  const std::string path = directory_ / "big";
  ASSERT_EQ(CodeOf(host_->Create(path, bytes, 0600)), "");
  auto text = host_->Read(path, bytes.size());
  ASSERT_TRUE(text);
  EXPECT_TRUE(*text == bytes);
  auto limited = host_->Read(path, bytes.size() - 1);
  ASSERT_FALSE(limited);
  EXPECT_EQ(limited.error().code, "file-too-large");
}

TEST_P(RemoteHostTest, CreateNeverOverwrites) {
  const std::string path = directory_ / "there";
  WriteText(path, "theirs");
  EXPECT_EQ(CodeOf(host_->Create(path, "ours", 0600)), "file-exists");
  EXPECT_EQ(ReadText(path), "theirs");
  const std::string link = directory_ / "link";
  std::filesystem::create_symlink("nowhere", link);
  EXPECT_EQ(CodeOf(host_->Create(link, "ours", 0600)), "file-exists");
  EXPECT_EQ(Entries(), 2u);
}

TEST_P(RemoteHostTest, WhatIsNoPlainFileIsToldSo) {
  WriteText(directory_ / "file", "x");
  std::filesystem::create_symlink("file", directory_ / "link");
  ASSERT_EQ(::mkfifo((directory_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(host_->Stat(directory_ / "link")->type, FileInfo::Type::kSymlink);
  EXPECT_EQ(host_->Stat(directory_ / "fifo")->type, FileInfo::Type::kOther);
  EXPECT_EQ(host_->Stat(directory_ / "file/below")->type, FileInfo::Type::kAbsent);
  EXPECT_EQ(host_->Read(directory_ / "fifo", 10).error().code, "file-not-regular");
  EXPECT_EQ(host_->Read(directory_.path(), 10).error().code, "file-not-regular");
  EXPECT_EQ(host_->Read(directory_ / "absent", 10).error().code, "file-absent");
  EXPECT_EQ(CodeOf(host_->Remove(directory_ / "absent")), "");
  EXPECT_EQ(CodeOf(host_->Create(directory_ / "no/such/dir", "", 0600)), "file-absent");
}

TEST_P(RemoteHostTest, MakeDirectoriesWithMode) {
  const std::string path = directory_ / "a/b b/c";
  ASSERT_EQ(CodeOf(host_->MakeDirectories(path, 0750)), "");
  ASSERT_EQ(CodeOf(host_->MakeDirectories(path, 0700)), "");
  EXPECT_EQ(ModeOf(path), 0750u);
  EXPECT_EQ(ModeOf(directory_ / "a"), 0750u);
  WriteText(directory_ / "file", "");
  EXPECT_NE(CodeOf(host_->MakeDirectories(directory_ / "file/x", 0700)), "");
}

TEST_P(RemoteHostTest, FullDisk) {
  const std::string mount = directory_ / "small";
  std::filesystem::create_directory(mount);
  if (::mount("tmpfs", mount.c_str(), "tmpfs", 0, "size=64k") != 0) GTEST_SKIP() << "cannot mount";
  const std::string path = mount + "/file";
  WriteText(path, "old");
  EXPECT_EQ(CodeOf(host_->Replace(path, std::string(1 << 20, 'x'), *host_->Stat(path))),
            "file-no-space");
  EXPECT_EQ(CodeOf(host_->Create(mount + "/new", std::string(1 << 20, 'x'), 0600)),
            "file-no-space");
  EXPECT_EQ(ReadText(path), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(mount), {}), 1);
  ::umount2(mount.c_str(), MNT_DETACH);
}

TEST_P(RemoteHostTest, ReplaceKeepsExtendedAttributes) {
  const std::string path = directory_ / "f";
  WriteText(path, "old");
  if (::setxattr(path.c_str(), "user.owner", "app", 3, 0) != 0) {
    GTEST_SKIP() << "no user attributes on " << path;
  }
  ASSERT_EQ(CodeOf(host_->Replace(path, "new", *host_->Stat(path))), "");
  char value[16] = {};
  EXPECT_EQ(::getxattr(path.c_str(), "user.owner", value, sizeof value), 3);
  EXPECT_EQ(std::string(value), "app");
  EXPECT_EQ(ReadText(path), "new");
}

TEST_P(RemoteHostTest, ListTellsTypesAndTimes) {
  WriteText(directory_ / "f", "123");
  const timespec times[2] = {{77, 0}, {88, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, (directory_ / "f").c_str(), times, 0), 0);
  ASSERT_EQ(::symlink("f", (directory_ / "l").c_str()), 0);
  auto found = host_->List(directory_.path());
  ASSERT_TRUE(found) << found.error().message;
  std::ranges::sort(*found, {}, &DirectoryEntry::name);
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ((*found)[0].name, "f");
  EXPECT_EQ((*found)[0].info.size, 3U);
  EXPECT_EQ((*found)[0].info.modified, 88);
  EXPECT_EQ((*found)[1].info.type, FileInfo::Type::kSymlink);
  EXPECT_EQ(host_->List(directory_ / "none").error().code, "file-absent");
}

INSTANTIATE_TEST_SUITE_P(Sftp, RemoteHostTest,
                         testing::Values("/usr/lib/openssh/sftp-server", "internal-sftp",
                                         "/usr/lib/openssh/sftp-server -P posix-rename,fsync"),
                         [](const auto& suite) {
                           return std::string(suite.index == 0   ? "server"
                                              : suite.index == 1 ? "internal"
                                                                 : "bare");
                         });

class RemoteRunTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    sshd_ = new Sshd;
    auto host = RemoteHost::Connect(sshd_->Target());
    ASSERT_TRUE(host) << host.error().message;
    host_ = host->release();
  }
  static void TearDownTestSuite() {
    delete host_;
    delete sshd_;
  }
  static Result<CommandResult> Run(const std::vector<std::string>& argv,
                                   milliseconds timeout = milliseconds(20000)) {
    return host_->Run(argv, timeout);
  }

  static inline Sshd* sshd_ = nullptr;
  static inline RemoteHost* host_ = nullptr;
};

TEST(QuoteTest, Words) {
  EXPECT_EQ(QuoteWord(""), "''");
  EXPECT_EQ(QuoteWord("it's"), "'it'\\''s'");
  EXPECT_EQ(QuoteWords({"a", "b c"}), "'a' 'b c'");
}

TEST_F(RemoteRunTest, WordsArriveAsGiven) {
  const std::vector<std::string> words = {"",     " ",    "it's",     "\"",         "$HOME",
                                          "`id`", "a\nb", "\\",       "!x",         "*",
                                          "~",    "-n",   "\xFF\x01", ";rm -rf /x", "'''"};
  std::vector<std::string> argv = {"printf", "%s|"};
  argv.insert(argv.end(), words.begin(), words.end());
  std::string expected;
  for (const std::string& word : words) expected += word + "|";
  const auto result = Run(argv);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->output, expected);
  EXPECT_EQ(result->exit_code, 0);
}

TEST_F(RemoteRunTest, ExitCodesAndStreams) {
  const auto failed = Run({"sh", "-c", "echo out; echo err >&2; exit 7"});
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->exit_code, 7);
  EXPECT_EQ(failed->output, "out\n");
  EXPECT_EQ(failed->errors, "err\n");
  EXPECT_EQ(Run({"sh", "-c", "kill -9 $$"})->exit_code, 137);
  EXPECT_EQ(Run({"no-such-program"})->exit_code, 127);
  EXPECT_EQ(Run({"cat"})->exit_code, 0);  // no input to wait for
  EXPECT_EQ(Run({}).error().code, "command-empty");
  EXPECT_EQ(Run({std::string("a\0b", 3)}).error().code, "command-word-invalid");
}

TEST_F(RemoteRunTest, BigOutputOnBothStreamsIsCut) {
  const auto result = Run({"sh", "-c", "head -c 9000000 /dev/zero | tee /dev/stderr; exit 3"});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->output.size(), kCommandOutputLimit);
  EXPECT_EQ(result->errors.size(), kCommandOutputLimit);
}

TEST_F(RemoteRunTest, TimeoutThenTheNextCommandWorks) {
  const auto start = steady_clock::now();
  const auto result = Run({"sleep", "30"}, milliseconds(400));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "command-timeout");
  EXPECT_EQ(result.error().kind, ErrorKind::kTryLater);
  EXPECT_LT(steady_clock::now() - start, milliseconds(3000));
  EXPECT_EQ(Run({"echo", "on"})->output, "on\n");
}

TEST_F(RemoteRunTest, WhatIsLeftRunningIsNotWaitedFor) {
  const auto start = steady_clock::now();
  const auto result = Run({"sh", "-c", "sleep 5 & echo started"});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->output, "started\n");
  EXPECT_LT(steady_clock::now() - start, milliseconds(3500));
}

TEST_F(RemoteRunTest, InputArrivesWhole) {
  const std::string input(3'000'000, 'x');
  EXPECT_EQ(host_->RunWithInput({"cat"}, milliseconds(20000), input)->output, input);
  EXPECT_EQ(host_->RunWithInput({"true"}, milliseconds(20000), input)->exit_code, 0);
  EXPECT_EQ(host_->RunWithInput({"cat"}, milliseconds(20000), "")->output, "");
}

TEST_F(RemoteRunTest, AHeldLockIsHeldUntilItGoes) {
  const TemporaryDirectory directory;
  const std::vector<std::string> lock = {"flock",          "-w", "5", "-E", "75", "--",
                                         directory.path(), "cat"};
  const std::string probe = "flock -n " + directory.path() + " true";
  auto first = host_->Hold(lock);
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(first->held);
  EXPECT_NE(Shell(probe), 0);
  EXPECT_EQ(Run({"echo", "meanwhile"})->output, "meanwhile\n");
  EXPECT_NE(Shell(probe), 0);
  const auto second = host_->Hold({"flock", "-n", "-E", "75", "--", directory.path(), "cat"});
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_FALSE(second->held);
  EXPECT_EQ(second->ended.exit_code, 75);
  first->held.reset();
  auto again = host_->Hold(lock);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->held);
  EXPECT_EQ(host_->Hold({"no-such-program"})->ended.exit_code, 127);
}

TEST_F(RemoteRunTest, DialReachesTheNodesPorts) {
  // The server itself answers there, with its banner.
  const auto fd = host_->Dial("127.0.0.1", sshd_->port());
  ASSERT_TRUE(fd) << fd.error().message;
  const UniqueFd owner(*fd);
  char banner[8] = {};
  ASSERT_EQ(::recv(*fd, banner, 7, MSG_WAITALL), 7);
  EXPECT_STREQ(banner, "SSH-2.0");
  const auto refused = host_->Dial("127.0.0.1", FreePort());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "ssh-forward-refused");
}

TEST(RemoteHostLinkTest, LostLinkIsTold) {
  const Sshd sshd;
  auto host = RemoteHost::Connect(sshd.Target());
  ASSERT_TRUE(host) << host.error().message;
  ASSERT_TRUE((*host)->Stat("/"));
  for (const pid_t pid : sshd.Serving()) ::kill(pid, SIGKILL);
  const auto info = (*host)->Stat("/");
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().kind, ErrorKind::kTryLater);
  EXPECT_EQ((*host)->Run({"true"}, milliseconds(1000)).error().kind, ErrorKind::kTryLater);
}

TEST(RemoteHostLinkTest, NoSftpIsToBeFixed) {
  SshdOptions options;
  options.sftp = "";
  const Sshd sshd(options);
  auto host = RemoteHost::Connect(sshd.Target());
  ASSERT_TRUE(host) << host.error().message;
  EXPECT_EQ((*host)->Stat("/").error().code, "ssh-sftp-missing");
  EXPECT_EQ((*host)->Run({"true"}, milliseconds(5000))->exit_code, 0);
}

}  // namespace
}  // namespace syncgate
