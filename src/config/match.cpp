#include "config/match.h"

#include <algorithm>
#include <cstddef>

namespace syncgate {

bool MatchesGlob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  // Where to go on after a mismatch: the last '*' takes one byte more. Earlier stars never need to.
  std::size_t star = std::string_view::npos;
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool MatchesAny(const std::vector<std::string>& patterns, const ConfigKey& key) {
  return std::ranges::any_of(
      patterns, [&](const std::string& pattern) { return MatchesGlob(pattern, key.str()); });
}

bool IsNamed(const std::vector<std::string>& patterns, const ConfigKey& key) {
  return std::ranges::find(patterns, key.str()) != patterns.end();
}

bool IsSecretKey(const std::vector<std::string>& secrets, const ConfigKey& key) {
  const std::string& pointer = key.str();
  for (std::size_t end = pointer.find('/', 1); pointer.starts_with('/') && end != std::string::npos;
       end = pointer.find('/', end + 1)) {
    if (MatchesAny(secrets, ConfigKey(pointer.substr(0, end)))) return true;
  }
  return MatchesAny(secrets, key);
}

bool IsSecret(const std::vector<std::string>& secrets, const ConfigEntry& entry) {
  return IsSecretKey(secrets, entry.key) ||
         std::ranges::any_of(
             entry.parts, [&](const ConfigPart& part) { return IsSecretKey(secrets, part.key); });
}

}  // namespace syncgate
