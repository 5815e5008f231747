// Is it UTF-8? Exactly: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <string>
#include <string_view>

namespace syncgate {

bool IsUtf8(std::string_view bytes);

// UTF-8 in which every byte that belongs to no character became U+FFFD. For people's eyes only: it
// does not lead back to the bytes.
std::string ToUtf8(std::string_view bytes);

// The length of the character at the start of `bytes`, 0 where there is none.
std::size_t Utf8CharacterLength(std::string_view bytes);

}  // namespace syncgate
