// Where every value of a JSON file stands. Boost.JSON (through json/) decides whether the file is
// JSON; this only finds the bytes of what it has accepted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace syncgate {

struct JsonMember;

struct JsonNode {
  enum class Kind : std::uint8_t { kString, kBare, kList, kObject };

  Kind kind = Kind::kBare;
  std::size_t begin = 0;  // bytes [begin, end)
  std::size_t end = 0;
  std::size_t line = 0;  // from 1
  std::string text;      // kString: what it says; kBare: the token
  std::vector<JsonNode> items;
  std::vector<JsonMember> members;
};

struct JsonMember {
  std::string name;
  std::size_t key_begin = 0;
  std::size_t key_end = 0;
  JsonNode value;
};

// The whole file, which must be one object; a byte order mark before it is allowed. Errors:
// kRefused "config-unparsable", "config-duplicate-key".
Result<JsonNode> LocateJson(std::string_view bytes);

// With its type, as formats/scalar.h writes it; an object within a list as {"name":value,...}.
std::string JsonNotation(const JsonNode& node);

}  // namespace syncgate
