#include "data/render.h"

#include <algorithm>

#include "data/guard_columns.h"
#include "data/row_digest.h"
#include "data/sql_text.h"

namespace syncgate {
namespace {

// The columns an INSERT may name, as positions in the row image.
std::vector<std::size_t> WritableColumns(const TableShape& shape) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    if (!shape.columns[i].generated) positions.push_back(i);
  }
  return positions;
}

bool IsKey(const TableShape& shape, std::size_t position) {
  return std::ranges::find(shape.key, position) != shape.key.end();
}

// Whether some key is to be spelled in another way (case, padding): then the key is written too.
bool RewritesKey(const TableShape& shape, std::span<const RowChange> changes) {
  return std::ranges::any_of(changes, [&](const RowChange& change) {
    return change.before && change.after &&
           shape.KeyOf(*change.before) != shape.KeyOf(*change.after);
  });
}

// The alias of the new row; a table may bear any name, this one too.
std::string RowAlias(const TableShape& shape) {
  return shape.name == TableName("incoming") ? "`incoming_row`" : "`incoming`";
}

bool HasRowAlias(const ServerInfo& server) {
  if (server.flavor != Flavor::kMySql) return false;
  return std::tuple(server.major, server.minor, server.patch) >= std::tuple(8, 0, 19);
}

Result<std::string> ValuesList(const TableShape& shape, const std::vector<std::size_t>& positions,
                               std::span<const RowChange> changes) {
  std::string text;
  for (const RowChange& change : changes) {
    text += text.empty() ? "\n(" : ",\n(";
    for (std::size_t i = 0; i < positions.size(); ++i) {
      if (i > 0) text += ", ";
      text += TRY(Literal((*change.after)[positions[i]], shape.columns[positions[i]]));
    }
    text += ")";
  }
  return text;
}

std::string InsertHead(const TableShape& shape, const std::vector<std::size_t>& positions) {
  std::string names;
  for (const auto position : positions) {
    names += (names.empty() ? "" : ", ") + QuoteName(shape.columns[position].name.str());
  }
  return "INSERT INTO " + QuoteName(shape.name.str()) + " (" + names + ") VALUES";
}

Result<std::string> RenderInsert(const RenderContext& context, std::span<const RowChange> changes) {
  const TableShape& shape = context.shape;
  const auto positions = WritableColumns(shape);
  const std::string key = QuoteName(shape.columns[shape.key[0]].name.str());
  return InsertHead(shape, positions) + TRY(ValuesList(shape, positions, changes)) +
         "\nON DUPLICATE KEY UPDATE " + key + " = " + QuoteName(shape.name.str()) + "." + key;
}

Result<std::string> RenderUpsert(const RenderContext& context, std::span<const RowChange> changes) {
  const TableShape& shape = context.shape;
  const auto positions = WritableColumns(shape);
  const bool with_key = RewritesKey(shape, changes);
  const bool alias = HasRowAlias(context.server);
  std::string assignments;
  const auto assign = [&](const std::string& name, const std::string& value) {
    assignments += (assignments.empty() ? "" : ", ") + name + " = " + value;
  };
  for (const auto position : positions) {
    if (IsKey(shape, position) && !with_key) continue;
    const std::string name = QuoteName(shape.columns[position].name.str());
    assign(name, alias ? RowAlias(shape) + "." + name : "VALUES(" + name + ")");
  }
  for (const ColumnName& column : context.touch_not) {
    const std::string name = QuoteName(column.str());
    assign(name, QuoteName(shape.name.str()) + "." + name);
  }
  return InsertHead(shape, positions) + TRY(ValuesList(shape, positions, changes)) +
         (alias ? " AS " + RowAlias(shape) : "") + "\nON DUPLICATE KEY UPDATE " + assignments;
}

Result<std::string> RenderKeyedUpdate(const RenderContext& context, const RowChange& change) {
  const TableShape& shape = context.shape;
  const bool with_key = RewritesKey(shape, {&change, 1});
  std::string assignments;
  for (const auto position : WritableColumns(shape)) {
    if (IsKey(shape, position) && !with_key) continue;
    const Column& column = shape.columns[position];
    assignments += (assignments.empty() ? "" : ", ") + QuoteName(column.name.str()) + " = " +
                   TRY(Literal((*change.after)[position], column));
  }
  for (const ColumnName& column : context.touch_not) {
    const std::string name = QuoteName(column.str());
    assignments += (assignments.empty() ? "" : ", ") + name + " = " + name;
  }
  return "UPDATE " + QuoteName(shape.name.str()) + " SET " + assignments + "\nWHERE " +
         TRY(KeyIn(shape, {change.key}));
}

std::vector<Row> KeysOf(std::span<const RowChange> changes) {
  std::vector<Row> keys;
  keys.reserve(changes.size());
  for (const RowChange& change : changes) keys.push_back(change.key);
  return keys;
}

// `statement` with a WHERE for the rows of these changes.
Result<std::vector<std::string>> ByKey(const RenderContext& context, const std::string& statement,
                                       std::span<const RowChange> changes) {
  std::vector<std::string> statements;
  const std::size_t step = context.row_by_row ? 1 : changes.size();
  for (std::size_t i = 0; i < changes.size(); i += step) {
    statements.push_back(statement + "\nWHERE " +
                         TRY(KeyIn(context.shape, KeysOf(changes.subspan(i, step)))));
  }
  return statements;
}

