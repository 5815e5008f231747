#include "ssh/sftp.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "core/file_names.h"
#include "ssh/deadline.h"

namespace syncgate {
namespace {

// Longer than any healthy disk takes for one request.
constexpr std::chrono::seconds kRequestTime{30};
// What every SFTP server takes in one request.
constexpr std::size_t kPiece = 32 * 1024;

FileInfo::Type TypeOf(const sftp_attributes_struct& attributes) {
  switch (attributes.type) {
    case SSH_FILEXFER_TYPE_REGULAR:
      return FileInfo::Type::kRegular;
    case SSH_FILEXFER_TYPE_DIRECTORY:
      return FileInfo::Type::kDirectory;
    case SSH_FILEXFER_TYPE_SYMLINK:
      return FileInfo::Type::kSymlink;
    default:
      return FileInfo::Type::kOther;
  }
}

FileInfo InfoOf(const sftp_attributes_struct& found) {
  FileInfo info;
  info.type = TypeOf(found);
  info.mode = found.permissions & 07777;
  info.uid = found.uid;
  info.gid = found.gid;
  info.size = found.size;
  info.modified = found.mtime;
  return info;
}

struct SftpDirCloser {
  void operator()(sftp_dir directory) const { sftp_closedir(directory); }
};

struct StatvfsDeleter {
  void operator()(sftp_statvfs_t info) const { sftp_statvfs_free(info); }
};

}  // namespace

Result<Sftp> Sftp::Start(SshSession* session) {
  Deadline deadline(session->socket(), kRequestTime);
  SftpHandle handle(sftp_new(session->raw()));
  if (handle && sftp_init(handle.get()) == SSH_OK) return Sftp(session, std::move(handle));
  if (ssh_is_connected(session->raw()) == 0) {
    return std::unexpected(session->LinkError(deadline.expired()));
  }
  return Fail(ErrorKind::kFixProject, "ssh-sftp-missing",
              session->where() + " offers no SFTP: " + ssh_get_error(session->raw()) + ".",
              "Enable `Subsystem sftp` in its sshd_config; and the login shell's start-up files "
              "must print nothing there.");
}

std::unexpected<Error> Sftp::Failed(std::string_view deed, const std::string& path,
                                    const Deadline& deadline) {
  const int code = sftp_get_error(handle_.get());
  if (ssh_is_connected(session_->raw()) == 0 || deadline.expired() || code == SSH_FX_OK ||
      code == SSH_FX_CONNECTION_LOST) {
    return std::unexpected(session_->LinkError(deadline.expired()));
  }
  std::string message = "Cannot ";
  message += deed;
  message += " " + path + " on " + session_->where() + ": ";
  switch (code) {
    case SSH_FX_NO_SUCH_FILE:
    case SSH_FX_NO_SUCH_PATH:
      return Fail(ErrorKind::kFailed, "file-absent",
                  message + "there is no such file or directory.", "Check the path.");
    case SSH_FX_PERMISSION_DENIED:
      return Fail(ErrorKind::kFailed, "file-permission", message + "permission denied.",
                  "Give the login user the right to do this.");
    default:
      return Fail(ErrorKind::kFailed, "file-failed",
                  message + ssh_get_error(session_->raw()) + ".");
  }
}

bool Sftp::flushes() const {
  return sftp_extension_supported(handle_.get(), "fsync@openssh.com", "1") != 0;
}

Result<FileInfo> Sftp::Stat(const std::string& path, bool follow) {
  Deadline deadline(session_->socket(), kRequestTime);
  const SftpAttributesHandle found(follow ? sftp_stat(handle_.get(), path.c_str())
                                          : sftp_lstat(handle_.get(), path.c_str()));
  if (!found) {
    std::unexpected<Error> failed = Failed("look at", path, deadline);
    if (failed.error().code == "file-absent") return FileInfo{};
    return failed;
  }
  return InfoOf(*found);
}

Result<std::vector<DirectoryEntry>> Sftp::List(const std::string& directory) {
  Deadline deadline(session_->socket(), kRequestTime);
  const std::unique_ptr<sftp_dir_struct, SftpDirCloser> open(
      sftp_opendir(handle_.get(), directory.c_str()));
  if (!open) return Failed("list", directory, deadline);
  std::vector<DirectoryEntry> entries;
  while (const SftpAttributesHandle found{sftp_readdir(handle_.get(), open.get())}) {
    deadline.Extend();
    const std::string name = found->name;
    if (name != "." && name != "..") entries.push_back({name, InfoOf(*found)});
  }
  if (sftp_dir_eof(open.get()) == 0) return Failed("list", directory, deadline);
  return entries;
}

Result<std::string> Sftp::Read(const std::string& path, std::uint64_t limit) {
  // Opening a FIFO would make the server wait.
  const FileInfo info = TRY(Stat(path, true));
  if (info.type != FileInfo::Type::kRegular && info.type != FileInfo::Type::kAbsent) {
    return Fail(ErrorKind::kFailed, "file-not-regular",
                path + " on " + session_->where() + " is not a regular file.");
  }
  Deadline deadline(session_->socket(), kRequestTime);
  const SftpFileHandle file(sftp_open(handle_.get(), path.c_str(), O_RDONLY, 0));
  if (!file) return Failed("open", path, deadline);
  std::string bytes;
  std::vector<char> piece(kPiece);
  for (;;) {
    deadline.Extend();
    const ssize_t got = sftp_read(file.get(), piece.data(), piece.size());
    if (got < 0) return Failed("read", path, deadline);
    if (got == 0) return bytes;
    bytes.append(piece.data(), static_cast<std::size_t>(got));
    if (bytes.size() > limit) {
      return Fail(ErrorKind::kFailed, "file-too-large",
                  path + " on " + session_->where() + " is larger than " + std::to_string(limit) +
                      " bytes.");
    }
  }
}

// SFTP has no code for a full disk.
bool Sftp::IsFull(const std::string& path, std::uint64_t needed) {
  Deadline deadline(session_->socket(), kRequestTime);
  const std::unique_ptr<sftp_statvfs_struct, StatvfsDeleter> info(
      sftp_statvfs(handle_.get(), ParentOf(path).c_str()));
  return info &&
         (info->f_bavail * info->f_frsize < needed || (info->f_files > 0 && info->f_favail == 0));
}

Result<void> Sftp::WriteAll(sftp_file file, std::string_view bytes, const std::string& path,
                            Deadline* deadline) {
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    deadline->Extend();
    const std::string_view piece = bytes.substr(at, kPiece);
    if (sftp_write(file, piece.data(), piece.size()) != static_cast<ssize_t>(piece.size())) {
      return Failed("write to", path, *deadline);
    }
  }
  deadline->Extend();
  if (flushes() && sftp_fsync(file) != 0) return Failed("flush", path, *deadline);
  return {};
}

