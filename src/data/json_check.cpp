#include "data/json_check.h"

#include <cctype>

#include "data/sql_text.h"

namespace syncgate {
namespace {

// Integers, texts and structure read back as they are; only a digit followed by '.' or an exponent
// may not. Texts can hold such a pair too: then the server is asked for nothing.
bool MayLoseDigits(const std::string& text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) continue;
    if (text[i + 1] == '.' || text[i + 1] == 'e' || text[i + 1] == 'E') return true;
  }
  return false;
}

}  // namespace

Result<std::optional<ColumnName>> FindUnwritableJson(SqlSession& session, const TableShape& shape,
                                                     const RowChange& change) {
  for (const auto* image : {&change.before, &change.after}) {
    for (std::size_t i = 0; *image && i < shape.columns.size(); ++i) {
      const Cell& cell = (**image)[i];
      if (shape.columns[i].kind != ColumnKind::kJson || !cell || !MayLoseDigits(*cell)) continue;
      const auto rows = TRY(session.Rows("SELECT CAST(" + TextLiteral(*cell) + " AS JSON)"));
      if (rows.size() != 1 || rows[0].size() != 1 || rows[0][0] != cell)
        return shape.columns[i].name;
    }
  }
  if (change.kind != ChangeKind::kUpdate) return std::nullopt;
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    const Cell& before = (*change.before)[i];
    const Cell& after = (*change.after)[i];
    if (shape.columns[i].kind != ColumnKind::kJson || !before || !after || before == after)
      continue;
    if (!MayLoseDigits(*before) && !MayLoseDigits(*after)) continue;
    const auto rows = TRY(session.Rows("SELECT CAST(" + TextLiteral(*before) + " AS JSON) = CAST(" +
                                       TextLiteral(*after) + " AS JSON)"));
    if (rows.size() != 1 || rows[0].size() != 1 || rows[0][0] != "0") return shape.columns[i].name;
  }
  return std::nullopt;
}

}  // namespace syncgate
