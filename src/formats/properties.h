// Java properties files, read as java.util.Properties.load does: `key = value`, `key: value`,
// `key value`; # and ! begin a comment; a backslash at the end of a line continues it; \uXXXX.
//
// Refused, since readers disagree about the whole file: duplicate keys, a byte order mark, a key
// with bytes that are not ASCII or with control characters, an empty key, one over several lines, a
// lone CR, NUL, a backslash at the end of the file, \u without four digits.
//
// A value with bytes that are not ASCII carries a doubt: Java 8 and Properties.load take them for
// ISO-8859-1, resource bundles from Java 9 and other readers for UTF-8. What is written is ASCII
// with \uXXXX, which all take the same way. Doubtful, too: control characters other than tab and
// line ends, and half a surrogate pair.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/names.h"
#include "core/result.h"
#include "formats/format.h"

namespace syncgate {

struct PropertiesEntry {
  ConfigKey key;
  std::string value;  // unescaped, continued lines joined
  // Byte offsets: [key_end, value_begin) separates key and value, [begin, end) are all lines of the
  // entry with the final line ending. A value reaches to the end of its last line: blanks there
  // belong to it.
  std::size_t begin = 0;
  std::size_t key_end = 0;
  std::size_t value_begin = 0;
  std::size_t value_end = 0;
  std::size_t end = 0;
  std::size_t line = 0;
  std::string doubt;
};

// In file order. Errors: kRefused "config-unparsable" (names the line), "config-duplicate-key".
Result<std::vector<PropertiesEntry>> ParseProperties(std::string_view bytes);

// Changes only the bytes of the values named; a new value stands on one line. A new key is appended
// as a line of its own, its separator as in the last entry; a removal deletes all lines of the
// entry. Errors: those of ParseProperties; kRefused "config-value-unwritable",
// "config-key-unwritable"; kFailed "config-edit-wrong".
Result<std::string> EditProperties(std::string_view bytes, const std::vector<ConfigEdit>& edits);

}  // namespace syncgate
