#include "config/sudo_host.h"

#include <sys/stat.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <sstream>
#include <utility>

#include "config/text.h"
#include "core/fault.h"
#include "core/file_names.h"

namespace syncgate {
namespace {

constexpr std::chrono::seconds kTime{60};
// One line an item: type and mode in hexadecimal, owner, group, bytes, seconds.
constexpr const char* kStatFormat = "--printf=%f %u %g %s %Y\\n";

std::string Octal(std::uint32_t mode) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04o", mode & 07777);
  return text.data();
}

FileInfo::Type TypeOf(unsigned mode) {
  if (S_ISREG(mode)) return FileInfo::Type::kRegular;
  if (S_ISDIR(mode)) return FileInfo::Type::kDirectory;
  if (S_ISLNK(mode)) return FileInfo::Type::kSymlink;
  return FileInfo::Type::kOther;
}

// False at the end, and for a line that is none of kStatFormat's.
bool ReadInfo(std::istream& lines, FileInfo* info) {
  unsigned mode = 0;
  lines >> std::hex >> mode >> std::dec >> info->uid >> info->gid >> info->size >> info->modified;
  if (!lines) return false;
  info->type = TypeOf(mode);
  info->mode = mode & 07777;
  return true;
}

std::unexpected<Error> SudoRefused(const CommandResult& result) {
  if (result.exit_code == 0) {
    return Fail(ErrorKind::kRefused, "sudo-output-unclear",
                "`sudo -n stat` did not print what it was asked for: " + Excerpt(result.output),
                "let the start-up files of the login user's shell (~/.bashrc) print nothing where "
                "there is no terminal");
  }
  return Fail(ErrorKind::kRefused, "sudo-refused",
              "`sudo -n` runs nothing for the login user: " + Excerpt(result.errors),
              "allow it the commands that steps/apply-node/README.md lists, with NOPASSWD, or take "
              "`sudo` out of the entry");
}

// "/a/b" -> "/", "/a", "/a/b".
std::vector<std::string> WithParents(const std::string& directory) {
  std::vector<std::string> all = {"/"};
  for (std::size_t slash = 0; slash != std::string::npos && slash + 1 < directory.size();) {
    slash = directory.find('/', slash + 1);
    all.push_back(directory.substr(0, slash));
  }
  return all;
}

// What is wrong with a directory on the way to a file that root writes; empty: nothing. An ACL that
// lets somebody write shows as the group's bits, so these count for root's group, too. The sticky
// bit keeps others from moving what is not theirs: enough for a directory above, but not for the
// one where the file's name could be theirs.
std::string Distrust(const FileInfo& info, std::uint32_t login, bool above) {
  if (info.type != FileInfo::Type::kDirectory) return "is no real directory";
  if (info.uid != 0 && info.uid != login) return "belongs to user " + std::to_string(info.uid);
  const bool sticky = above && (info.mode & S_ISVTX) != 0;
  const bool others = (info.mode & (S_IWOTH | S_IWGRP)) != 0;
  return others && !sticky ? "can be written by others (mode " + Octal(info.mode) + ")" : "";
}

}  // namespace

std::vector<std::string> WithSudo(std::vector<std::string> argv) {
  argv.insert(argv.begin(), {"sudo", "-n", "--"});
  return argv;
}

Result<CommandResult> SudoHost::Sudo(const std::vector<std::string>& argv, std::string_view input) {
  return inner_.RunWithInput(WithSudo(argv), kTime, input);
}

Result<void> SudoHost::Must(const std::vector<std::string>& argv, std::string_view input) {
  const CommandResult result = TRY(Sudo(argv, input));
  if (result.exit_code == 0) return {};
  return Fail(ErrorKind::kFailed, "sudo-command-failed",
              "`sudo -n " + argv.front() + "` failed (exit code " +
                  std::to_string(result.exit_code) + ") for " + argv.back() + ": " +
                  Excerpt(result.errors),
              "is there space, and does sudo allow the login user this command?");
}

Result<FileInfo> SudoHost::Stat(const std::string& path) {
  // "/" is always there: where not even that is told, it was sudo that said no.
  const CommandResult result = TRY(Sudo({"stat", kStatFormat, "--", "/", path}));
  std::istringstream lines(result.output);
  FileInfo root;
  if (!ReadInfo(lines, &root)) return SudoRefused(result);
  FileInfo info;
  if (!ReadInfo(lines, &info)) return FileInfo{};
  return info;
}

