#include "formats/characters.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "core/utf8.h"

namespace syncgate {

char32_t TakeCharacter(std::string_view& text) {
  const std::size_t length = std::max<std::size_t>(Utf8CharacterLength(text), 1);
  auto character = static_cast<char32_t>(static_cast<unsigned char>(text[0]));
  if (length > 1) character &= 0xFFU >> (length + 1);
  for (std::size_t i = 1; i < length; ++i) {
    character = (character << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(length);
  return character;
}

void AppendCharacter(char32_t character, std::string* out) {
  const auto tail = [&](unsigned shift) {
    *out += static_cast<char>(0x80U | ((character >> shift) & 0x3FU));
  };
  if (character < 0x80) {
    *out += static_cast<char>(character);
  } else if (character < 0x800) {
    *out += static_cast<char>(0xC0U | (character >> 6U));
    tail(0);
  } else if (character < 0x10000) {
    *out += static_cast<char>(0xE0U | (character >> 12U));
    tail(6);
    tail(0);
  } else {
    *out += static_cast<char>(0xF0U | (character >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

std::int64_t HexValue(std::string_view digits) {
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  const bool whole = parsed.ec == std::errc{} && parsed.ptr == digits.data() + digits.size();
  return whole && !digits.empty() ? std::int64_t{number} : -1;
}

std::string Hex(std::uint32_t number, int width) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int i = width - 1; i >= 0; --i) {
    text += kDigits[(number >> (static_cast<unsigned>(i) * 4U)) & 0xFU];
  }
  return text;
}

void AppendUtf16Escape(char32_t character, std::string* out) {
  if (character < 0x10000) {
    *out += "\\u" + Hex(character, 4);
    return;
  }
  const char32_t rest = character - 0x10000;
  *out += "\\u" + Hex(0xD800 + (rest >> 10U), 4);
  *out += "\\u" + Hex(0xDC00 + (rest & 0x3FFU), 4);
}

}  // namespace syncgate
