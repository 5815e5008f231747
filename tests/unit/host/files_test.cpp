#include "host/files.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "temporary.h"

namespace syncgate {
namespace {

template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result ? "" : result.error().code;
}

mode_t ModeOf(const std::string& path) {
  struct stat info = {};
  ::stat(path.c_str(), &info);
  return info.st_mode & 07777;
}

// While it lives, files cannot grow past `bytes` (EFBIG), much as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = {bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_ = {};
};

TEST(FilesTest, RoundTripAndMode) {
  const TemporaryDirectory directory;
  const std::string path = directory / "a b\n'c'";
  const std::string bytes("x\0y\n", 4);
  ASSERT_EQ(CodeOf(WriteFileAtomic(path, bytes)), "");
  EXPECT_EQ(ModeOf(path), 0600u);
  EXPECT_EQ(*ReadFile(path, 4), bytes);
  ASSERT_EQ(CodeOf(WriteFileAtomic(path, "", 0644)), "");
  EXPECT_EQ(ModeOf(path), 0644u);
  EXPECT_EQ(*ReadFile(path, 0), "");
  EXPECT_EQ(directory.entries(), 1);
}

TEST(FilesTest, ReadErrors) {
  const TemporaryDirectory directory;
  EXPECT_EQ(CodeOf(ReadFile(directory / "absent", 10)), "file-absent");
  EXPECT_EQ(CodeOf(ReadFile(directory.path(), 10)), "file-not-regular");
  ASSERT_EQ(::mkfifo((directory / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(CodeOf(ReadFile(directory / "fifo", 10)), "file-not-regular");
  WriteText(directory / "big", "12345");
  EXPECT_EQ(CodeOf(ReadFile(directory / "big", 4)), "file-too-large");
  EXPECT_EQ(*ReadFile("/proc/self/comm", 100), "unit_host\n");  // says it is 0 bytes long
}

TEST(FilesTest, ParentsAreMadeWhenAsked) {
  const TemporaryDirectory directory;
  const std::string path = directory / "a/b/c.json";
  EXPECT_EQ(CodeOf(WriteFileAtomic(path, "x")), "file-absent");
  ASSERT_EQ(CodeOf(WriteFileAtomic(path, "x", 0600, Parents::kCreate)), "");
  EXPECT_EQ(ModeOf(directory / "a/b"), 0700u);
}

TEST(FilesTest, AFailedWriteLeavesTheOldFileAndNothingElse) {
  const TemporaryDirectory directory;
  const std::string path = directory / "file";
  ASSERT_EQ(CodeOf(WriteFileAtomic(path, "old")), "");
  {
    const FileSizeLimit limit(1000);
    EXPECT_EQ(CodeOf(WriteFileAtomic(path, std::string(5000, 'x'))), "file-failed");
  }
  EXPECT_EQ(ReadText(path), "old");
  EXPECT_EQ(directory.entries(), 1);
}

TEST(FilesTest, AppendingToAFullDeviceFails) {
  auto full = AppendFile::Open("/dev/full");
  ASSERT_TRUE(full);
  EXPECT_EQ(CodeOf(full->Append("x")), "file-failed");  // cannot be cut back, being a device
}

TEST(FilesTest, AppendGoesOnWhereItWas) {
  const TemporaryDirectory directory;
  const std::string path = directory / "journal";
  {
    auto file = AppendFile::Open(path);
    ASSERT_TRUE(file);
    ASSERT_EQ(CodeOf(file->Append("one\n")), "");
    ASSERT_EQ(CodeOf(file->Sync()), "");
    EXPECT_EQ(file->position(), 4u);
  }
  auto file = AppendFile::Open(path);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->position(), 4u);
  ASSERT_EQ(CodeOf(file->Append("two\n")), "");
  EXPECT_EQ(ReadText(path), "one\ntwo\n");
  EXPECT_EQ(ModeOf(path), 0600u);
}

TEST(FilesTest, AHalfAppendedLineIsCutBack) {
  const TemporaryDirectory directory;
  const std::string path = directory / "journal";
  auto file = AppendFile::Open(path);
  ASSERT_TRUE(file);
  ASSERT_EQ(CodeOf(file->Append("one\n")), "");
  {
    const FileSizeLimit limit(100);
    EXPECT_NE(CodeOf(file->Append(std::string(500, 'x'))), "");
  }
  EXPECT_EQ(ReadText(path), "one\n");
  EXPECT_EQ(file->position(), 4u);
  ASSERT_EQ(CodeOf(file->Append("two\n")), "");
  EXPECT_EQ(ReadText(path), "one\ntwo\n");
}

TEST(FilesTest, ALockIsHeldOnce) {
  const TemporaryDirectory directory;
  const std::string path = directory / "lock";
  {
    auto lock = LockFile(path);
    ASSERT_TRUE(lock);
    auto second = LockFile(path);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "artifacts-locked");
    EXPECT_EQ(second.error().kind, ErrorKind::kTryLater);
  }
  EXPECT_TRUE(LockFile(path));
}

}  // namespace
}  // namespace syncgate
