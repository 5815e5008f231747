// Reads lines of SHOW GRANTS: GRANT right, right (`col`, ...), ... ON `schema`.`table` TO
// `user`@`host` ...
#include <cctype>
#include <string_view>

#include "mysql/privileges.h"

namespace syncgate {
namespace {

// What ALL PRIVILEGES means to us. The dynamic rights of MySQL play no part here.
const std::set<std::string>& AllRights() {
  static const std::set<std::string> rights = {
      "SELECT",    "INSERT",     "UPDATE",      "DELETE",      "CREATE",
      "DROP",      "REFERENCES", "INDEX",       "ALTER",       "TRIGGER",
      "SHOW VIEW", "EXECUTE",    "LOCK TABLES", "CREATE VIEW", "CREATE TEMPORARY TABLES"};
  return rights;
}
// What it means in addition on *.*
const std::set<std::string>& AllGlobalRights() {
  static const std::set<std::string> rights = {
      "PROCESS", "SUPER", "RELOAD", "REPLICATION CLIENT", "REPLICATION SLAVE", "SHOW DATABASES"};
  return rights;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  bool Take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void SkipSpace() {
    while (Peek() == ' ') ++at_;
  }

  // A name in backticks, double quotes or single quotes, doubled inside; or *, or a bare word.
  bool Name(std::string* name) {
    name->clear();
    const char quote = Peek();
    if (quote != '`' && quote != '"' && quote != '\'') {
      while (!AtEnd() && Peek() != '.' && Peek() != ' ' && Peek() != '@') *name += text_[at_++];
      return !name->empty();
    }
    for (++at_; !AtEnd(); ++at_) {
      if (Peek() != quote) {
        *name += Peek();
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == quote) {
        *name += quote;
        ++at_;
      } else {
        ++at_;
        return true;
      }
    }
    return false;
  }

  // Words up to a comma, a parenthesis or " ON ".
  std::string Right() {
    std::string right;
    while (!AtEnd() && Peek() != ',' && Peek() != '(' && !text_.substr(at_).starts_with(" ON ")) {
      right += static_cast<char>(std::toupper(static_cast<unsigned char>(text_[at_++])));
    }
    while (right.ends_with(' ')) right.pop_back();
    return right;
  }

  // A list of quoted column names in parentheses.
  bool Columns() {
    if (!Take("(")) return false;
    std::string column;
    for (;;) {
      SkipSpace();
      if (Peek() == '`' || Peek() == '"') {
        if (!Name(&column)) return false;
      } else {
        while (!AtEnd() && Peek() != ',' && Peek() != ')') ++at_;
      }
      SkipSpace();
      if (Take(")")) return true;
      if (!Take(",")) return false;
    }
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool ParseRights(Scanner& scanner, Grant* grant) {
  for (;;) {
    scanner.SkipSpace();
    const std::string right = scanner.Right();
    if (right.empty()) return false;
    if (scanner.Peek() == '(') {
      if (!scanner.Columns()) return false;
      grant->column_rights.insert(right);
    } else {
      grant->rights.insert(right);
    }
    if (scanner.Take(" ON ")) return true;
    if (!scanner.Take(",")) return false;  // a role is granted: no ON
  }
}

void SpellOutAll(Grant* grant) {
  if (!grant->rights.contains("ALL PRIVILEGES") && !grant->rights.contains("ALL")) return;
  grant->rights.insert(AllRights().begin(), AllRights().end());
  if (grant->schema == "*")
    grant->rights.insert(AllGlobalRights().begin(), AllGlobalRights().end());
}

}  // namespace

bool ParseGrant(const std::string& line, Grant* grant) {
  *grant = Grant();
  Scanner scanner(line);
  if (scanner.Take("REVOKE ")) {
    grant->revoke = true;
  } else if (!scanner.Take("GRANT ")) {
    return false;
  }
  // A role or proxy line starts with a quoted name or the word PROXY.
  if (scanner.Peek() == '`' || scanner.Peek() == '\'' || scanner.Peek() == '"') return false;
  if (!ParseRights(scanner, grant) || grant->rights.contains("PROXY")) return false;
  for (const char* routine : {"PROCEDURE ", "FUNCTION ", "PACKAGE ", "LIBRARY "}) {
    if (scanner.Take(routine)) return false;
  }
  static_cast<void>(scanner.Take("TABLE "));
  if (!scanner.Name(&grant->schema) || !scanner.Take(".") || !scanner.Name(&grant->table))
    return false;
  std::string grantee;
  if (!scanner.Take(grant->revoke ? " FROM " : " TO ") || !scanner.Name(&grantee)) return false;
  grant->to_role = scanner.Peek() != '@';
  SpellOutAll(grant);
  grant->rights.erase("USAGE");
  return true;
}

bool SchemaMatches(const std::string& pattern, const std::string& schema, bool wildcards) {
  // Backtracking as for LIKE: `star` is where the last % stands, `resume` what it has swallowed so
  // far.
  std::size_t p = 0;
  std::size_t s = 0;
  std::size_t star = std::string::npos;
  std::size_t resume = 0;
  while (s < schema.size()) {
    const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\' && wildcards;
    if (wildcards && p < pattern.size() && pattern[p] == '%') {
      star = p++;
      resume = s;
    } else if (p < pattern.size() && (pattern[escaped ? p + 1 : p] == schema[s] ||
                                      (wildcards && !escaped && pattern[p] == '_'))) {
      p += escaped ? 2 : 1;
      ++s;
    } else if (star != std::string::npos) {
      p = star + 1;
      s = ++resume;
    } else {
      return false;
    }
  }
  while (wildcards && p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

}  // namespace syncgate
