// Characters (code points) of UTF-8 texts, for formats that escape them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace syncgate {

// Takes the first character off `text`, which is UTF-8 and not empty.
char32_t TakeCharacter(std::string_view& text);

// `character` is no surrogate.
void AppendCharacter(char32_t character, std::string* out);

// The number that `digits` (hexadecimal, at most 8) mean; -1 where they are none.
std::int64_t HexValue(std::string_view digits);

// `number` in lower-case hexadecimal, padded with zeros to `width`.
std::string Hex(std::uint32_t number, int width);

constexpr bool IsSurrogate(char32_t character) {
  return character >= 0xD800 && character <= 0xDFFF;
}

// Appends "\uXXXX", twice where UTF-16 needs a pair.
void AppendUtf16Escape(char32_t character, std::string* out);

}  // namespace syncgate
