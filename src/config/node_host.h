// The machine a node's configuration lives on, as configuration work sees it. ssh/ implements it
// over an SSH connection, host/ for a node without `ssh` (this machine).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace syncgate {

struct FileInfo {
  enum class Type : std::uint8_t { kAbsent, kRegular, kDirectory, kSymlink, kOther };
  Type type = Type::kAbsent;
  std::uint32_t mode = 0;  // permission bits only
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size = 0;     // bytes
  std::int64_t modified = 0;  // seconds since 1970
};

struct DirectoryEntry {
  std::string name;
  FileInfo info;  // of the entry itself: a symlink is reported as one
};

struct CommandResult {
  int exit_code = 0;   // 128 + signal where one ended it
  std::string output;  // stdout
  std::string errors;  // stderr; both are cut at kCommandOutputLimit
};

// More than the largest configuration file: SudoHost reads files by `cat`.
inline constexpr std::size_t kCommandOutputLimit = 5UL * 1024 * 1024;

// A command that runs until this goes: its input ends then, and so does it.
class HeldCommand {
 public:
  virtual ~HeldCommand() = default;
};

struct HoldResult {
  std::unique_ptr<HeldCommand> held;  // null: it ended at once
  CommandResult ended;                // how, where it did
};

// Errors: kTryLater where the link is lost or the time is up, kFailed with code "file-..." where
// the file system says no. Paths are absolute on the node. Not thread-safe.
class NodeHost {
 public:
  virtual ~NodeHost() = default;

  // lstat: a symlink is reported as one. An absent file is no error.
  virtual Result<FileInfo> Stat(const std::string& path) = 0;

  // The whole file; one larger than `limit` bytes is an error ("file-too-large").
  virtual Result<std::string> Read(const std::string& path, std::uint64_t limit) = 0;

  // What is in a directory, but for "." and "..", in no order.
  virtual Result<std::vector<DirectoryEntry>> List(const std::string& directory) = 0;

  // Creates a file that must not exist yet (error "file-exists"), with exactly `mode`, flushed to
  // disk.
  virtual Result<void> Create(const std::string& path, std::string_view bytes,
                              std::uint32_t mode) = 0;

  // Replaces `path` by `bytes` atomically: a temporary file in the same directory, created 0600,
  // flushed, given the owner, group and mode of `like` and the extended attributes of the old
  // file, renamed over it. A reader sees the whole old or the whole new file. Attributes that
  // cannot be kept are an error ("file-attributes"), unless the kernel or the node's tools hide
  // them.
  virtual Result<void> Replace(const std::string& path, std::string_view bytes,
                               const FileInfo& like) = 0;

  virtual Result<void> Remove(const std::string& path) = 0;
  // mkdir -p, new directories with `mode`.
  virtual Result<void> MakeDirectories(const std::string& path, std::uint32_t mode) = 0;

  // Runs argv without a shell's interpretation (each word arrives as given) and waits.
  // `input` is its standard input.
  virtual Result<CommandResult> RunWithInput(const std::vector<std::string>& argv,
                                             std::chrono::milliseconds timeout,
                                             std::string_view input) = 0;
  Result<CommandResult> Run(const std::vector<std::string>& argv,
                            std::chrono::milliseconds timeout) {
    return RunWithInput(argv, timeout, {});
  }

  // While it is set, and says true, waiting for a command ends early: kInterrupted "interrupted".
  // Whether the command goes on then is not known.
  void set_stop(std::function<bool()> stop) { stop_ = std::move(stop); }

  // Starts argv, a command that repeats its input as `cat` does, and returns once it has repeated a
  // line, or has ended. It goes with the connection, too. Must not outlive this object.
  virtual Result<HoldResult> Hold(const std::vector<std::string>& argv) = 0;

  // A connected, blocking stream socket whose other end is host:port as seen from the node. The
  // caller owns the descriptor; it must not outlive this object.
  virtual Result<int> Dial(const std::string& host, std::uint16_t port) = 0;

 protected:
  const std::function<bool()>& stop() const { return stop_; }

 private:
  std::function<bool()> stop_;
};

// Whether argv can be run at all. kFailed "command-empty", "command-word-invalid" (a NUL byte).
Result<void> CheckCommand(const std::vector<std::string>& argv);

}  // namespace syncgate
