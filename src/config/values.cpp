#include "config/values.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <utility>

#include "config/format.h"
#include "config/match.h"

namespace syncgate {

namespace {

std::string_view Trimmed(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

// The bytes of a value in the file, escapes and all.
std::string_view WithoutQuotes(std::string_view raw) {
  const bool quoted =
      raw.size() > 1 && (raw.front() == '"' || raw.front() == '\'') && raw.front() == raw.back();
  return quoted ? raw.substr(1, raw.size() - 2) : raw;
}

}  // namespace

bool IsVisible(const ConfigSpec& spec, const ConfigKey& key) {
  return MatchesAny(spec.keys, key) && !MatchesAny(spec.secrets, key);
}

Result<std::map<ConfigKey, std::string>> VisibleValues(const ConfigSpec& spec,
                                                       std::string_view bytes) {
  const Format* format = TRY(FindFormat(spec.format));
  std::map<ConfigKey, std::string> values;
  for (ConfigEntry& entry : TRY(format->Parse(bytes))) {
    if (!IsVisible(spec, entry.key) || IsSecret(spec.secrets, entry)) continue;
    values.emplace(entry.key, std::move(entry.text));
  }
  return values;
}

std::vector<Secret> HiddenValues(std::string_view format, std::string_view bytes,
                                 const std::function<bool(const ConfigKey&)>& visible) {
  constexpr std::size_t kShortest = 4;
  const auto found = FindFormat(format);
  if (!found) return {};
  auto entries = (*found)->Parse(bytes);
  if (!entries) return {};
  std::vector<Secret> hidden;
  std::set<std::string, std::less<>> seen;
  const auto hide = [&](std::string_view text) {
    if (text.size() >= kShortest && seen.emplace(text).second)
      hidden.emplace_back(std::string(text));
  };
  // As a whole and line by line, since that is how programs quote a file.
  const auto hide_lines = [&](std::string_view text) {
    hide(text);
    for (std::size_t at = 0; text.find('\n') != std::string_view::npos && at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      hide(Trimmed(text.substr(at, end - at)));
      at = end + 1;
    }
  };
  for (const ConfigEntry& entry : *entries) {
    for (const ConfigPart& part : entry.parts) {
      if (!visible(part.key)) hide_lines(part.text);
    }
    if (visible(entry.key)) continue;
    hide_lines(entry.text);
    if (entry.value != entry.text) hide_lines(entry.value);
    hide_lines(WithoutQuotes(entry.raw));
  }
  return hidden;
}

}  // namespace syncgate
