// The files of a node that the login user may not touch, through `sudo -n`: never a password, never
// a shell. Commands and connections stay the login user's.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "config/node_host.h"

namespace syncgate {

// What NodeHost promises, and: every deed is a GNU program with a fixed list of words (stat, cat,
// find, dd, chmod, chown, cp, sync, mv, rm, mkdir); a new file is made empty, closed to others, and
// only then filled. Errors beside those of NodeHost: kRefused "sudo-refused" where sudo runs
// nothing for us; kFailed "sudo-command-failed" where one command of those was not allowed, or
// failed; kRefused "sudo-directory-untrusted" where a third could have root work on a file of his
// choice, as sshd's StrictModes and sudo's own checks see it: each directory above a file that is
// read, written or removed is a real one, of root or the login user, and writable by nobody else;
// one further up may have the sticky bit instead.
class SudoHost : public NodeHost {
 public:
  explicit SudoHost(NodeHost& inner) : inner_(inner) {}

  Result<FileInfo> Stat(const std::string& path) override;
  Result<std::string> Read(const std::string& path, std::uint64_t limit) override;
  Result<std::vector<DirectoryEntry>> List(const std::string& directory) override;
  Result<void> Create(const std::string& path, std::string_view bytes, std::uint32_t mode) override;
  Result<void> Replace(const std::string& path, std::string_view bytes,
                       const FileInfo& like) override;
  Result<void> Remove(const std::string& path) override;
  Result<void> MakeDirectories(const std::string& path, std::uint32_t mode) override;
  // Not through sudo (WithSudo is for that).
  Result<CommandResult> RunWithInput(const std::vector<std::string>& argv,
                                     std::chrono::milliseconds timeout,
                                     std::string_view input) override;
  // Through sudo.
  Result<HoldResult> Hold(const std::vector<std::string>& argv) override;
  Result<int> Dial(const std::string& host, std::uint16_t port) override;

 private:
  Result<CommandResult> Sudo(const std::vector<std::string>& argv, std::string_view input = {});
  // The same; an exit code other than 0 is "sudo-command-failed".
  Result<void> Must(const std::vector<std::string>& argv, std::string_view input = {});
  // Makes `path`, which must not exist, and fills it; what was made stays on an error.
  Result<void> Fill(const std::string& path, std::string_view bytes);
  // kOutcomeUnknown "file-replace-unknown" where mv may still be at it.
  Result<void> Rename(const std::string& temporary, const std::string& path);

  // Once a directory: those above it are root's, and stay as they are.
  Result<void> Trust(const std::string& directory);

  NodeHost& inner_;
  std::set<std::string> trusted_;
};

// argv as it runs through `sudo -n`.
std::vector<std::string> WithSudo(std::vector<std::string> argv);

}  // namespace syncgate
