#include "formats/yaml_scalar.h"

#include <algorithm>
#include <array>

#include "formats/characters.h"

namespace syncgate {
namespace {

// What one letter behind a backslash means; 0xFFFFFFFF: it is not one that all readers know.
char32_t ShortEscape(char c) {
  struct Pair {
    char letter;
    char32_t meaning;
  };
  // Not \N and \_, which yaml-cpp 0.7 makes a lone byte of.
  static constexpr std::array<Pair, 16> kEscapes = {{{'0', 0},
                                                     {'a', 7},
                                                     {'b', 8},
                                                     {'t', 9},
                                                     {'\t', 9},
                                                     {'n', 10},
                                                     {'v', 11},
                                                     {'f', 12},
                                                     {'r', 13},
                                                     {'e', 27},
                                                     {' ', ' '},
                                                     {'"', '"'},
                                                     {'/', '/'},
                                                     {'\\', '\\'},
                                                     {'L', 0x2028},
                                                     {'P', 0x2029}}};
  const auto* const found = std::ranges::find(kEscapes, c, &Pair::letter);
  return found == kEscapes.end() ? char32_t{0xFFFFFFFF} : found->meaning;
}

std::optional<std::string> UnquoteDouble(std::string_view inside) {
  std::string text;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] != '\\') {
      text += inside[i];
      continue;
    }
    if (++i == inside.size()) return std::nullopt;
    const char letter = inside[i];
    const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (digits == 0) {
      const char32_t meaning = ShortEscape(letter);
      if (meaning > 0x10FFFF) return std::nullopt;
      AppendCharacter(meaning, &text);
      continue;
    }
    if (i + digits >= inside.size()) return std::nullopt;
    const std::int64_t number = HexValue(inside.substr(i + 1, digits));
    if (number < 0 || number > 0x10FFFF || IsSurrogate(static_cast<char32_t>(number))) {
      return std::nullopt;
    }
    AppendCharacter(static_cast<char32_t>(number), &text);
    i += digits;
  }
  return text;
}

// Whether a plain scalar of these bytes means this string to every reader.
bool FitsPlain(std::string_view text, bool flow) {
  if (text.empty() || TypeOfPlain(text) != YamlType::kString) return false;
  constexpr std::string_view kFirst = "-?:,[]{}#&*!|>'\"%@` ";
  if (kFirst.find(text.front()) != std::string_view::npos || text.back() == ' ') return false;
  if (text.starts_with("...")) return false;
  if (flow && text.find_first_of(",[]{}:?#") != std::string_view::npos) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool before_blank = i + 1 == text.size() || text[i + 1] == ' ';
    if (text[i] == ':' && before_blank) return false;
    if (text[i] == '#' && text[i - 1] == ' ') return false;
  }
  return true;
}

bool AllPrintable(std::string_view text) {
  while (!text.empty()) {
    if (!IsYamlPrintable(TakeCharacter(text))) return false;
  }
  return true;
}

std::string QuoteSingle(std::string_view text) {
  std::string token = "'";
  for (const char c : text) {
    if (c == '\'') token += '\'';
    token += c;
  }
  return token + "'";
}

std::string QuoteDouble(std::string_view text) {
  std::string token = "\"";
  while (!text.empty()) {
    const char32_t character = TakeCharacter(text);
    if (character == '"' || character == '\\') {
      token += '\\';
      token += static_cast<char>(character);
    } else if (character == '\n') {
      token += "\\n";
    } else if (character == '\t') {
      token += "\\t";
    } else if (IsYamlPrintable(character)) {
      AppendCharacter(character, &token);
    } else if (character < 0x100) {
      token += "\\x" + Hex(character, 2);
    } else if (character < 0x10000) {
      token += "\\u" + Hex(character, 4);
    } else {
      token += "\\U" + Hex(character, 8);
    }
  }
  return token + "\"";
}

}  // namespace

bool IsYamlPrintable(char32_t character) {
  if (character < 0x20) return false;
  if (character < 0x7F) return true;
  if (character < 0xA0) return false;  // DEL, C1 controls, NEL
  if (character == 0x2028 || character == 0x2029 || character == 0xFEFF) return false;
  return !IsSurrogate(character) && (character & 0xFFFEU) != 0xFFFEU;
}

std::optional<std::string> UnquoteYaml(std::string_view token, YamlStyle style) {
  if (style == YamlStyle::kPlain) return std::string(token);
  const std::string_view inside = token.substr(1, token.size() - 2);
  if (style == YamlStyle::kDouble) return UnquoteDouble(inside);
  std::string text;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    text += inside[i];
    if (inside[i] == '\'') ++i;
  }
  return text;
}

std::optional<std::string> YamlToken(const TypedValue& value, const YamlSlot& slot) {
  if (value.kind == TypedValue::Kind::kList) return std::nullopt;
  if (value.kind == TypedValue::Kind::kBare) {
    const YamlType type = TypeOfPlain(value.text);
    const bool sure =
        type == YamlType::kNull || type == YamlType::kBool || type == YamlType::kNumber;
    return sure ? std::optional(value.text) : std::nullopt;
  }
  const std::string& text = value.text;
  const bool printable = AllPrintable(text);
  if (slot.style == YamlStyle::kPlain && printable && FitsPlain(text, slot.flow)) return text;
  const YamlStyle quotes = slot.style == YamlStyle::kPlain ? slot.quotes : slot.style;
  return quotes == YamlStyle::kSingle && printable ? QuoteSingle(text) : QuoteDouble(text);
}

}  // namespace syncgate
