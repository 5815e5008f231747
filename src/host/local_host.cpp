#include "host/local_host.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <cerrno>
#include <memory>

#include "core/fault.h"
#include "core/file_names.h"
#include "core/unique_fd.h"
#include "host/dial.h"
#include "host/file_error.h"
#include "host/files.h"
#include "host/held_command.h"
#include "host/run_command.h"

namespace syncgate {
namespace {

FileInfo::Type TypeOf(mode_t mode) {
  if (S_ISREG(mode)) return FileInfo::Type::kRegular;
  if (S_ISDIR(mode)) return FileInfo::Type::kDirectory;
  if (S_ISLNK(mode)) return FileInfo::Type::kSymlink;
  return FileInfo::Type::kOther;
}

FileInfo InfoOf(const struct stat& found) {
  FileInfo info;
  info.type = TypeOf(found.st_mode);
  info.mode = found.st_mode & 07777;
  info.uid = found.st_uid;
  info.gid = found.st_gid;
  info.size = static_cast<std::uint64_t>(found.st_size);
  info.modified = found.st_mtime;
  return info;
}

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

// Whether a file that lacks this attribute is still the file its owner made: labels and the like
// are the kernel's own business, and mostly only root's.
bool MayBeMissing(std::string_view name) {
  return name.starts_with("security.") || name.starts_with("trusted.");
}

// Attributes and ACLs. A directory's default ACL has given `to` one of its own, which fchmod would
// open to those whom the old file kept out.
Result<void> CopyAttributes(const std::string& from, int to, const std::string& to_path) {
  if (::fremovexattr(to, "system.posix_acl_access") != 0 && errno != ENODATA &&
      errno != EOPNOTSUPP) {
    return FailFile("take the directory's ACL from", to_path, errno);
  }
  const ssize_t size = ::llistxattr(from.c_str(), nullptr, 0);
  if (size <= 0) return {};
  std::string names(static_cast<std::size_t>(size), '\0');
  const ssize_t got = ::llistxattr(from.c_str(), names.data(), names.size());
  if (got <= 0) return {};
  names.resize(static_cast<std::size_t>(got));
  for (std::size_t at = 0; at < names.size(); at += std::string_view(&names[at]).size() + 1) {
    const std::string_view name(&names[at]);
    std::string value(65536, '\0');  // XATTR_SIZE_MAX
    const ssize_t length = ::lgetxattr(from.c_str(), &names[at], value.data(), value.size());
    const bool copied = length >= 0 && ::fsetxattr(to, &names[at], value.data(),
                                                   static_cast<std::size_t>(length), 0) == 0;
    if (copied || MayBeMissing(name)) continue;
    auto failed = FailFile("keep the attribute " + std::string(name) + " for", to_path, errno);
    failed.error().code = "file-attributes";
    return failed;
  }
  return {};
}

// Creates `path` (which must not exist) and gives it owner and mode only once its bytes are in.
Result<void> WriteNew(const std::string& path, std::string_view bytes, const FileInfo& like,
                      const std::string* attributes_of) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd.valid()) return FailFile("create", path, errno);
  TRY(WriteAll(fd.get(), bytes, path));
  if (attributes_of != nullptr) TRY(CopyAttributes(*attributes_of, fd.get(), path));
  struct stat info = {};
  if (::fstat(fd.get(), &info) != 0) return FailFile("create", path, errno);
  if (attributes_of != nullptr && (info.st_uid != like.uid || info.st_gid != like.gid) &&
      ::fchown(fd.get(), like.uid, like.gid) != 0) {
    return FailFile("give the old file's owner to", path, errno);
  }
  // After chown, which clears set-user-ID bits.
  if (::fchmod(fd.get(), like.mode) != 0) return FailFile("set the mode of", path, errno);
  if (::fsync(fd.get()) != 0) return FailFile("flush", path, errno);
  if (::close(fd.release()) != 0) return FailFile("close", path, errno);
  return {};
}

}  // namespace

Result<FileInfo> LocalHost::Stat(const std::string& path) {
  struct stat found = {};
  if (::lstat(path.c_str(), &found) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return FileInfo{};
    return FailFile("look at", path, errno);
  }
  return InfoOf(found);
}

Result<std::string> LocalHost::Read(const std::string& path, std::uint64_t limit) {
  return ReadFile(path, limit);
}

Result<std::vector<DirectoryEntry>> LocalHost::List(const std::string& directory) {
  const std::unique_ptr<DIR, DirectoryCloser> open(::opendir(directory.c_str()));
  if (!open) return FailFile("list", directory, errno);
  std::vector<DirectoryEntry> entries;
  for (;;) {
    errno = 0;
    const dirent* found = ::readdir(open.get());
    if (found == nullptr && errno != 0) return FailFile("list", directory, errno);
    if (found == nullptr) return entries;
    const std::string name = found->d_name;
    if (name == "." || name == "..") continue;
    struct stat info = {};
    // What has gone meanwhile is not there.
    if (::fstatat(::dirfd(open.get()), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
    entries.push_back({name, InfoOf(info)});
  }
}

Result<void> LocalHost::Create(const std::string& path, std::string_view bytes,
                               std::uint32_t mode) {
  FileInfo like;
  like.mode = mode;
  Result<void> written = WriteNew(path, bytes, like, nullptr);
  // O_EXCL failing means the file is another's; any other failure leaves ours behind.
  if (!written) {
    if (written.error().code != "file-exists") ::unlink(path.c_str());
    return written;
  }
  return SyncParent(path);
}

Result<void> LocalHost::Replace(const std::string& path, std::string_view bytes,
                                const FileInfo& like) {
  const std::string temporary = TemporaryNameFor(path);
  Result<void> written = WriteNew(temporary, bytes, like, &path);
  if (written) FaultPoint("config.temporary");
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
    written = FailFile("replace", path, errno);
  }
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return SyncParent(path);
}

Result<void> LocalHost::Remove(const std::string& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return FailFile("remove", path, errno);
}

Result<void> LocalHost::MakeDirectories(const std::string& path, std::uint32_t mode) {
  return MakeDirectoriesAt(path, mode);
}

Result<CommandResult> LocalHost::RunWithInput(const std::vector<std::string>& argv,
                                              std::chrono::milliseconds timeout,
                                              std::string_view input) {
  return RunCommand(argv, timeout, input, stop());
}

Result<HoldResult> LocalHost::Hold(const std::vector<std::string>& argv) {
  return HoldCommand(argv);
}

Result<int> LocalHost::Dial(const std::string& host, std::uint16_t port) {
  UniqueFd fd = TRY(DialTcp(host, port, std::chrono::seconds(10)));
  return fd.release();
}

}  // namespace syncgate
