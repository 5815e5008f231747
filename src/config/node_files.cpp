#include "config/node_files.h"

#include <algorithm>
#include <utility>

#include "core/fault.h"
#include "core/file_names.h"

namespace syncgate {
namespace {

constexpr std::uint32_t kPrivate = 0600;  // copies of a file that may hold secrets

std::unexpected<Error> PathTaken(const std::string& path) {
  return Fail(ErrorKind::kRefused, "config-path-taken",
              path + " is in the way and is no regular file",
              "look who made it, and remove it from the node");
}

std::unexpected<Error> BackupDiffers(const std::string& path) {
  return Fail(ErrorKind::kRefused, "config-backup-differs",
              path + " exists and holds other bytes than the file before the plan",
              "look who changed the backup, and move it away from the node's directory");
}

// What a killed run can have left at a backup's path.
enum class Leftover { kNone, kWhole, kCutShort };

Result<Leftover> FindLeftover(NodeHost& host, const std::string& path, std::string_view bytes) {
  const FileInfo info = TRY(host.Stat(path));
  if (info.type == FileInfo::Type::kAbsent) return Leftover::kNone;
  if (info.type != FileInfo::Type::kRegular) return PathTaken(path);
  if (info.size > kConfigFileLimit) return BackupDiffers(path);
  const std::string found = TRY(host.Read(path, kConfigFileLimit));
  if (found == bytes) return Leftover::kWhole;
  if (bytes.starts_with(found)) return Leftover::kCutShort;
  return BackupDiffers(path);
}

std::unexpected<Error> StateUnknown(const std::string& target, const Error& cause) {
  return Fail(ErrorKind::kOutcomeUnknown, "config-state-unknown",
              target + " was being replaced and cannot be read back: " + cause.message,
              "run the same step again: it looks before it writes");
}

std::unexpected<Error> NotWritten(const std::string& target) {
  return Fail(ErrorKind::kFailed, "config-not-written",
              target + " did not hold the new bytes after they were written; the old ones are back",
              "is another program writing this file, or the disk full?");
}

// Their bytes were never ours to lose: what is left is to say so.
std::unexpected<Error> Overwritten(const std::string& target) {
  return Fail(ErrorKind::kTargetChanged, "config-overwritten",
              target + " was written by somebody else while it was being replaced",
              "it holds what they wrote: compare it with the backup beside it and decide by hand");
}

Result<void> PutBack(NodeHost& host, const std::string& target, const TargetFile& old) {
  const auto replaced = host.Replace(target, old.bytes, old.info);
  const auto now = ReadTarget(host, target);
  if (now && now->digest == old.digest) return NotWritten(target);
  return Fail(ErrorKind::kTargetChanged, "config-not-restored",
              target + " holds neither the new bytes nor the old ones" +
                  (replaced ? "" : ": " + replaced.error().message),
              "restore it from the backup beside it by hand");
}

constexpr std::size_t kPlanDigits = 12;  // Digest::Short

}  // namespace

Result<void> RemoveLeftovers(NodeHost& host, const std::string& target) {
  const std::string directory = ParentOf(target);
  const std::string name = target.substr(target.find_last_of('/') + 1);
  for (const DirectoryEntry& entry : TRY(host.List(directory))) {
    if (entry.info.type != FileInfo::Type::kRegular) continue;
    if (!IsTemporaryNameOf(entry.name, name) &&
        !IsNamed(entry.name, name + ".syncgate-", kPlanDigits, ".check")) {
      continue;
    }
    TRY(host.Remove((directory == "/" ? "" : directory) + "/" + entry.name));
  }
  return {};
}

Result<std::vector<std::string>> SurplusBackups(NodeHost& host, const std::string& target,
                                                const std::string& own, std::uint64_t keep) {
  const std::string directory = ParentOf(target);
  const std::string stem = target.substr(target.find_last_of('/') + 1) + ".syncgate-";
  std::vector<std::pair<std::int64_t, std::string>> others;
  std::uint64_t kept = 0;
  for (const DirectoryEntry& entry : TRY(host.List(directory))) {
    if (entry.info.type != FileInfo::Type::kRegular) continue;
    if (!IsNamed(entry.name, stem, kPlanDigits, ".bak")) continue;
    std::string path = (directory == "/" ? "" : directory) + "/" + entry.name;
    if (path == own) {
      ++kept;
    } else {
      others.emplace_back(entry.info.modified, std::move(path));
    }
  }
  std::ranges::sort(others);
  std::vector<std::string> surplus;
  for (std::size_t i = 0; i < others.size() && others.size() - i + kept > keep; ++i) {
    surplus.push_back(std::move(others[i].second));
  }
  return surplus;
}

Result<bool> HoldsBackup(NodeHost& host, const std::string& path, const Digest& digest) {
  const FileInfo info = TRY(host.Stat(path));
  if (info.type != FileInfo::Type::kRegular || info.size > kConfigFileLimit) return false;
  return Digest::Of(TRY(host.Read(path, kConfigFileLimit))) == digest;
}

Result<void> CheckBackup(NodeHost& host, const std::string& path, std::string_view bytes) {
  TRY(FindLeftover(host, path, bytes));
  return {};
}

Result<void> CreateBackup(NodeHost& host, const std::string& path, std::string_view bytes) {
  switch (TRY(FindLeftover(host, path, bytes))) {
    case Leftover::kWhole:
      return {};
    case Leftover::kCutShort:
      TRY(host.Remove(path));
      break;
    case Leftover::kNone:
      break;
  }
  return host.Create(path, bytes, kPrivate);
}

Result<std::string> ReadBackup(NodeHost& host, const std::string& path, const Digest& digest) {
  const FileInfo info = TRY(host.Stat(path));
  if (info.type == FileInfo::Type::kAbsent) {
    return Fail(ErrorKind::kRefused, "config-backup-absent",
                path + " is not on the node, so the file cannot be taken back",
                "restore the file from another backup of the node");
  }
  if (info.type != FileInfo::Type::kRegular || info.size > kConfigFileLimit) {
    return BackupDiffers(path);
  }
  std::string bytes = TRY(host.Read(path, kConfigFileLimit));
  if (Digest::Of(bytes) != digest) return BackupDiffers(path);
  return bytes;
}

Result<void> CreateScratch(NodeHost& host, const std::string& path, std::string_view bytes) {
  const FileInfo info = TRY(host.Stat(path));
  if (info.type == FileInfo::Type::kRegular) {
    TRY(host.Remove(path));
  } else if (info.type != FileInfo::Type::kAbsent) {
    return PathTaken(path);
  }
  return host.Create(path, bytes, kPrivate);
}

Result<void> ReplaceAndCheck(NodeHost& host, const std::string& target, const TargetFile& old,
                             std::string_view bytes) {
  const auto replaced = host.Replace(target, bytes, old.info);
  FaultPoint("config.renamed");
  const auto now = ReadTarget(host, target);
  // Replace may have done its work although its answer was lost: what the file holds decides.
  if (!now) return StateUnknown(target, now.error());
  if (now->bytes == bytes) return {};
  if (now->digest == old.digest) {
    return replaced ? NotWritten(target) : std::unexpected(replaced.error());
  }
  // A file that did not arrive whole holds the beginning of it. Anything else is somebody's edit.
  if (std::string_view(bytes).starts_with(now->bytes)) return PutBack(host, target, old);
  if (!replaced && replaced.error().kind == ErrorKind::kFailed) {
    return std::unexpected(replaced.error());
  }
  return Overwritten(target);
}

}  // namespace syncgate
