#include "formats/raw_format.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/utf8.h"
#include "formats/keyed_edit.h"

namespace syncgate {
namespace {

Result<void> CheckWhole(std::string_view bytes, RawCheck check) {
  if (IsUtf8(bytes)) return CheckText(bytes, check);
  return Fail(ErrorKind::kRefused, "config-unparsable", "the file is not UTF-8",
              "format raw moves texts only: save the file as UTF-8");
}

// Where the file must not be shown, no line of it may be.
std::vector<ConfigPart> Lines(std::string_view bytes) {
  std::vector<ConfigPart> parts;
  std::set<std::string_view> seen;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    line = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
    if (seen.insert(line).second) {
      parts.push_back({ConfigKey(std::string(kWholeFile)), std::string(line)});
    }
  }
  return parts;
}

}  // namespace

Result<std::vector<ConfigEntry>> ParseRaw(std::string_view bytes, RawCheck check) {
  TRY(CheckWhole(bytes, check));
  ConfigEntry entry;
  entry.key = ConfigKey(std::string(kWholeFile));
  entry.value = entry.raw = entry.text = bytes;
  entry.line = 1;
  entry.parts = Lines(bytes);
  std::vector<ConfigEntry> entries;
  entries.push_back(std::move(entry));
  return entries;
}

Result<std::string> EditRaw(std::string_view bytes, const std::vector<ConfigEdit>& edits,
                            RawCheck check) {
  TRY(CheckWhole(bytes, check));
  TRY(CheckEdits(edits));
  std::string result(bytes);
  for (const ConfigEdit& edit : edits) {
    if (edit.key.str() != kWholeFile) {
      return KeyUnwritable(edit.key, "format raw knows only the file as a whole");
    }
    if (!edit.after) return KeyUnwritable(edit.key, "a file is not removed");
    result = *edit.after;
  }
  TRY(CheckWhole(result, check));
  return result;
}

}  // namespace syncgate