Result<void> Sftp::WriteNew(const std::string& path, std::string_view bytes) {
  Deadline deadline(session_->socket(), kRequestTime);
  SftpFileHandle file(sftp_open(handle_.get(), path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600));
  Result<void> written;
  if (!file) {
    written = Failed("create", path, deadline);
    if (written.error().code != "file-failed") return written;
    // SFTP 3 has no code for it either.
    if (TRY(Stat(path, false)).type != FileInfo::Type::kAbsent) {
      return Fail(ErrorKind::kFailed, "file-exists",
                  path + " on " + session_->where() + " exists already.");
    }
  } else {
    written = WriteAll(file.get(), bytes, path, &deadline);
    if (written && sftp_close(file.release()) != SSH_OK) written = Failed("close", path, deadline);
  }
  if (!written && written.error().code == "file-failed" && IsFull(path, bytes.size())) {
    return Fail(ErrorKind::kFailed, "file-no-space",
                "There is no space for " + path + " on " + session_->where() + ".",
                "Free some space there and run again.");
  }
  return written;
}

Result<void> Sftp::ChangeMode(const std::string& path, std::uint32_t mode) {
  Deadline deadline(session_->socket(), kRequestTime);
  if (sftp_chmod(handle_.get(), path.c_str(), mode) == SSH_OK) return {};
  return Failed("set the mode of", path, deadline);
}

Result<void> Sftp::ChangeOwner(const std::string& path, std::uint32_t uid, std::uint32_t gid) {
  Deadline deadline(session_->socket(), kRequestTime);
  if (sftp_chown(handle_.get(), path.c_str(), uid, gid) == SSH_OK) return {};
  return Failed("give the old file's owner to", path, deadline);
}

Result<void> Sftp::Remove(const std::string& path) {
  Deadline deadline(session_->socket(), kRequestTime);
  if (sftp_unlink(handle_.get(), path.c_str()) == SSH_OK) return {};
  std::unexpected<Error> failed = Failed("remove", path, deadline);
  if (failed.error().code == "file-absent") return {};
  return failed;
}

Result<void> Sftp::MakeDirectory(const std::string& path, std::uint32_t mode) {
  {
    Deadline deadline(session_->socket(), kRequestTime);
    if (sftp_mkdir(handle_.get(), path.c_str(), mode) != SSH_OK) {
      return Failed("create the directory", path, deadline);
    }
  }
  // Not at the mercy of the umask.
  return ChangeMode(path, mode);
}

}  // namespace syncgate
