#include <algorithm>
#include <array>
#include <cctype>

#include "project/internal.h"

namespace syncgate {
namespace {

// What lets a SELECT, or what follows a WITH, write, lock or store. Other commands cannot begin
// here.
constexpr std::array<std::string_view, 7> kForbidden = {"DELETE",    "INTO",   "LOCK",  "NEXTVAL",
                                                        "PROCEDURE", "SETVAL", "UPDATE"};

// Of `FOR SHARE`, `NEXT VALUE FOR`: their words alone are harmless.
constexpr std::array<std::array<std::string_view, 2>, 2> kForbiddenPairs = {
    {{"FOR", "SHARE"}, {"NEXT", "VALUE"}}};

std::unexpected<Error> Unsafe(const std::string& found) {
  return Fail(ErrorKind::kUsage, "query-unsafe",
              "expected one SELECT that only reads, without ; and comments, found " + found,
              "write it as one plain SELECT; names that read like a command go between backticks");
}

bool IsWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string Upper(std::string word) {
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::toupper(c); });
  return word;
}

Result<void> CheckWord(const std::string& before, const std::string& word) {
  if (before.empty() && word != "SELECT" && word != "WITH") return Unsafe(word + " at its start");
  if (std::ranges::find(kForbidden, word) != kForbidden.end()) return Unsafe("the word " + word);
  for (const auto& [first, second] : kForbiddenPairs) {
    if (before == first && word == second)
      return Unsafe(std::string("the words ").append(before).append(" ").append(word));
  }
  return {};
}

}  // namespace

Result<void> CheckQuery(const std::string& query) {
  std::string before;  // the last word outside quotes, in capitals
  int depth = 0;
  for (std::size_t i = 0; i < query.size();) {
    const char c = query[i];
    const std::string_view two = std::string_view(query).substr(i, 2);
    if (c == '\'' || c == '"' || c == '`') {
      i = SkipQuoted(query, i);
      if (i == query.npos) return Unsafe(std::string("an open quote ") + c);
      continue;
    }
    if (IsWord(c)) {
      const std::size_t start = i;
      while (i < query.size() && IsWord(query[i])) ++i;
      std::string word = Upper(query.substr(start, i - start));
      TRY(CheckWord(before, word));
      before = std::move(word);
      continue;
    }
    if (c == '\0') return Unsafe("a NUL byte");
    if (c == ';') return Unsafe("a ;");
    if (c == '#' || two == "--" || two == "/*" || two == "*/") return Unsafe("a comment");
    if (c == ':' && two == ":=") return Unsafe("an assignment");
    if (c == '(') ++depth;
    if (c == ')' && --depth < 0) return Unsafe("a ) that closes nothing");
    ++i;
  }
  if (depth != 0) return Unsafe("an open (");
  if (before.empty()) return Unsafe("nothing");
  return {};
}

}  // namespace syncgate
