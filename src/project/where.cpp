#include "json/json.h"
#include "project/internal.h"

namespace syncgate {
namespace {

std::unexpected<Error> Unsafe(const std::string& found) {
  return Fail(ErrorKind::kUsage, "where-unsafe",
              "expected one condition without ; and comments, found " + found);
}

}  // namespace

std::size_t SkipQuoted(const std::string& text, std::size_t start) {
  const char quote = text[start];
  for (std::size_t i = start + 1; i < text.size(); ++i) {
    if (text[i] == '\\' && quote != '`') {
      ++i;
    } else if (text[i] == quote) {
      if (i + 1 >= text.size() || text[i + 1] != quote) return i + 1;
      ++i;
    }
  }
  return text.npos;
}

Result<void> CheckWhere(const std::string& where) {
  int depth = 0;
  bool blank = true;
  for (std::size_t i = 0; i < where.size();) {
    const char c = where[i];
    const std::string_view two = std::string_view(where).substr(i, 2);
    if (c == '\'' || c == '"' || c == '`') {
      i = SkipQuoted(where, i);
      if (i == where.npos) return Unsafe(std::string("an open quote ") + c);
      blank = false;
      continue;
    }
    if (c == '\0') return Unsafe("a NUL byte");
    if (c == ';') return Unsafe("a ;");
    if (c == '#' || two == "--" || two == "/*" || two == "*/") return Unsafe("a comment");
    if (c == '(') ++depth;
    if (c == ')' && --depth < 0) return Unsafe("a ) that closes nothing");
    blank = blank && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
    ++i;
  }
  if (depth != 0) return Unsafe("an open (");
  if (blank) return Unsafe("nothing");
  return {};
}

}  // namespace syncgate
