// What the formats of lines share: dotenv, properties.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/names.h"
#include "core/result.h"

namespace syncgate {

// kRefused "config-unparsable", of a line of a file of this format.
std::unexpected<Error> LineUnparsable(std::string_view format, std::size_t line,
                                      const std::string& what);

// Refuses bytes that no two readers split into the same lines: NUL, a lone CR.
Result<void> CheckLineBytes(std::string_view format, std::string_view bytes);

// kRefused "config-duplicate-key".
std::unexpected<Error> KeyTwice(const ConfigKey& key, std::size_t first, std::size_t again);

// Of entries with `key` and `line`.
template <typename Entry>
Result<void> CheckDuplicates(const std::vector<Entry>& entries) {
  std::map<ConfigKey, std::size_t> lines;
  for (const Entry& entry : entries) {
    const auto [first, fresh] = lines.emplace(entry.key, entry.line);
    if (!fresh) return KeyTwice(entry.key, first->second, entry.line);
  }
  return {};
}

// True where the next line can begin right behind `bytes`.
bool EndsLine(std::string_view bytes);

// Without the line ending it ends in, if any.
void CutLineEnding(std::string& text);

}  // namespace syncgate
