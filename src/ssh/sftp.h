// Files on the node over SFTP, each call bounded in time. Internal to ssh/. Errors: kTryLater
// ssh-link-lost and ssh-timeout; kFailed file-absent, file-permission, file-exists, file-too-large,
// file-no-space, file-not-regular, file-failed; kFixProject ssh-sftp-missing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/node_host.h"
#include "core/result.h"
#include "ssh/handles.h"
#include "ssh/session.h"

namespace syncgate {

class Deadline;

class Sftp {
 public:
  static Result<Sftp> Start(SshSession* session);

  // Following a symlink or not; an absent file is no error.
  Result<FileInfo> Stat(const std::string& path, bool follow);
  Result<std::string> Read(const std::string& path, std::uint64_t limit);
  Result<std::vector<DirectoryEntry>> List(const std::string& directory);
  // Creates `path`, 0600, which must not exist, writes and flushes it. What was created is left
  // behind on an error other than file-exists.
  Result<void> WriteNew(const std::string& path, std::string_view bytes);
  Result<void> ChangeMode(const std::string& path, std::uint32_t mode);
  Result<void> ChangeOwner(const std::string& path, std::uint32_t uid, std::uint32_t gid);
  Result<void> Remove(const std::string& path);  // absent: no error
  // file-exists where there is something of that name.
  Result<void> MakeDirectory(const std::string& path, std::uint32_t mode);
  // Does the server flush files (fsync@openssh.com)? If not, WriteNew did not.
  bool flushes() const;

 private:
  Sftp(SshSession* session, SftpHandle handle) : session_(session), handle_(std::move(handle)) {}

  std::unexpected<Error> Failed(std::string_view deed, const std::string& path,
                                const Deadline& deadline);
  Result<void> WriteAll(sftp_file file, std::string_view bytes, const std::string& path,
                        Deadline* deadline);
  bool IsFull(const std::string& path, std::uint64_t needed);

  SshSession* session_;
  SftpHandle handle_;
};

}  // namespace syncgate
