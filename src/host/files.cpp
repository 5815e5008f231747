#include "host/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "core/file_names.h"
#include "host/file_error.h"

namespace syncgate {
namespace {

// Removes the temporary file unless it was renamed.
class TemporaryGuard {
 public:
  explicit TemporaryGuard(const std::string& path) : path_(path) {}
  TemporaryGuard(const TemporaryGuard&) = delete;
  TemporaryGuard& operator=(const TemporaryGuard&) = delete;
  ~TemporaryGuard() {
    if (armed_) ::unlink(path_.c_str());
  }
  void Dismiss() { armed_ = false; }

 private:
  const std::string& path_;
  bool armed_ = true;
};

}  // namespace

Result<std::string> ReadFile(const std::string& path, std::uint64_t limit) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) return FailFile("open", path, errno);
  struct stat info = {};
  if (::fstat(fd.get(), &info) != 0) return FailFile("read", path, errno);
  if (!S_ISREG(info.st_mode)) {
    return Fail(ErrorKind::kFailed, "file-not-regular", path + " is not a regular file.");
  }
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(info.st_size));
  std::array<char, 65536> piece;
  for (;;) {
    const ssize_t got = ::read(fd.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailFile("read", path, errno);
    if (got == 0) return bytes;
    if (bytes.size() + static_cast<std::size_t>(got) > limit) {
      return Fail(ErrorKind::kFailed, "file-too-large",
                  path + " is larger than " + std::to_string(limit) + " bytes.");
    }
    bytes.append(piece.data(), static_cast<std::size_t>(got));
  }
}

Result<void> WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return FailFile("write to", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return {};
}

Result<void> SyncParent(const std::string& path) {
  const std::string parent = ParentOf(path);
  UniqueFd fd(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) return FailFile("open", parent, errno);
  // Some file systems cannot flush a directory and say EINVAL: there is nothing more to be had.
  if (::fsync(fd.get()) != 0 && errno != EINVAL) return FailFile("flush", parent, errno);
  return {};
}

Result<void> MakeDirectoriesAt(const std::string& path, mode_t mode) {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    if (part.empty() || part.back() == '/') continue;
    if (::mkdir(part.c_str(), mode) == 0) {
      // Not at the mercy of the umask.
      if (::chmod(part.c_str(), mode) != 0) return FailFile("set the mode of", part, errno);
      continue;
    }
    const int why = errno;
    struct stat info = {};
    if (::stat(part.c_str(), &info) != 0) return FailFile("create the directory", part, why);
    if (!S_ISDIR(info.st_mode)) return FailFile("create the directory", part, ENOTDIR);
  }
  return {};
}

Result<void> WriteFileAtomic(const std::string& path, std::string_view bytes, mode_t mode,
                             Parents parents) {
  if (parents == Parents::kCreate) TRY(MakeDirectoriesAt(ParentOf(path), 0700));
  const std::string temporary = TemporaryNameFor(path);
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd.valid()) return FailFile("create", path, errno);
  TemporaryGuard guard(temporary);
  TRY(WriteAll(fd.get(), bytes, path));
  if (::fchmod(fd.get(), mode) != 0) return FailFile("set the mode of", path, errno);
  if (::fsync(fd.get()) != 0) return FailFile("flush", path, errno);
  // Some network file systems tell a full disk only here.
  if (::close(fd.release()) != 0) return FailFile("close", path, errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return FailFile("replace", path, errno);
  guard.Dismiss();
  return SyncParent(path);
}

Result<AppendFile> AppendFile::Open(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!fd.valid()) return FailFile("open", path, errno);
  struct stat info = {};
  if (::fstat(fd.get(), &info) != 0) return FailFile("open", path, errno);
  TRY(SyncParent(path));
  return AppendFile(std::move(fd), path, static_cast<std::uint64_t>(info.st_size));
}

Result<void> AppendFile::Append(std::string_view bytes) {
  Result<void> written = WriteAll(fd_.get(), bytes, path_);
  if (written) {
    position_ += bytes.size();
  } else if (::ftruncate(fd_.get(), static_cast<off_t>(position_)) != 0) {
    return FailFile("cut back a half-written line of", path_, errno);
  }
  return written;
}

Result<void> AppendFile::Sync() {
  if (::fdatasync(fd_.get()) != 0) return FailFile("flush", path_, errno);
  return {};
}

Result<FileLock> LockFile(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.valid()) return FailFile("open", path, errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return FileLock(std::move(fd));
  if (errno != EWOULDBLOCK) return FailFile("lock", path, errno);
  return Fail(ErrorKind::kTryLater, "artifacts-locked",
              "Another syncgate holds the lock " + path + ".",
              "Wait until it has ended, or use another --artifacts directory.");
}

}  // namespace syncgate