// Count and digest sum of one side of the changes, as a condition on the guard's variables.
std::string SideCondition(const std::vector<Column>& columns, const TableShape& shape,
                          std::span<const RowChange> changes,
                          const std::optional<Row> RowChange::* side) {
  __extension__ typedef unsigned __int128 Sum;
  Sum sum = 0;
  std::size_t rows = 0;
  for (const RowChange& change : changes) {
    if (!(change.*side)) continue;
    sum += RowDigest(columns, GuardCells(shape, *(change.*side)));
    ++rows;
  }
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(sum % 10)));
    sum /= 10;
  } while (sum != 0);
  return "(@syncgate_rows = " + std::to_string(rows) + " AND @syncgate_digest = " + digits + ")";
}

}  // namespace

Result<std::vector<std::string>> RenderStatements(const RenderContext& context, ChangeKind kind,
                                                  std::span<const RowChange> changes) {
  std::vector<std::string> statements;
  switch (kind) {
    case ChangeKind::kInsert:
      statements.push_back(TRY(RenderInsert(context, changes)));
      break;
    case ChangeKind::kUpdate:
      if (!context.keyed_updates) {
        statements.push_back(TRY(RenderUpsert(context, changes)));
        break;
      }
      for (const RowChange& change : changes) {
        statements.push_back(TRY(RenderKeyedUpdate(context, change)));
      }
      break;
    case ChangeKind::kDelete:
      return ByKey(context, "DELETE FROM " + QuoteName(context.shape.name.str()), changes);
  }
  return statements;
}

Result<CycleStatements> RenderCycle(const RenderContext& context, ChangeKind kind,
                                    const std::vector<ColumnName>& parked,
                                    std::span<const RowChange> changes) {
  const std::string table = QuoteName(context.shape.name.str());
  CycleStatements cycle;
  if (kind == ChangeKind::kUpdate && parked.empty()) {
    cycle.park_kind = ChangeKind::kDelete;
    cycle.parks = TRY(ByKey(context, "DELETE FROM " + table, changes));
    cycle.moves.push_back(TRY(RenderInsert(context, changes)));
    return cycle;
  }
  if (kind == ChangeKind::kInsert) {
    std::vector<RowChange> without(changes.begin(), changes.end());
    for (std::size_t i = 0; i < context.shape.columns.size(); ++i) {
      if (std::ranges::find(parked, context.shape.columns[i].name) == parked.end()) continue;
      for (RowChange& change : without) (*change.after)[i].reset();
    }
    cycle.park_kind = ChangeKind::kInsert;
    cycle.parks.push_back(TRY(RenderInsert(context, without)));
    cycle.moves.push_back(TRY(RenderUpsert(context, changes)));
    return cycle;
  }
  std::string assignments;
  for (const ColumnName& column : parked) {
    assignments += (assignments.empty() ? "" : ", ") + QuoteName(column.str()) + " = NULL";
  }
  for (const ColumnName& column : context.touch_not) {
    const std::string name = QuoteName(column.str());
    assignments += ", " + name + " = " + name;
  }
  cycle.parks = TRY(ByKey(context, "UPDATE " + table + " SET " + assignments, changes));
  cycle.moves = TRY(RenderStatements(context, kind, changes));
  return cycle;
}

RowChange Reversed(const RowChange& change) {
  RowChange reversed;
  reversed.kind = change.kind == ChangeKind::kInsert   ? ChangeKind::kDelete
                  : change.kind == ChangeKind::kDelete ? ChangeKind::kInsert
                                                       : ChangeKind::kUpdate;
  reversed.key = change.key;
  reversed.before = change.after;
  reversed.after = change.before;
  return reversed;
}

Result<std::string> RenderGuard(const RenderContext& context, std::string_view label,
                                std::span<const RowChange> changes) {
  const TableShape& shape = context.shape;
  const auto columns = GuardColumns(shape);
  std::string name(label.substr(0, 60));
  // An unknown table's name is the only free text that both servers put into an error of plain SQL.
  std::ranges::replace_if(
      name,
      [](char c) {
        return c < 0x20 || c > 0x7e || c == '.' || c == '`' || c == '\'' || c == '\\' || c == '/';
      },
      '_');
  while (name.ends_with(' ')) name.pop_back();
  return "SELECT COUNT(*), COALESCE(SUM(" + RowDigestExpression(columns) +
         "), 0) INTO @syncgate_rows, @syncgate_digest\n" + FromTable(shape) + "\nWHERE " +
         TRY(KeyIn(shape, KeysOf(changes))) + " FOR UPDATE;\nSET @syncgate_guard = IF(" +
         SideCondition(columns, shape, changes, &RowChange::before) + "\nOR " +
         SideCondition(columns, shape, changes, &RowChange::after) + ",\n'DO 0', 'SELECT * FROM `" +
         name +
         "`');\nPREPARE syncgate_guard FROM @syncgate_guard;\nEXECUTE syncgate_guard;\n"
         "DEALLOCATE PREPARE syncgate_guard;\n";
}

std::string RenderPreamble() {
  return "SET NAMES utf8mb4;\n"
         "SET SESSION time_zone = '+00:00';\n"
         "SET SESSION sql_mode = "
         "'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION';\n"
         "SET SESSION sql_safe_updates = 1;\n"
         "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;\n";
}

}  // namespace syncgate
