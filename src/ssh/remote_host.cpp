#include "ssh/remote_host.h"

#include <array>
#include <cstdio>
#include <optional>

#include "config/text.h"
#include "core/fault.h"
#include "core/file_names.h"
#include "ssh/exec.h"
#include "ssh/held_command.h"
#include "ssh/pump.h"
#include "ssh/quote.h"
#include "ssh/session.h"
#include "ssh/sftp.h"

namespace syncgate {

// Destroyed from the last to the first: SFTP's channel belongs to the session.
struct RemoteHost::Parts {
  SshTarget target;
  std::unique_ptr<ChannelPump> pump;  // a second login, made by the first Dial
  std::unique_ptr<SshSession> session;
  std::optional<Sftp> sftp;

  Result<Sftp*> Files() {
    if (!sftp) sftp.emplace(TRY(Sftp::Start(session.get())));
    return &*sftp;
  }
};

namespace {

constexpr std::chrono::seconds kHouseworkTime{30};

bool IsLinkError(const Error& error) { return error.kind == ErrorKind::kTryLater; }

// Directories are flushed by the node's `sync`, since SFTP cannot, and so is a file where the
// server lacks fsync@openssh.com. Whether that works is not known.
std::string SyncLine(const std::string& path, bool file_too) {
  const std::string file = file_too ? "sync -- " + QuoteWord(path) + " 2>/dev/null; " : "";
  return file + "sync -- " + QuoteWord(ParentOf(path)) + " 2>/dev/null || :";
}

// A line for sh, whatever shell the login user has: one of another kind, or a restricted one, reads
// parts of it as something else and goes on.
Result<CommandResult> ExecuteLine(SshSession* session, const std::string& line) {
  return Execute(session, QuoteWords({"sh", "-c", line}), kHouseworkTime);
}

// One line, because starting the user's shell can be slow. GNU cp copies extended attributes, ACLs
// and the SELinux label, or says that it cannot (exit code kAttributesLost); chmod then makes the
// ACL's mask what it was. Another cp (busybox) keeps none of them; the ACL that a directory's
// default one has given must go then, or chmod opens the file to those whom the old one kept out.
// mv renames, since both names are in one directory.
constexpr int kAttributesLost = 73;
// The new file is not there: commands see other files than SFTP does (a jail, a container). cp
// would make an empty one, and mv put it over whatever has the old one's name here.
constexpr int kElsewhere = 74;

std::string ReplaceLine(const std::string& temporary, const std::string& path, std::uint32_t mode,
                        bool flush_file) {
  std::array<char, 16> octal{};
  std::snprintf(octal.data(), octal.size(), "%04o", mode & 07777);
  const std::string from = QuoteWord(path);
  const std::string to = QuoteWord(temporary);
  std::string line = "[ -f " + to + " ] || exit " + std::to_string(kElsewhere) +
                     "; p=mode,xattr; [ -e /sys/fs/selinux/enforce ] && p=$p,context; [ -f " +
                     from + " ] && { cp --attributes-only --preserve=$p -- " + from + " " + to +
                     " 2>/dev/null || { cp --version >/dev/null 2>&1 && exit " +
                     std::to_string(kAttributesLost) + "; setfacl -b -- " + to +
                     " 2>/dev/null; }; }; ";
  line += "chmod " + std::string(octal.data()) + " -- " + to;
  if (flush_file) line += " && { sync -- " + to + " 2>/dev/null || :; }";
  return line + " && mv -fT -- " + to + " " + from + " && { " + SyncLine(path, false) + "; }";
}

}  // namespace

RemoteHost::RemoteHost(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RemoteHost::~RemoteHost() = default;

Result<std::unique_ptr<RemoteHost>> RemoteHost::Connect(const SshTarget& target) {
  auto parts = std::make_unique<Parts>();
  parts->target = target;
  parts->session = TRY(SshSession::Connect(target));
  return std::unique_ptr<RemoteHost>(new RemoteHost(std::move(parts)));
}

Result<FileInfo> RemoteHost::Stat(const std::string& path) {
  Sftp* files = TRY(parts_->Files());
  return files->Stat(path, false);
}

Result<std::string> RemoteHost::Read(const std::string& path, std::uint64_t limit) {
  Sftp* files = TRY(parts_->Files());
  return files->Read(path, limit);
}

Result<std::vector<DirectoryEntry>> RemoteHost::List(const std::string& directory) {
  Sftp* files = TRY(parts_->Files());
  return files->List(directory);
}

Result<void> RemoteHost::Create(const std::string& path, std::string_view bytes,
                                std::uint32_t mode) {
  Sftp* files = TRY(parts_->Files());
  Result<void> done = files->WriteNew(path, bytes);
  if (!done && done.error().code == "file-exists") return done;
  if (done) done = files->ChangeMode(path, mode);
  if (!done) {
    if (!IsLinkError(done.error())) (void)files->Remove(path);
    return done;
  }
  (void)ExecuteLine(parts_->session.get(), SyncLine(path, !files->flushes()));
  return {};
}

Result<void> RemoteHost::FillTemporary(const std::string& temporary, std::string_view bytes,
                                       const FileInfo& like) {
  Sftp* files = TRY(parts_->Files());
  TRY(files->WriteNew(temporary, bytes));
  const FileInfo now = TRY(files->Stat(temporary, false));
  if (now.uid == like.uid && now.gid == like.gid) return {};
  return files->ChangeOwner(temporary, like.uid, like.gid);
}

// libssh before 0.11 has no posix-rename@openssh.com, and SFTP's own rename fails over an existing
// file: mv does it.
Result<void> RemoteHost::Rename(const std::string& temporary, const std::string& path,
                                std::uint32_t mode) {
  const std::string line = ReplaceLine(temporary, path, mode, !parts_->sftp->flushes());
  Result<CommandResult> moved = ExecuteLine(parts_->session.get(), line);
  if (moved && moved->exit_code == 0) return {};
  if (moved && moved->exit_code == kAttributesLost) {
    return Fail(ErrorKind::kFailed, "file-attributes",
                "The extended attributes of " + path + " on " + parts_->session->where() +
                    " cannot be kept.",
                "`getfattr -m - " + path + "` lists them; the login user may not set one of them.");
  }
  if (moved && moved->exit_code == kElsewhere) {
    return Fail(ErrorKind::kFailed, "file-elsewhere",
                "Commands on " + parts_->session->where() + " do not see what SFTP puts beside " +
                    path + ".",
                "Let both have the same root directory: no jail or container for SFTP alone.");
  }
  if (moved) {
    return Fail(ErrorKind::kFailed, "file-failed",
                "Cannot rename the new file over " + path + " on " + parts_->session->where() +
                    ": " + Excerpt(moved->errors, {}, 1000),
                "Is the file mounted by itself, as into a container, or immutable (lsattr)?");
  }
  if (!IsLinkError(moved.error())) return std::unexpected(std::move(moved).error());
  return Fail(ErrorKind::kOutcomeUnknown, "file-replace-unknown",
              "It is not known whether " + path + " was replaced. " + moved.error().message,
              "Look at the file again; it is the old or the new one, whole.");
}

Result<void> RemoteHost::Replace(const std::string& path, std::string_view bytes,
                                 const FileInfo& like) {
  const std::string temporary = TemporaryNameFor(path);
  Result<void> done = FillTemporary(temporary, bytes, like);
  if (done) FaultPoint("config.temporary");
  if (done) done = Rename(temporary, path, like.mode);
  // Where the link is gone, or mv may still be at it, the name is left alone.
  const bool removable = !done && done.error().kind == ErrorKind::kFailed;
  if (removable && parts_->sftp) (void)parts_->sftp->Remove(temporary);
  return done;
}

Result<void> RemoteHost::Remove(const std::string& path) {
  Sftp* files = TRY(parts_->Files());
  return files->Remove(path);
}

Result<void> RemoteHost::MakeDirectories(const std::string& path, std::uint32_t mode) {
  Sftp* files = TRY(parts_->Files());
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    if (part.empty() || part.back() == '/') continue;
    const FileInfo found = TRY(files->Stat(part, true));
    if (found.type == FileInfo::Type::kDirectory) continue;
    Result<void> made = files->MakeDirectory(part, mode);
    if (made) continue;
    // Somebody else may have made it meanwhile.
    const FileInfo now = TRY(files->Stat(part, true));
    if (now.type != FileInfo::Type::kDirectory) return made;
  }
  return {};
}

Result<CommandResult> RemoteHost::RunWithInput(const std::vector<std::string>& argv,
                                               std::chrono::milliseconds timeout,
                                               std::string_view input) {
  TRY(CheckCommand(argv));
  return Execute(parts_->session.get(), QuoteWords(argv), timeout, input, stop());
}

Result<HoldResult> RemoteHost::Hold(const std::vector<std::string>& argv) {
  TRY(CheckCommand(argv));
  return HoldOver(parts_->session.get(), QuoteWords(argv));
}

Result<int> RemoteHost::Dial(const std::string& host, std::uint16_t port) {
  if (!parts_->pump) {
    // libssh's sessions are used by one thread at a time: the pump's thread has its own.
    std::unique_ptr<SshSession> session = TRY(SshSession::Connect(parts_->target));
    parts_->pump = TRY(ChannelPump::Start(std::move(session)));
  }
  UniqueFd socket = TRY(parts_->pump->Dial({host, port, {}}, parts_->target.connect_timeout));
  return socket.release();
}

}  // namespace syncgate
