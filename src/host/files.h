// Files of this machine: whole reads, atomic writes, a durable journal, a lock. Errors are those of
// file_error.h unless said otherwise.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/unique_fd.h"

namespace syncgate {

// The whole file; more than `limit` bytes is "file-too-large", no regular file "file-not-regular".
Result<std::string> ReadFile(const std::string& path, std::uint64_t limit);

enum class Parents : std::uint8_t { kMustExist, kCreate };  // kCreate: mkdir -p, 0700

// A reader sees the whole old or the whole new file, also after a power cut: temporary file in the
// same directory, fsync, rename, fsync of the directory. The file has exactly `mode`.
Result<void> WriteFileAtomic(const std::string& path, std::string_view bytes, mode_t mode = 0600,
                             Parents parents = Parents::kMustExist);

// mkdir -p; new directories get exactly `mode`, existing ones keep theirs.
Result<void> MakeDirectoriesAt(const std::string& path, mode_t mode);

// Flushes the directory entries of `path`'s parent to disk.
Result<void> SyncParent(const std::string& path);

// Writes all of `bytes` to fd; `path` is for the message.
Result<void> WriteAll(int fd, std::string_view bytes, const std::string& path);

// A file that only grows: journals. One writer.
class AppendFile {
 public:
  // Opens or creates (0600) the file; a new file's directory entry is flushed.
  static Result<AppendFile> Open(const std::string& path);

  // All of `bytes`, or an error; after an error the file is cut back to where it was, so that a
  // half line never precedes a later one.
  Result<void> Append(std::string_view bytes);
  // Returns once everything appended is on disk. After an error it is unknown what is: give up.
  Result<void> Sync();
  std::uint64_t position() const { return position_; }  // bytes in the file
  const std::string& path() const { return path_; }

 private:
  AppendFile(UniqueFd fd, std::string path, std::uint64_t position)
      : fd_(std::move(fd)), path_(std::move(path)), position_(position) {}

  UniqueFd fd_;
  std::string path_;
  std::uint64_t position_ = 0;
};

// Held until destroyed; the kernel lets go of it when the process dies.
class FileLock {
 public:
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}

 private:
  UniqueFd fd_;
};

// flock on `path` (created 0600 where absent), never waiting: held by another process is kTryLater,
// "artifacts-locked".
Result<FileLock> LockFile(const std::string& path);

}  // namespace syncgate
