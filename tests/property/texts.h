// Charsets, and texts and bytes over a nasty alphabet.
#pragma once

#include <string>
#include <vector>

#include "data/sql_session.h"
#include "property/dice.h"

namespace syncgate::test {

struct Charset {
  std::string name;
  std::string collation;
};

// latin1, gbk, utf8mb3, utf8mb4 or ascii, with one of its collations that the server has.
Charset AnyCharset(Dice& dice, const ServerInfo& server);

// Bytes in the charset, valid there: '', case and padding variants, quotes, backslashes, zero
// bytes, separators, the charset's own.
std::string NastyText(Dice& dice, const Charset& charset);

// At most `size` bytes of any value.
std::string NastyBytes(Dice& dice, std::size_t size);

}  // namespace syncgate::test
