#include "config/node_files.h"

#include <utility>

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

Result<void> PutBack(NodeHost& host, const std::string& target, const TargetFile& old) {
  const auto replaced = host.Replace(target, old.bytes, old.info);
  const auto now = ReadTarget(host, target);
  if (now && now->digest == old.digest) return NotWritten(target);
  return Fail(ErrorKind::kTargetChanged, "config-not-restored",
              target + " holds neither the new bytes nor the old ones" +
                  (replaced ? "" : ": " + replaced.error().message),
              "restore it from the backup beside it by hand");
}

}  // namespace

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
  const auto now = ReadTarget(host, target);
  // Replace may have done its work although its answer was lost: what the file holds decides.
  if (!now) return StateUnknown(target, now.error());
  if (now->bytes == bytes) return {};
  if (!replaced && now->digest == old.digest) return std::unexpected(replaced.error());
  return PutBack(host, target, old);
}

}  // namespace syncgate
