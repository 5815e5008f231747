// A node reached over SSH: files by SFTP, commands by exec, sockets through channels.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/node_host.h"
#include "core/result.h"
#include "ssh/target.h"

namespace syncgate {

// What NodeHost promises, and:
// - Needs SFTP and a POSIX shell with mv -T, and GNU cp for extended attributes and ACLs: another
// cp
//   (busybox) leaves them behind without a word.
// - Replace: kOutcomeUnknown "file-replace-unknown" where the link was lost while the file was
// being
//   renamed: the old or the new file is there, whole; look. Otherwise an error leaves the old file
//   in place, and the temporary one is removed unless the link is gone.
// - Run: a program that is not there is exit code 127, as the shell says. "command-timeout": the
// command
//   was sent SIGTERM.
// - Remove of an absent file is no error.
// - Once an error ssh-link-lost or ssh-timeout was returned, make a new object.
class RemoteHost : public NodeHost {
 public:
  // Logs in; errors as SshSession::Connect.
  static Result<std::unique_ptr<RemoteHost>> Connect(const SshTarget& target);
  ~RemoteHost() override;

  Result<FileInfo> Stat(const std::string& path) override;
  Result<std::string> Read(const std::string& path, std::uint64_t limit) override;
  Result<std::vector<DirectoryEntry>> List(const std::string& directory) override;
  Result<void> Create(const std::string& path, std::string_view bytes, std::uint32_t mode) override;
  Result<void> Replace(const std::string& path, std::string_view bytes,
                       const FileInfo& like) override;
  Result<void> Remove(const std::string& path) override;
  Result<void> MakeDirectories(const std::string& path, std::uint32_t mode) override;
  Result<CommandResult> RunWithInput(const std::vector<std::string>& argv,
                                     std::chrono::milliseconds timeout,
                                     std::string_view input) override;
  Result<HoldResult> Hold(const std::vector<std::string>& argv) override;
  Result<int> Dial(const std::string& host, std::uint16_t port) override;

 private:
  struct Parts;
  explicit RemoteHost(std::unique_ptr<Parts> parts);

  Result<void> FillTemporary(const std::string& temporary, std::string_view bytes,
                             const FileInfo& like);
  Result<void> Rename(const std::string& temporary, const std::string& path, std::uint32_t mode);

  std::unique_ptr<Parts> parts_;
};

}  // namespace syncgate
