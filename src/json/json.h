// JSON text to values and back. What syncgate writes is written here, so that the same value always
// gives the same bytes; what it reads is read strictly (RFC 8259, no comments, no duplicate keys).
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"

namespace syncgate {

struct JsonLimits {
  std::size_t bytes = std::size_t{256} << 20;
  std::size_t depth = 64;
};

// Errors: kFailed, code "json-invalid"; the message names line and column. An object with the same
// key twice is refused ("json-duplicate-key"): readers disagree on which one counts.
Result<boost::json::value> ParseJson(std::string_view text, const JsonLimits& limits = {});

// Keys sorted by bytes, no spaces: the form that digests are taken of. Documents hold no fractions,
// whose text would depend on the library.
std::string CanonicalJson(const boost::json::value& value);

// Two spaces of indentation, keys in the order of the value, what fits into 100 columns on one
// line, a line end at the end: the form in which documents are written.
std::string PrettyJson(const boost::json::value& value);

// The scalar at an RFC 6901 pointer ("" is the whole body) as text: a string without quotes, an
// integer as its digits, a fraction in the shortest form that reads back ("1.5"), "true", "false",
// "null". Errors: kFailed, "json-invalid" (the body is no JSON), "json-pointer" (nothing there, or
// no scalar).
Result<std::string> ReadPointer(std::string_view body, std::string_view pointer);

// Appends `text`, which must be UTF-8, as a JSON string with its quotes.
void AppendJsonString(std::string_view text, std::string* out);

}  // namespace syncgate