Result<void> SudoHost::Trust(const std::string& directory) {
  if (trusted_.contains(directory)) return {};
  const CommandResult id = TRY(inner_.RunWithInput({"id", "-u"}, kTime, {}));
  std::uint32_t login = 0;  // root's, where it is not told: no other owner is trusted then
  std::from_chars(id.output.data(), id.output.data() + id.output.size(), login);
  const std::vector<std::string> all = WithParents(directory);
  std::vector<std::string> argv = {"stat", kStatFormat, "--"};
  argv.insert(argv.end(), all.begin(), all.end());
  const CommandResult result = TRY(Sudo(argv));
  std::istringstream lines(result.output);
  for (const std::string& path : all) {
    FileInfo info;
    const bool told = ReadInfo(lines, &info);
    if (!told && path == "/") return SudoRefused(result);
    const std::string why = told ? Distrust(info, login, path != directory) : "cannot be looked at";
    if (why.empty()) continue;
    return Fail(
        ErrorKind::kRefused, "sudo-directory-untrusted",
        path + " " + why + ": whoever owns or writes it could have root write elsewhere",
        "let " + directory +
            " and all directories above it be real ones that root alone "
            "can write, or take `sudo` out of the entry and let the login user write the file");
  }
  trusted_.insert(directory);
  return {};
}

Result<std::string> SudoHost::Read(const std::string& path, std::uint64_t limit) {
  const FileInfo info = TRY(Stat(path));
  if (info.type == FileInfo::Type::kAbsent) {
    return Fail(ErrorKind::kFailed, "file-absent", path + " does not exist.", "Check the path.");
  }
  if (info.type != FileInfo::Type::kRegular) {
    return Fail(ErrorKind::kFailed, "file-not-regular", path + " is not a regular file.");
  }
  TRY(Trust(ParentOf(path)));
  CommandResult result = TRY(Sudo({"cat", "--", path}));
  if (result.exit_code != 0) {
    return Fail(ErrorKind::kFailed, "sudo-command-failed",
                "`sudo -n cat` cannot read " + path + ": " + Excerpt(result.errors),
                "does sudo allow the login user this command?");
  }
  if (result.output.size() <= limit && result.output.size() < kCommandOutputLimit) {
    if (result.output.size() == info.size) return std::move(result.output);
    // Over a slow link the exit code can overtake the last of the output, which is then cut off.
    return Fail(ErrorKind::kTryLater, "file-read-short",
                path + " has " + std::to_string(info.size) + " bytes, and " +
                    std::to_string(result.output.size()) + " of them arrived",
                "is somebody writing it, or is the link slow? Run again");
  }
  return Fail(ErrorKind::kFailed, "file-too-large",
              path + " is larger than " + std::to_string(limit) + " bytes.");
}

Result<std::vector<DirectoryEntry>> SudoHost::List(const std::string& directory) {
  TRY(Trust(directory));
  // Names cannot hold a slash, and so not a whole line of these; NUL would be cut off by nobody
  // here.
  CommandResult result = TRY(Sudo({"find", directory, "-mindepth", "1", "-maxdepth", "1", "-printf",
                                   "%y %m %U %G %s %T@ %f\\0"}));
  if (result.exit_code != 0) {
    return Fail(ErrorKind::kFailed, "sudo-command-failed",
                "`sudo -n find` cannot list " + directory + ": " + Excerpt(result.errors),
                "does sudo allow the login user this command?");
  }
  std::vector<DirectoryEntry> entries;
  std::istringstream items(result.output);
  for (std::string item; std::getline(items, item, '\0');) {
    std::istringstream fields(item);
    DirectoryEntry entry;
    char type = 0;
    double modified = 0;
    fields >> type >> std::oct >> entry.info.mode >> std::dec >> entry.info.uid >> entry.info.gid >>
        entry.info.size >> modified;
    fields.get();
    std::getline(fields, entry.name, '\0');
    entry.info.modified = static_cast<std::int64_t>(modified);
    entry.info.type = type == 'f'   ? FileInfo::Type::kRegular
                      : type == 'd' ? FileInfo::Type::kDirectory
                      : type == 'l' ? FileInfo::Type::kSymlink
                                    : FileInfo::Type::kOther;
    if (!entry.name.empty()) entries.push_back(std::move(entry));
  }
  return entries;
}

