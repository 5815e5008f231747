#include "config/target.h"

#include <map>
#include <optional>
#include <utility>

#include "formats/format.h"

namespace syncgate {
namespace {

std::unexpected<Error> RefuseTarget(std::string_view code, std::string message, std::string hint) {
  return Fail(ErrorKind::kRefused, code, std::move(message), std::move(hint));
}

Result<void> CheckRegular(const FileInfo& info, const std::string& target) {
  switch (info.type) {
    case FileInfo::Type::kRegular:
      break;
    case FileInfo::Type::kAbsent:
      return RefuseTarget("config-target-absent", target + " does not exist on the node",
                          "syncgate edits an existing file; deploy it once by hand");
    case FileInfo::Type::kSymlink:
      return RefuseTarget("config-target-symlink", target + " is a symbolic link",
                          "name the file that it points to as the target");
    case FileInfo::Type::kDirectory:
      return RefuseTarget("config-target-directory", target + " is a directory",
                          "name a file as the target");
    case FileInfo::Type::kOther:
      return RefuseTarget("config-target-special", target + " is no regular file",
                          "name a regular file as the target");
  }
  if (info.size <= kConfigFileLimit) return {};
  return RefuseTarget("config-target-too-large",
                      target + " has " + std::to_string(info.size) + " bytes, the limit is " +
                          std::to_string(kConfigFileLimit),
                      "is it a configuration file?");
}

// The planned keys that stand neither at before nor at after; nothing where the file cannot be
// read.
std::optional<std::vector<ConfigKey>> DriftedKeys(const ConfigMove& move, std::string_view bytes) {
  const auto format = FindFormat(move.format);
  if (!format) return std::nullopt;
  auto entries = (*format)->Parse(bytes);
  if (!entries) return std::nullopt;
  std::map<ConfigKey, std::string> now;
  for (ConfigEntry& entry : *entries) now.emplace(entry.key, std::move(entry.value));
  std::vector<ConfigKey> drifted;
  for (const ConfigChange& change : move.changes) {
    if (change.secret) continue;
    const auto found = now.find(change.key);
    const std::optional<std::string> value =
        found == now.end() ? std::nullopt : std::optional(found->second);
    if (value != change.before && value != change.after) drifted.push_back(change.key);
  }
  return drifted;
}

std::string Listed(const std::vector<ConfigKey>& keys) {
  constexpr std::size_t kMost = 10;
  std::string list;
  for (std::size_t i = 0; i < keys.size() && i < kMost; ++i) {
    list += (i == 0 ? "" : ", ") + keys[i].str();
  }
  if (keys.size() > kMost) list += " and " + std::to_string(keys.size() - kMost) + " more";
  return list;
}

}  // namespace

Result<TargetFile> ReadTarget(NodeHost& host, const std::string& target) {
  TargetFile file;
  file.info = TRY(host.Stat(target));
  TRY(CheckRegular(file.info, target));
  file.bytes = TRY(host.Read(target, kConfigFileLimit));
  file.digest = Digest::Of(file.bytes);
  return file;
}

Position PositionOf(const Digest& now, const Digest& before, const Digest& after) {
  if (now == after) return Position::kAfter;
  return now == before ? Position::kBefore : Position::kNeither;
}

Error DriftError(const ConfigMove& move, std::string_view bytes) {
  const auto keys = DriftedKeys(move, bytes);
  std::string what = "other bytes of the file changed since compare";
  if (!keys) what = "it changed since compare and can no longer be read as " + move.format;
  if (keys && !keys->empty()) {
    what =
        "these keys stand neither at their planned value nor at the one before: " + Listed(*keys);
  }
  return Error{ErrorKind::kRefused,
               "config-drift",
               move.target + ": " + what,
               "somebody else changed the file: run compare again and have the new plan approved",
               {}};
}

}  // namespace syncgate
