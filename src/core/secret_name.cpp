#include "core/secret_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace syncgate {

bool IsCalledLikeASecret(std::string_view name) {
  std::string upper(name);
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  constexpr std::array<std::string_view, 5> kEnds = {"_KEY", "-KEY", ".KEY", "/KEY", "APIKEY"};
  constexpr std::array<std::string_view, 7> kWords = {"TOKEN", "SECRET",  "PASSW",     "PASSPHRASE",
                                                      "PWD",   "PRIVATE", "CREDENTIAL"};
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return upper.ends_with(end); }) ||
         std::ranges::any_of(
             kWords, [&](std::string_view word) { return upper.find(word) != std::string::npos; });
}

bool HoldsAPassword(std::string_view value) {
  constexpr std::string_view kScheme = "://";
  for (std::size_t at = value.find(kScheme); at != std::string_view::npos;
       at = value.find(kScheme, at)) {
    at += kScheme.size();
    const std::string_view rest = value.substr(at);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?# \t\r\n\"'"));
    const std::size_t user_ends = authority.rfind('@');
    if (user_ends == std::string_view::npos) continue;
    const std::size_t colon = authority.find(':');
    if (colon < user_ends && colon + 1 < user_ends) return true;
  }
  return false;
}

}  // namespace syncgate
