#include "data/text_check.h"

#include <algorithm>

#include "data/sql_text.h"

namespace syncgate {
namespace {

bool IsAscii(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

Result<std::optional<ColumnName>> FindUnstorableText(SqlSession& session, const TableShape& source,
                                                     const TableShape& node,
                                                     const RowChange& change) {
  if (!change.after) return std::nullopt;
  for (std::size_t i = 0; i < node.columns.size(); ++i) {
    const std::string& charset = node.columns[i].charset;
    const Cell& cell = (*change.after)[i];
    if (charset.empty() || charset == "utf8mb4" || charset == source.columns[i].charset) continue;
    if (!cell || IsAscii(*cell)) continue;
    const auto rows = TRY(session.Rows("SELECT CONVERT(CONVERT(" + TextLiteral(*cell) + " USING " +
                                       charset + ") USING utf8mb4)"));
    if (rows.at(0).at(0) != cell) return node.columns[i].name;
  }
  return std::nullopt;
}

std::optional<ColumnName> FindNoMember(const TableShape& shape, const RowChange& change) {
  for (const auto* image : {&change.before, &change.after}) {
    for (std::size_t i = 0; *image && i < shape.columns.size(); ++i) {
      const Column& column = shape.columns[i];
      if (column.kind == ColumnKind::kEnum && column.type.starts_with("enum(") &&
          (**image)[i] == " ") {
        return column.name;
      }
    }
  }
  return std::nullopt;
}

}  // namespace syncgate
