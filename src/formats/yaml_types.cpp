#include <algorithm>
#include <array>
#include <cstddef>

#include "formats/yaml_scalar.h"

namespace syncgate {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

template <std::size_t Size>
bool IsAnyOf(std::string_view text, const std::array<std::string_view, Size>& words) {
  return std::ranges::find(words, text) != words.end();
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Reads a text from its front. Each Take says whether something was there.
class Scan {
 public:
  explicit Scan(std::string_view text) : rest_(text) {}

  bool Done() const { return rest_.empty(); }
  bool Take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool TakeAny(std::string_view chars) {
    if (rest_.empty() || chars.find(rest_[0]) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  template <typename Is>
  std::size_t TakeWhile(Is is) {
    std::size_t count = 0;
    while (count < rest_.size() && is(rest_[count])) ++count;
    rest_.remove_prefix(count);
    return count;
  }
  std::size_t TakeDigits() { return TakeWhile(IsDigit); }

 private:
  std::string_view rest_;
};

constexpr std::array<std::string_view, 4> kNulls = {"null", "~", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kTrue = {"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> kFalse = {"false", "False", "FALSE"};
constexpr std::array<std::string_view, 12> kSpecialFloats = {".inf",  ".Inf",  ".INF",  "-.inf",
                                                             "-.Inf", "-.INF", "+.inf", "+.Inf",
                                                             "+.INF", ".nan",  ".NaN",  ".NAN"};
// In any case a word of some reader, where it is none of the above.
constexpr std::array<std::string_view, 15> kWords = {"y",     "n",     "yes",   "no",   "on",
                                                     "off",   "true",  "false", "null", ".inf",
                                                     "-.inf", "+.inf", ".nan",  "=",    "<<"};

// -12, +12, 0, 0x1F, 1.50, 1.5e+3: numbers for every reader.
bool IsAgreedNumber(std::string_view text) {
  if (IsAnyOf(text, kSpecialFloats)) return true;
  if (text.starts_with("0x")) {
    return text.size() > 2 && std::ranges::all_of(text.substr(2), IsHexDigit);
  }
  Scan scan(text);
  scan.TakeAny("+-");
  if (!scan.Take('0') && scan.TakeDigits() == 0) return false;
  if (scan.Done()) return true;
  if (!scan.Take('.') || scan.TakeDigits() == 0) return false;
  if (scan.Done()) return true;
  return scan.TakeAny("eE") && scan.TakeAny("+-") && scan.TakeDigits() > 0 && scan.Done();
}

// Anything that some reader might take for a number, a time of day or a sexagesimal.
bool LooksLikeNumber(std::string_view text) {
  Scan scan(text);
  scan.TakeAny("+-");
  std::string_view unsigned_text = text;
  if (text.starts_with('+') || text.starts_with('-')) unsigned_text.remove_prefix(1);
  const std::string_view base =
      unsigned_text.substr(0, std::min<std::size_t>(2, unsigned_text.size()));
  if (base.size() == 2 && base[0] == '0' && std::string_view("bBoOxX").find(base[1]) != base.npos) {
    return std::ranges::all_of(unsigned_text.substr(2),
                               [](char c) { return IsHexDigit(c) || c == '_'; });
  }
  const auto part = [](char c) { return IsDigit(c) || c == '_' || c == ','; };
  const std::size_t whole = scan.TakeWhile(part);
  if (whole > 0) {
    while (scan.Take(':')) {  // [0-5]?[0-9]
      const bool tens = scan.TakeAny("012345");
      const bool ones = scan.TakeAny("0123456789");
      if (!tens && !ones) return false;
    }
  }
  const bool dot = scan.Take('.');
  const std::size_t fraction = dot ? scan.TakeWhile(part) : 0;
  if (whole + fraction == 0) return text == "." || text == "-." || text == "+.";
  if (scan.TakeAny("eE")) {
    scan.TakeAny("+-");
    scan.TakeDigits();
  }
  return scan.Done();
}

// 2026-01-02, alone or with a time behind it.
bool LooksLikeDate(std::string_view text) {
  Scan scan(text);
  if (scan.TakeDigits() != 4 || !scan.Take('-') || scan.TakeDigits() == 0 || !scan.Take('-')) {
    return false;
  }
  return scan.TakeDigits() > 0 && (scan.Done() || scan.TakeAny("Tt \t"));
}

}  // namespace

YamlType TypeOfPlain(std::string_view text) {
  if (IsAnyOf(text, kNulls)) return YamlType::kNull;
  if (IsAnyOf(text, kTrue) || IsAnyOf(text, kFalse)) return YamlType::kBool;
  if (IsAgreedNumber(text)) return YamlType::kNumber;
  if (text.empty() || IsAnyOf(Lower(text), kWords)) return YamlType::kDoubtful;
  if (LooksLikeNumber(text) || LooksLikeDate(text)) return YamlType::kDoubtful;
  return YamlType::kString;
}

TypedValue ValueOfPlain(std::string_view text) {
  using Kind = TypedValue::Kind;
  switch (TypeOfPlain(text)) {
    case YamlType::kNull:
      return {Kind::kBare, "null"};
    case YamlType::kBool:
      return {Kind::kBare, IsAnyOf(text, kTrue) ? "true" : "false"};
    case YamlType::kNumber:
      return {Kind::kBare, std::string(text.starts_with('+') ? text.substr(1) : text)};
    case YamlType::kString:
      return {Kind::kString, std::string(text)};
    case YamlType::kDoubtful:
      break;
  }
  return {Kind::kBare, std::string(text)};
}

}  // namespace syncgate
