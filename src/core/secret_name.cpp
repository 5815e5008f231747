#include "core/secret_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace syncgate {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordChar(char c) { return IsUpper(c) || IsLower(c) || IsDigit(c); }

std::string Upper(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return upper;
}

// Where the last word of a name begins: of DB_PASS, db.pass and dbPass.
std::size_t LastWordOf(std::string_view name) {
  std::size_t at = name.size();
  while (at > 0 && IsWordChar(name[at - 1])) {
    --at;
    const bool lower_before = at > 0 && IsLower(name[at - 1]);
    const bool lower_behind = at + 1 < name.size() && IsLower(name[at + 1]);
    if (IsUpper(name[at]) && (lower_before || lower_behind)) break;
  }
  return at;
}

// Without what does not say what it is: the number of /keys/0, DB_PASS_2 and DB_PASS2.
std::string_view WithoutNumber(std::string_view name) {
  while (!name.empty() && IsDigit(name.back())) name.remove_suffix(1);
  while (!name.empty() && !IsWordChar(name.back())) name.remove_suffix(1);
  return name;
}

bool EndsLikeASecret(std::string_view name) {
  name = WithoutNumber(name);
  const std::size_t at = LastWordOf(name);
  const std::string last = Upper(name.substr(at));
  const std::string before = Upper(WithoutNumber(name.substr(0, at)));
  if (last == "PASS" || last == "PW" || last == "SALT") return true;
  if (last != "KEY" && last != "KEYS") return false;
  return !before.ends_with("PUBLIC") && !before.ends_with("PUBLISHABLE");
}

// ${DB_PASSWORD}: the name of a secret, filled in elsewhere. With a default in it, it is none.
bool IsReference(std::string_view text) {
  if (!text.starts_with("${") || !text.ends_with('}')) return false;
  return std::ranges::all_of(text.substr(2, text.size() - 3),
                             [](char c) { return IsWordChar(c) || c == '_' || c == '.'; });
}

bool IsPassword(std::string_view text) { return !text.empty() && !IsReference(text); }

// Behind "://". A password that should have been encoded may hold what ends a host.
bool HasPassword(std::string_view rest) {
  constexpr std::string_view kEnds = " \t\r\n\"'";
  const std::string_view word = rest.substr(0, rest.find_first_of(kEnds));
  std::string_view authority = word.substr(0, word.find_first_of("/?#"));
  const std::size_t colon = authority.find(':');
  if (colon == std::string_view::npos) return false;
  if (authority.find('@') == std::string_view::npos) {
    const std::string_view port = authority.substr(colon + 1);
    if (authority.starts_with('[') || port.starts_with('$') || std::ranges::all_of(port, IsDigit)) {
      return false;
    }
    authority = word;
  }
  const std::size_t user_ends = authority.rfind('@');
  return user_ends != std::string_view::npos && colon < user_ends &&
         IsPassword(authority.substr(colon + 1, user_ends - colon - 1));
}

bool HoldsUrlWithPassword(std::string_view value) {
  constexpr std::string_view kScheme = "://";
  for (std::size_t at = value.find(kScheme); at != std::string_view::npos;
       at = value.find(kScheme, at)) {
    at += kScheme.size();
    if (HasPassword(value.substr(at))) return true;
  }
  return false;
}

// app:secret@tcp(db:3306)/app, as Go has it.
bool HoldsGoAddress(std::string_view value) {
  for (const std::string_view network : {"@tcp(", "@unix("}) {
    const std::size_t at = value.find(network);
    if (at == std::string_view::npos) continue;
    const std::string_view user = value.substr(0, at);
    const std::size_t colon = user.find(':');
    if (colon != std::string_view::npos && IsPassword(user.substr(colon + 1))) return true;
  }
  return false;
}

// jdbc:...?user=app&password=secret, Server=db;Password=secret, host=db password=secret
bool HoldsParameter(std::string_view value) {
  const std::string upper = Upper(value);
  for (const std::string_view name : {"PASSWORD", "PASSWD", "PWD"}) {
    for (std::size_t at = upper.find(name); at != std::string::npos; at = upper.find(name, at)) {
      const bool begins =
          at == 0 || std::string_view("?&;, \t\"'").find(upper[at - 1]) != std::string_view::npos;
      at += name.size();
      const std::size_t equals = std::min(value.find_first_not_of(' ', at), value.size());
      if (!begins || !value.substr(equals).starts_with('=')) continue;
      std::string_view rest = value.substr(equals + 1);
      rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
      if (IsPassword(rest.substr(0, rest.find_first_of("&;, \t\r\n\"")))) return true;
    }
  }
  return false;
}

}  // namespace

bool IsCalledLikeASecret(std::string_view name) {
  constexpr std::array<std::string_view, 12> kWords = {
      "TOKEN",      "SECRET",  "PASSW",   "PASSPHRASE", "PWD",    "PRIVATE",
      "CREDENTIAL", "API_KEY", "API-KEY", "API.KEY",    "APIKEY", "ACCESSKEY"};
  const std::string upper = Upper(name);
  return EndsLikeASecret(name) || std::ranges::any_of(kWords, [&](std::string_view word) {
           return upper.find(word) != std::string::npos;
         });
}

bool HoldsAPassword(std::string_view value) {
  return HoldsUrlWithPassword(value) || HoldsGoAddress(value) || HoldsParameter(value) ||
         value.find("PRIVATE KEY-----") != std::string_view::npos;
}

bool IsSwitch(std::string_view value) {
  constexpr std::array<std::string_view, 7> kSwitches = {"TRUE", "FALSE", "YES", "NO",
                                                         "ON",   "OFF",   "NULL"};
  return std::ranges::find(kSwitches, Upper(value)) != kSwitches.end();
}

}  // namespace syncgate
