// Dotenv files: KEY=VALUE lines. There is no standard, so this reads what the common readers
// (dotenv for Node, python-dotenv, Docker Compose) agree on, and names what they do not.
//
// Where they disagree on the lines or on where a value ends, the file is refused: backticks, a
// quote left open, text after a closing quote, \' in single quotes, \\ before a closing double
// quote, a line without '=', a lone CR, NUL, a comment with a line separator (U+2028, U+2029).
//
// Where they disagree on one value only, its entry carries a doubt, and only moving that key is
// refused, since the rest of the file is not ours: # without a space before it, nothing but a
// comment (which is then the value), a blank other than space and tab at an end without quotes, $
// outside single quotes, ${ anywhere, \\ in single quotes, escapes in double quotes other than \n
// \" \\. (Of these three dotenv for Node knows only \n: EditDotenv writes \" and \\ only into a
// value that had one of them already.)
//
// Known: optional `export `, blanks around '=', 'literal', "with escapes", both over several lines,
// ` # comment`, CRLF, UTF-8 byte order mark, no final newline.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/names.h"
#include "core/result.h"
#include "formats/format.h"

namespace syncgate {

struct DotenvEntry {
  ConfigKey key;
  std::string value;  // unquoted, unescaped; line breaks within are \n
  // Byte offsets into the file: [value_begin, value_end) is the value with its quotes, [begin, end)
  // all lines of the entry with the final line ending.
  std::size_t value_begin = 0;
  std::size_t value_end = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t line = 0;  // of the key, from 1
  bool exported = false;
  std::string doubt;  // empty: all readers take it for `value`
};

// In file order. Errors: kRefused "config-unparsable" (names the line), "config-duplicate-key".
Result<std::vector<DotenvEntry>> ParseDotenv(std::string_view bytes);

// Changes only the bytes of the values named. A value keeps its quotes where it still fits in them,
// else it gets the least quoting that all readers agree on. A new key is appended as a line of its
// own with the file's line ending (and `export ` where every line has it); a removal deletes the
// whole line. A file without a final newline stays without. The result has been read back: it holds
// what was asked for and all else as it was. Errors: those of ParseDotenv; kRefused
// "config-value-unwritable"; kFailed "config-edit-wrong".
Result<std::string> EditDotenv(std::string_view bytes, const std::vector<ConfigEdit>& edits);

}  // namespace syncgate