Result<void> SudoHost::Fill(const std::string& path, std::string_view bytes) {
  TRY(Trust(ParentOf(path)));
  // dd creates with the umask's mode, so there is nothing in the file yet. conv=excl is O_EXCL.
  const CommandResult made =
      TRY(Sudo({"dd", "if=/dev/null", "conv=excl", "status=none", "of=" + path}));
  if (made.exit_code != 0) {
    if (TRY(Stat(path)).type != FileInfo::Type::kAbsent) {
      return Fail(ErrorKind::kFailed, "file-exists", path + " exists already.");
    }
    return Fail(ErrorKind::kFailed, "sudo-command-failed",
                "`sudo -n dd` cannot create " + path + ": " + Excerpt(made.errors),
                "is there space, and does sudo allow the login user this command?");
  }
  TRY(Must({"chmod", "0600", "--", path}));
  if (bytes.empty()) return {};
  return Must({"dd", "oflag=nofollow", "conv=nocreat,fsync", "status=none", "of=" + path}, bytes);
}

Result<void> SudoHost::Create(const std::string& path, std::string_view bytes, std::uint32_t mode) {
  Result<void> done = Fill(path, bytes);
  if (!done && done.error().code == "file-exists") return done;
  if (done && mode != 0600) done = Must({"chmod", Octal(mode), "--", path});
  if (done) done = Must({"sync", "--", path, ParentOf(path)});
  if (!done && done.error().kind == ErrorKind::kFailed) (void)Remove(path);
  return done;
}

Result<void> SudoHost::Rename(const std::string& temporary, const std::string& path) {
  auto moved = Must({"mv", "-fT", "--", temporary, path});
  if (moved || moved.error().kind != ErrorKind::kTryLater) return moved;
  return Fail(ErrorKind::kOutcomeUnknown, "file-replace-unknown",
              "It is not known whether " + path + " was replaced. " + moved.error().message,
              "Look at the file again; it is the old or the new one, whole.");
}

Result<void> SudoHost::Replace(const std::string& path, std::string_view bytes,
                               const FileInfo& like) {
  const std::string temporary = TemporaryNameFor(path);
  const auto fill = [&]() -> Result<void> {
    TRY(Fill(temporary, bytes));
    TRY(Must({"chown", "-h", std::to_string(like.uid) + ":" + std::to_string(like.gid), "--",
              temporary}));
    TRY(Must({"cp", "--attributes-only", "--preserve=mode,xattr", "-T", "--", path, temporary}));
    TRY(Must({"chmod", Octal(like.mode), "--", temporary}));
    return Must({"sync", "--", temporary});
  };
  Result<void> done = fill();
  if (done) FaultPoint("config.temporary");
  if (done) done = Rename(temporary, path);
  if (!done) {
    if (done.error().kind == ErrorKind::kFailed) (void)Remove(temporary);
    return done;
  }
  return Must({"sync", "--", ParentOf(path)});
}

Result<void> SudoHost::Remove(const std::string& path) {
  TRY(Trust(ParentOf(path)));
  return Must({"rm", "-f", "--", path});
}

Result<void> SudoHost::MakeDirectories(const std::string& path, std::uint32_t mode) {
  return Must({"mkdir", "-p", "-m", Octal(mode), "--", path});
}

Result<CommandResult> SudoHost::RunWithInput(const std::vector<std::string>& argv,
                                             std::chrono::milliseconds timeout,
                                             std::string_view input) {
  if (!stop()) return inner_.RunWithInput(argv, timeout, input);
  inner_.set_stop(stop());
  auto result = inner_.RunWithInput(argv, timeout, input);
  inner_.set_stop({});
  return result;
}

Result<HoldResult> SudoHost::Hold(const std::vector<std::string>& argv) {
  return inner_.Hold(WithSudo(argv));
}

Result<int> SudoHost::Dial(const std::string& host, std::uint16_t port) {
  return inner_.Dial(host, port);
}

}  // namespace syncgate
