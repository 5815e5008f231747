#include "generate-sql/planned_rows.h"

#include <algorithm>
#include <optional>

#include "data/guard_columns.h"

namespace syncgate {
namespace {

RenderContext ContextFor(const TableDiff& table, const ServerInfo& server) {
  RenderContext context;
  context.shape.name = table.table;
  context.shape.key_index = table.key_index;
  for (const TableColumn& column : table.columns) {
    Column made;
    made.name = column.name;
    made.kind = column.kind;
    made.type = column.type;
    made.generated = column.generated;
    made.nullable = column.nullable;
    context.shape.columns.push_back(std::move(made));
  }
  for (const ColumnName& name : table.key) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name == name) context.shape.key.push_back(i);
    }
  }
  context.server = server;
  context.touch_not = table.ignored_on_update;
  context.keyed_updates = !table.ignored_required.empty();
  return context;
}

// Images must fit the columns they are said to be of; what cannot be written is refused here, not
// on the node.
Result<void> CheckChange(const PlanTable& table, const std::string& node, const RowChange& change) {
  const TableShape& shape = table.shape();
  const bool fits = change.key.size() == shape.key.size() &&
                    change.before.has_value() == (change.kind != ChangeKind::kInsert) &&
                    change.after.has_value() == (change.kind != ChangeKind::kDelete) &&
                    (!change.before || change.before->size() == shape.columns.size()) &&
                    (!change.after || change.after->size() == shape.columns.size());
  if (!fits) {
    return Fail(ErrorKind::kBadArtifact, "artifact-invalid",
                "a row of table " + shape.name.str() + " in the diff of " + node +
                    " does not fit its columns",
                "run compare again");
  }
  if (change.kind == ChangeKind::kInsert && !table.diff->ignored_required.empty()) {
    return Fail(ErrorKind::kRefused, "insert-lacks-column",
                "table " + shape.name.str() + ": rows are missing on " + node +
                    ", and the ignored column " + table.diff->ignored_required.front().str() +
                    " has no default to insert them with",
                "give the column a default, or stop ignoring it");
  }
  if (change.kind == ChangeKind::kUpdate && GuardEqual(shape, *change.before, *change.after)) {
    return Fail(ErrorKind::kRefused, "generated-differs",
                "table " + shape.name.str() +
                    ": a row differs in a generated column only, which cannot be written",
                "bring the column's expression on both sides together, or ignore it");
  }
  return {};
}

}  // namespace

Result<std::vector<PlanTable>> FindPlanTables(const NodeDiff& diff,
                                              const std::vector<std::size_t>& positions,
                                              const ServerInfo& server, RowsReader& rows) {
  // Rows stand table by table.
  std::vector<std::optional<RowsReader::Mark>> starts(diff.tables.size());
  std::optional<std::uint64_t> last;
  while (true) {
    const auto mark = rows.Tell();
    const auto line = TRY(rows.Next());
    if (!line) break;
    if (line->table >= diff.tables.size() || (last && line->table < *last)) {
      return Fail(ErrorKind::kBadArtifact, "artifact-invalid",
                  diff.rows->path + " names tables that the diff does not, or out of order",
                  "run compare again");
    }
    if (last != line->table) starts[line->table] = mark;
    last = line->table;
  }
  std::vector<PlanTable> tables;
  for (const auto position : positions) {
    if (!starts[position]) continue;  // nothing to change
    const TableDiff& table = diff.tables[position];
    PlanTable found{&table, position, *starts[position], ContextFor(table, server), {}};
    for (const ForeignKey& key : table.foreign_keys) {
      if (key.parent_schema.str() == diff.server.database) found.parents.push_back(key.parent);
    }
    found.context.row_by_row =
        found.RefersToItself() || SmallForMariaDb(server, table.counts.node_rows);
    tables.push_back(std::move(found));
  }
  return tables;
}

Result<void> ForEachChange(const PlanTable& table, const std::string& node, RowsReader& rows,
                           const UseChange& use) {
  TRY(rows.SeekTo(table.start));
  while (true) {
    const auto mark = rows.Tell();
    auto line = TRY(rows.Next());
    if (!line || line->table != table.position) return {};
    TRY(CheckChange(table, node, line->change));
    TRY(use(mark, std::move(line->change)));
  }
}

}  // namespace syncgate
