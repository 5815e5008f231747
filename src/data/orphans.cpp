#include "data/orphans.h"

#include <algorithm>

#include "data/sql_text.h"

namespace syncgate {
namespace {

// The columns of the key in the shape; nullopt where one is outside of it.
std::optional<std::vector<std::size_t>> PositionsOf(const TableShape& shape,
                                                    const ForeignKey& key) {
  std::vector<std::size_t> positions;
  for (const ColumnName& name : key.columns) {
    const auto position = shape.Find(name);
    if (!position) return std::nullopt;
    positions.push_back(*position);
  }
  return positions;
}

bool TakesReferenceAway(const RowChange& change, const std::vector<std::size_t>& positions) {
  if (change.kind != ChangeKind::kUpdate) return change.kind == ChangeKind::kDelete;
  return std::ranges::any_of(positions, [&](std::size_t position) {
    return (*change.before)[position] != (*change.after)[position];
  });
}

// Whether the parent's row is there. A reference with a NULL in it refers to nothing.
Result<bool> HasParent(SqlSession& session, const TableShape& shape, const ForeignKey& key,
                       const std::vector<std::size_t>& positions, const Row& image) {
  std::string condition;
  for (std::size_t i = 0; i < positions.size() && i < key.parent_columns.size(); ++i) {
    const Cell& cell = image[positions[i]];
    if (!cell) return true;
    condition += (condition.empty() ? "" : " AND ") + QuoteName(key.parent_columns[i].str()) +
                 " = " + TRY(Literal(cell, shape.columns[positions[i]]));
  }
  auto rows = session.Rows("SELECT 1 FROM " + QuoteName(key.parent_schema.str()) + "." +
                           QuoteName(key.parent.str()) + " WHERE " + condition + " LIMIT 1");
  if (rows) return !rows->empty();
  if (rows.error().code != "mysql-privilege-missing") {
    return std::unexpected(std::move(rows).error());
  }
  return Fail(ErrorKind::kRefused, "parent-invisible",
              "table " + shape.name.str() + ": the account may not read " + key.parent.str() +
                  ", which it refers to by foreign key " + key.name,
              "GRANT SELECT on it");
}

}  // namespace

Result<std::optional<ForeignKey>> FindOrphan(SqlSession& session, const TableShape& shape,
                                             const std::vector<ForeignKey>& foreign_keys,
                                             const RowChange& change) {
  for (const ForeignKey& key : foreign_keys) {
    const auto positions = PositionsOf(shape, key);
    if (!positions || !TakesReferenceAway(change, *positions)) continue;
    if (!TRY(HasParent(session, shape, key, *positions, *change.before))) return key;
  }
  return std::nullopt;
}

}  // namespace syncgate
