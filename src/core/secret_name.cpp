#include "core/secret_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

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
  constexpr std::array<std::string_view, 6> kLast = {"PASS", "PW", "SALT", "JWT", "PAT", "PSK"};
  if (std::ranges::find(kLast, last) != kLast.end()) return true;
  if (last != "KEY" && last != "KEYS") return false;
  return !before.ends_with("PUBLIC") && !before.ends_with("PUBLISHABLE");
}

// ${DB_PASSWORD}: the name of a secret, filled in elsewhere. With a default in it, it is none.
bool IsReference(std::string_view text) {
  if (!text.starts_with("${") || !text.ends_with('}')) return false;
  return std::ranges::all_of(text.substr(2, text.size() - 3),
                             [](char c) { return IsWordChar(c) || c == '_' || c == '.'; });
}

// Of what stands behind "://"; empty: none. A password that should have been encoded may hold what
// ends a host.
std::string_view UrlPassword(std::string_view rest) {
  constexpr std::size_t kLongest = 256;  // each of a million URLs may look as if it went on
  std::string_view authority = rest.substr(0, rest.find_first_of("/?# \t\r\n\"'"));
  const std::size_t colon = authority.find(':');
  if (colon == std::string_view::npos) return {};
  if (authority.find('@') == std::string_view::npos) {
    const std::string_view port = authority.substr(colon + 1);
    if (authority.starts_with('[') || port.starts_with('$') || std::ranges::all_of(port, IsDigit)) {
      return {};
    }
    const std::string_view near = rest.substr(0, kLongest);
    authority = near.substr(0, near.find_first_of(" \t\r\n\"'"));
  }
  const std::size_t user_ends = authority.rfind('@');
  if (user_ends == std::string_view::npos || colon > user_ends) return {};
  return authority.substr(colon + 1, user_ends - colon - 1);
}

class Passwords {
 public:
  explicit Passwords(std::string_view value) : value_(value) {}

  std::vector<std::string_view> Find() {
    InUrls();
    for (const std::string_view network : {"@tcp(", "@unix("}) BeforeNetwork(network);
    const std::string upper = Upper(value_);
    for (const std::string_view name : {"PASSWORD", "PASSWD", "PWD"}) AsParameter(upper, name);
    return std::move(found_);
  }

 private:
  void Add(std::string_view password) {
    if (!password.empty() && !IsReference(password)) found_.push_back(password);
  }

  void InUrls() {
    constexpr std::string_view kScheme = "://";
    for (std::size_t at = value_.find(kScheme); at != std::string_view::npos;
         at = value_.find(kScheme, at)) {
      at += kScheme.size();
      Add(UrlPassword(value_.substr(at)));
    }
  }

  // app:secret@tcp(db:3306)/app, as Go has it.
  void BeforeNetwork(std::string_view network) {
    for (std::size_t at = value_.find(network), from = 0; at != std::string_view::npos;
         from = at + 1, at = value_.find(network, from)) {
      std::string_view user = value_.substr(from, at - from);
      const std::size_t before = user.find_last_of(" \t\r\n\"'=");
      if (before != std::string_view::npos) user.remove_prefix(before + 1);
      const std::size_t colon = user.find(':');
      if (colon != std::string_view::npos) Add(user.substr(colon + 1));
    }
  }

  // jdbc:...?user=app&password=secret, Server=db;Password=secret, host=db password=secret
  void AsParameter(const std::string& upper, std::string_view name) {
    for (std::size_t at = upper.find(name); at != std::string::npos; at = upper.find(name, at)) {
      const bool begins = at == 0 || std::string_view("?&;, \t\r\n\"'").find(upper[at - 1]) !=
                                         std::string_view::npos;
      at += name.size();
      const std::size_t equals = std::min(value_.find_first_not_of(' ', at), value_.size());
      if (!begins || !value_.substr(equals).starts_with('=')) continue;
      std::string_view rest = value_.substr(equals + 1);
      rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
      Add(rest.substr(0, rest.find_first_of("&;, \t\r\n\"'")));
    }
  }

  std::string_view value_;
  std::vector<std::string_view> found_;
};

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

std::vector<std::string_view> PasswordsIn(std::string_view value) {
  return Passwords(value).Find();
}

bool HoldsAPassword(std::string_view value) {
  return value.find("PRIVATE KEY-----") != std::string_view::npos || !PasswordsIn(value).empty();
}

bool IsSwitch(std::string_view value) {
  constexpr std::array<std::string_view, 7> kSwitches = {"TRUE", "FALSE", "YES", "NO",
                                                         "ON",   "OFF",   "NULL"};
  return std::ranges::find(kSwitches, Upper(value)) != kSwitches.end();
}

}  // namespace syncgate
