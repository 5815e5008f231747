#include "report/visible.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "core/utf8.h"

namespace syncgate {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

std::uint32_t CodePoint(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first;
  std::uint32_t point = first & (0xFFU >> (character.size() + 1));
  for (const char c : character.substr(1)) {
    point = point << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return point;
}

// Characters outside ASCII that are not seen, look like a space, or change how others are seen.
bool IsUnseen(std::uint32_t point) {
  static constexpr std::pair<std::uint32_t, std::uint32_t> kRanges[] = {
      {0x80, 0xA0},     {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},     {0x115F, 0x1160},
      {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},   {0x2028, 0x202F},
      {0x205F, 0x206F}, {0x3164, 0x3164}, {0xE000, 0xF8FF}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
      {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF},
  };
  return std::ranges::any_of(
      kRanges, [&](const auto& range) { return point >= range.first && point <= range.second; });
}

std::string EscapedByte(char c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\r') return "\\r";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("\\x") + kHex[byte >> 4] + kHex[byte & 0xF];
}

std::string EscapedPoint(std::uint32_t point) {
  std::string digits;
  for (; point > 0; point >>= 4) digits.insert(digits.begin(), kHex[point & 0xF]);
  return "\\u{" + digits + "}";
}

// Formats whose values carry their own quotes and escapes.
bool QuotesItself(std::string_view format) { return format == "json" || format == "yaml"; }

// No character is cut in two.
std::size_t AtCharacter(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return std::min(at, text.size());
}

std::string Entity(char c) { return "&#" + std::to_string(static_cast<unsigned char>(c)) + ";"; }

}  // namespace

std::string Visible(std::string_view text, Backslashes backslashes) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t length = Utf8CharacterLength(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    const char c = character[0];
    if (length == 0 || (length == 1 && (static_cast<unsigned char>(c) < 0x20 || c == 0x7F))) {
      shown += EscapedByte(c);
    } else if (length > 1 && IsUnseen(CodePoint(character))) {
      shown += EscapedPoint(CodePoint(character));
    } else if (c == '\\' && backslashes == Backslashes::kDoubled) {
      shown += "\\\\";
    } else if (c == '#' && (text.starts_with("#[") || text.starts_with("#vso[")) &&
               shown.ends_with('#')) {
      shown += "\\x23";
    } else {
      shown += character;
    }
    text.remove_prefix(character.size());
  }
  return shown;
}

ShownValue Show(std::string_view value, std::string_view format, std::size_t from,
                std::size_t limit) {
  constexpr std::size_t kBefore = 40;
  ShownValue shown;
  std::string_view part = value;
  if (value.size() > limit) {
    std::size_t start = from > kBefore ? from - kBefore : 0;
    start = AtCharacter(value, std::min(start, value.size() - limit));
    part = value.substr(start, AtCharacter(value.substr(start), limit));
    shown.note = "cut: " + std::to_string(part.size()) + " bytes from byte " +
                 std::to_string(start) + " of " + std::to_string(value.size());
  }
  if (QuotesItself(format)) {
    shown.text = Visible(part, Backslashes::kKept);
    return shown;
  }
  shown.text = "\"";
  for (const char c : Visible(part, Backslashes::kDoubled)) {
    if (c == '"') shown.text += '\\';
    shown.text += c;
  }
  shown.text += '"';
  return shown;
}

ShownChange ShowChange(const std::optional<std::string>& before,
                       const std::optional<std::string>& after, std::string_view format) {
  std::size_t same = 0;
  if (before && after) {
    const auto end = std::ranges::mismatch(*before, *after).in1;
    same = static_cast<std::size_t>(end - before->begin());
  }
  ShownChange change;
  if (before) change.before = Show(*before, format, same);
  if (after) change.after = Show(*after, format, same);
  return change;
}

std::string MarkdownText(std::string_view text) {
  // Entities are never markup. ':' and '.' end what would become a link by itself; '-', '+' and '='
  // mean something at the start of a line only.
  constexpr std::string_view kMarkup = "&<>`*_[]|~@#\\$!:^{}\"'";
  std::string markdown;
  const std::string visible = Visible(text);
  for (std::size_t i = 0; i < visible.size(); ++i) {
    const char c = visible[i];
    const bool inside = i + 1 < visible.size() && visible[i + 1] != ' ';
    const bool link = c == '.' && inside;
    if (kMarkup.find(c) != std::string_view::npos || link) {
      markdown += Entity(c);
    } else {
      markdown += c;
    }
  }
  return markdown;
}

std::string MarkdownName(std::string_view name) {
  const bool plain = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '/' || c == '$';
  });
  if (plain) return "`" + std::string(name) + "`";
  return "<code>" + MarkdownText(name) + "</code>";
}

std::string MarkdownCode(std::string_view text) {
  const std::string visible = Visible(text);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : visible) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  // One space on each side is taken off again by every renderer.
  const bool padded = visible.empty() || visible.starts_with('`') || visible.ends_with('`') ||
                      visible.starts_with(' ') || visible.ends_with(' ');
  return fence + (padded ? " " : "") + visible + (padded ? " " : "") + fence;
}

}  // namespace syncgate
