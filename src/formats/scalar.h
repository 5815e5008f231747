// Values of the formats whose scalars have types (json, yaml), as plans carry them, and the
// pointers that name them. The notation is JSON's: a string in quotes, its characters unescaped as
// far as JSON lets them be; any other scalar is bare and stands as in the file (5, 1.50, true,
// null; yaml: .inf, 0x1F); a list is [a,b] without blanks. So two values are the same exactly when
// their notations are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/names.h"

namespace syncgate {

struct TypedValue {
  enum class Kind : std::uint8_t { kString, kBare, kList };

  Kind kind = Kind::kBare;
  std::string text;                 // kString: what it says; kBare: the token
  std::vector<TypedValue> items{};  // kList: strings and bare scalars

  bool operator==(const TypedValue&) const = default;
};

std::string StringNotation(std::string_view text);
std::string Notation(const TypedValue& value);

// Nothing where `notation` is none of a scalar or of a list of scalars.
std::optional<TypedValue> ReadNotation(std::string_view notation);

// A bare scalar as ReadPointer (json/json.h) shows it, for comparing with what a service
// answers: 1.50 is 1.5. A number whose digits a double would lose stays as it is.
std::string BareText(std::string_view token);

// RFC 6901: "/server/bot_id"; '~' and '/' within a name are ~0 and ~1.
std::string JoinPointer(std::string_view pointer, std::string_view name);

struct PointerPlace {
  std::string parent;
  std::string name;
};

// The place a pointer names; nothing where it is none, or names the whole document.
std::optional<PointerPlace> SplitPointer(const ConfigKey& key);

// One replacement of bytes [begin, end).
struct Splice {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text;
};

// `bytes` with every splice made. They must not overlap.
std::string WithSplices(std::string_view bytes, std::vector<Splice> splices);

// What "line" an offset is on, from 1.
std::size_t LineAt(std::string_view bytes, std::size_t offset);

// The ending of the last line that is ended, which is the one next to what is appended: "\n" where
// there is none.
std::string_view LastLineEndingOf(std::string_view bytes);

}  // namespace syncgate
