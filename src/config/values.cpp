#include "config/values.h"

#include <cstddef>
#include <utility>

#include "config/format.h"
#include "config/match.h"

namespace syncgate {

bool IsVisible(const ConfigSpec& spec, const ConfigKey& key) {
  return MatchesAny(spec.keys, key) && !MatchesAny(spec.secrets, key);
}

Result<std::map<ConfigKey, std::string>> VisibleValues(const ConfigSpec& spec,
                                                       std::string_view bytes) {
  const Format* format = TRY(FindFormat(spec.format));
  std::map<ConfigKey, std::string> values;
  for (ConfigEntry& entry : TRY(format->Parse(bytes))) {
    if (IsVisible(spec, entry.key)) values.emplace(entry.key, std::move(entry.value));
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
  for (ConfigEntry& entry : *entries) {
    if (visible(entry.key) || entry.value.size() < kShortest) continue;
    hidden.emplace_back(std::move(entry.value));
  }
  return hidden;
}

}  // namespace syncgate
