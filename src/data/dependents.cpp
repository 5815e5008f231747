#include "data/dependents.h"

#include <algorithm>
#include <charconv>

#include "data/sql_text.h"

namespace syncgate {
std::vector<ForeignKey> CascadingKeys(const TableDef& table) {
  std::vector<ForeignKey> keys;
  for (const ForeignKey& key : table.referencing_keys) {
    if (Cascades(key.on_delete) || Cascades(key.on_update)) keys.push_back(key);
  }
  return keys;
}

bool DragsAlong(const TableShape& shape, const ForeignKey& key, const RowChange& change) {
  const bool deletes = change.kind == ChangeKind::kDelete;
  return TakesAway(shape, key, change) && Cascades(deletes ? key.on_delete : key.on_update);
}

bool TakesAway(const TableShape& shape, const ForeignKey& key, const RowChange& change) {
  if (change.kind != ChangeKind::kUpdate) return change.kind == ChangeKind::kDelete;
  return std::ranges::any_of(key.columns, [&](const ColumnName& name) {
    const auto position = shape.Find(name);
    return position && (*change.before)[*position] != (*change.after)[*position];
  });
}

Result<std::uint64_t> ChildRows(SqlSession& session, const TableShape& shape, const ForeignKey& key,
                                const Row& image, const std::vector<Row>& but) {
  std::string condition;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const auto position = shape.Find(key.columns[i]);
    if (!position || i >= key.parent_columns.size()) {
      return Fail(ErrorKind::kRefused, "delete-cascades",
                  "table " + shape.name.str() + ": which rows of " + key.parent.str() +
                      " follow by foreign key " + key.name +
                      " cannot be seen: it refers to a column outside the comparison",
                  "compare the column, or take `deletes` out");
    }
    if (!image[*position]) return 0;
    condition += (condition.empty() ? "" : " AND ") + QuoteName(key.parent_columns[i].str()) +
                 " = " + TRY(Literal(image[*position], shape.columns[*position]));
  }
  if (key.parent == shape.name) condition += " AND NOT (" + TRY(KeyIn(shape, but)) + ")";
  const auto rows = TRY(session.Rows("SELECT COUNT(*) FROM " + QuoteName(key.parent_schema.str()) +
                                     "." + QuoteName(key.parent.str()) + " WHERE " + condition));
  std::uint64_t count = 0;
  const std::string text = rows.at(0).at(0).value_or("0");
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

Result<void> CountDependents(SqlSession& session, const TableShape& shape,
                             const std::vector<ForeignKey>& referencing,
                             std::span<RowChange> changes) {
  for (const ForeignKey& key : referencing) {
    for (RowChange& change : changes) {
      if (!TakesAway(shape, key, change)) continue;
      auto rows = ChildRows(session, shape, key, *change.before, {change.key});
      const bool refused = !rows && rows.error().kind == ErrorKind::kRefused;
      if (refused && !DragsAlong(shape, key, change)) continue;
      if (!rows) return std::unexpected(std::move(rows).error());
      if (*rows > 0) change.dependents.push_back({key.name, *rows});
    }
  }
  return {};
}

}  // namespace syncgate
