// YAML scalars: which type readers give a plain one, and how a value is written so that all of them
// read it back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "formats/scalar.h"

namespace syncgate {

enum class YamlStyle : std::uint8_t { kPlain, kSingle, kDouble };

// The type on which readers of YAML 1.1 (PyYAML, SnakeYAML, Psych, libyaml's users) and of 1.2
// (core schema) agree for a plain scalar; kDoubtful where they do not: yes, 012, 1:30, 1e3, 1_000,
// dates.
enum class YamlType : std::uint8_t { kString, kNull, kBool, kNumber, kDoubtful };

YamlType TypeOfPlain(std::string_view text);

// The value of a plain scalar. Booleans and nulls lose their spelling (True is true), a number
// keeps it but for a leading +; a doubtful one is kBare as it stands.
TypedValue ValueOfPlain(std::string_view text);

// What the quotes of a token on one line hold; nothing for an escape that readers take in different
// ways.
std::optional<std::string> UnquoteYaml(std::string_view token, YamlStyle style);

// Where a scalar is written into.
struct YamlSlot {
  YamlStyle style = YamlStyle::kPlain;    // of the old token
  YamlStyle quotes = YamlStyle::kSingle;  // where quotes become necessary
  bool flow = false;
};

// The token for a scalar: a string in the slot's style where it fits, else in the quotes that hold
// it; any other scalar plain. Nothing for a bare text of doubtful type, and for lists.
std::optional<std::string> YamlToken(const TypedValue& value, const YamlSlot& slot);

// True for what YAML 1.1 and 1.2 both print as it stands. Line ends, tab and what only one of them
// knows (NEL, line separator, byte order mark) are not.
bool IsYamlPrintable(char32_t character);

}  // namespace syncgate
