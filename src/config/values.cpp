#include "config/values.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <utility>

#include "config/match.h"
#include "core/secret_name.h"
#include "formats/format.h"
#include "formats/scalar.h"

namespace syncgate {

bool IsVisible(const ConfigSpec& spec, const ConfigKey& key) {
  if (!MatchesAny(spec.keys, key) || IsSecretKey(spec.secrets, key)) return false;
  return !IsCalledLikeASecret(key.str()) || IsNamed(spec.keys, key);
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

namespace {

constexpr std::size_t kShortest = 4;
// Words of a comment are hidden only where they may be a value, and are none of every message.
constexpr std::size_t kShortestInComment = 6;

std::string_view Trimmed(std::string_view text, std::string_view what = " \t\r\"'") {
  const auto begin = text.find_first_not_of(what);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(what) - begin + 1);
}

// As in the user part of a URL: all but letters, digits and -._~.
std::string PercentEncoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', kHex[byte >> 4U], kHex[byte & 0xFU]};
  }
  return encoded;
}

// %40 is @; what is no such escape stays.
std::string PercentDecoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEFabcdef";
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view digits = text.substr(i + 1, 2);
    if (text[i] != '%' || digits.size() < 2 ||
        digits.find_first_not_of(kHex) != std::string_view::npos) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(std::stoi(std::string(digits), nullptr, 16));
    i += 2;
  }
  return decoded;
}

class Hidden {
 public:
  void Hide(std::string_view text, std::size_t shortest = kShortest) {
    if (text.size() < shortest) return;
    Add(text);
    for (std::size_t at = 0; text.find('\n') != std::string_view::npos && at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string_view line = Trimmed(text.substr(at, end - at));
      if (line.size() >= shortest) Add(line);
      at = end + 1;
    }
  }

  // Programs quote what they print, and put passwords into URLs.
  void HideSpelt(std::string_view text) {
    const std::string json = StringNotation(text);
    for (const std::string& spelt : {json.substr(1, json.size() - 2), PercentEncoded(text)}) {
      if (spelt != text) Hide(spelt);
    }
  }

  // Programs take URLs apart, and say what they found.
  void HidePasswordsIn(std::string_view text) {
    for (const std::string_view password : PasswordsIn(text)) {
      Hide(password);
      Hide(PercentDecoded(password));
    }
  }

  void HideEntry(const ConfigEntry& entry) {
    Hide(entry.text);
    HidePasswordsIn(entry.text);
    if (entry.parts.empty() && entry.text.find('\n') == std::string::npos) HideSpelt(entry.text);
    if (entry.value != entry.text) Hide(entry.value);
    const std::string_view spelled = Trimmed(entry.raw);
    if (spelled != entry.text) Hide(spelled);
  }

  // A comment as a whole, and what in it looks like an assignment: "# old: PASSWORD=x".
  void HideComment(std::string_view comment) {
    comment = Trimmed(comment, " \t\r#!");
    Hide(comment, kShortestInComment);
    HidePasswordsIn(comment);
    for (const char sign : {'=', ':'}) {
      const auto at = comment.find(sign);
      if (at != std::string_view::npos) Hide(Trimmed(comment.substr(at + 1)), kShortestInComment);
    }
  }

  // Of a file that nobody can read: lines, what is assigned in them, and single words.
  void HideAll(std::string_view bytes) {
    HidePasswordsIn(bytes);
    constexpr std::string_view kBetween = " \t\r\n\"',;=:{}[]<>()";
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
      HideComment(bytes.substr(at, end - at));
      at = end + 1;
    }
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t end = std::min(bytes.find_first_of(kBetween, at), bytes.size());
      Hide(bytes.substr(at, end - at), kShortestInComment);
      at = end + 1;
    }
  }

  std::vector<Secret> Take() { return std::move(hidden_); }

 private:
  void Add(std::string_view text) {
    if (IsSwitch(text)) return;
    if (seen_.emplace(text).second) hidden_.emplace_back(std::string(text));
  }

  std::set<std::string, std::less<>> seen_;
  std::vector<Secret> hidden_;
};

// A '#' within a value is taken for a comment, too: too much is hidden then, never too little.
void HideComments(std::string_view bytes, std::string_view signs, Hidden* hidden) {
  while (!bytes.empty()) {
    const std::string_view line = bytes.substr(0, bytes.find('\n'));
    const auto at = line.find_first_of(signs);
    if (at != std::string_view::npos) hidden->HideComment(line.substr(at));
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
  }
}

}  // namespace

std::vector<Secret> HiddenValues(std::string_view format, std::string_view bytes,
                                 const std::function<bool(const ConfigKey&)>& visible) {
  const auto found = FindFormat(format);
  if (!found) return {};
  const auto entries = (*found)->Parse(bytes);
  Hidden hidden;
  const bool whole =
      format.starts_with("raw") && entries && !visible(ConfigKey(std::string(kWholeFile)));
  if (!entries || whole) {
    hidden.HideAll(bytes);
    return hidden.Take();
  }
  for (const ConfigEntry& entry : *entries) {
    const bool one_value = entry.key.str() != kWholeFile;
    bool shown = visible(entry.key) && !(one_value && HoldsAPassword(entry.text));
    if (!shown) hidden.HideEntry(entry);
    for (const ConfigPart& part : entry.parts) {
      if (visible(part.key)) continue;
      hidden.Hide(part.text);
      shown = false;
    }
    // Who prints the file prints its lines, which a folded text is without.
    if (!shown) hidden.Hide(Trimmed(entry.spelled));
  }
  if (format == "dotenv" || format == "yaml") HideComments(bytes, "#", &hidden);
  if (format == "properties") HideComments(bytes, "#!", &hidden);
  return hidden.Take();
}

}  // namespace syncgate
