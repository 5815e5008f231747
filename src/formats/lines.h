// What the formats of lines share: dotenv, properties.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/names.h"
#include "core/result.h"
#include "formats/format.h"

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

// As Format::Parse gives them: lines with a text as their value.
template <typename Entry>
std::vector<ConfigEntry> ToEntries(std::string_view bytes, std::vector<Entry> lines) {
  std::vector<ConfigEntry> entries;
  for (Entry& line : lines) {
    std::string raw(bytes.substr(line.value_begin, line.value_end - line.value_begin));
    std::string text = line.value;
    // Readers disagree on what it is: it is the same only as the same bytes.
    if (!line.doubt.empty()) line.value = "?" + raw;
    entries.push_back({std::move(line.key), std::move(line.value), std::move(raw),
                       std::move(line.doubt), line.line, std::move(text)});
  }
  return entries;
}

// True where the next line can begin right behind `bytes`.
bool EndsLine(std::string_view bytes);

// Without the line ending it ends in, if any.
void CutLineEnding(std::string& text);

}  // namespace syncgate
