#include "data/preflight.h"

#include <algorithm>
#include <optional>

namespace syncgate {
namespace {

std::string Named(const TableName& table) { return "table " + table.str(); }

bool Lists(const std::vector<ColumnName>& names, const TableDef& table, const Column& column) {
  return std::ranges::any_of(names, [&](const ColumnName& name) {
    const auto found = table.FindColumn(name);
    return found && table.columns[*found].name == column.name;
  });
}

// Display widths ("int(11)") are MariaDB's and old MySQL's decoration; they say nothing of the
// values.
std::string TypeWithoutWidth(const Column& column) {
  std::string type = column.type;
  if (column.kind == ColumnKind::kInteger) {
    const auto open = type.find('(');
    const auto close = type.find(')');
    if (open != std::string::npos && close != std::string::npos) {
      type.erase(open, close - open + 1);
    }
  }
  return type;
}

bool SameType(const Column& a, const Column& b, bool same_flavor) {
  if (a.kind != b.kind || a.generated != b.generated) return false;
  if (TypeWithoutWidth(a) == TypeWithoutWidth(b)) return true;
  // Across flavours a type may have another spelling; kinds with free text are compared by value.
  return !same_flavor && (a.kind == ColumnKind::kText || a.kind == ColumnKind::kJson);
}

// Key kinds whose SQL order, equality and text form go together.
bool KeyKindSupported(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kInteger:
    case ColumnKind::kBit:
    case ColumnKind::kDecimal:
    case ColumnKind::kText:
    case ColumnKind::kTemporal:
    case ColumnKind::kBinary:
      return true;
    default:
      return false;
  }
}

// The index that identifies rows: PRIMARY, else a unique index of whole, NOT NULL columns.
std::optional<UniqueKey> IdentityKey(const TableDef& table) {
  for (const UniqueKey& key : table.unique_keys) {
    if (key.primary) return key;
  }
  for (const UniqueKey& key : table.unique_keys) {
    if (key.has_prefix || key.has_expression) continue;
    const bool nullable = std::ranges::any_of(
        key.columns, [&](std::size_t position) { return table.columns[position].nullable; });
    if (!nullable) return key;
  }
  return std::nullopt;
}

Result<std::vector<ColumnName>> IdentityColumns(const TableDef& table, const char* side,
                                                std::string* index) {
  const auto key = IdentityKey(table);
  if (!key) {
    return Fail(
        ErrorKind::kRefused, "table-no-key",
        Named(table.name) + " on " + side + " has no primary key and no NOT NULL unique key",
        "add a key, or leave the table out with data.exclude");
  }
  *index = key->index;
  std::vector<ColumnName> names;
  for (const auto position : key->columns) {
    const Column& column = table.columns[position];
    if (key->has_prefix || !KeyKindSupported(column.kind)) {
      return Fail(ErrorKind::kRefused, "key-unsupported",
                  Named(table.name) + ": key column " + column.name.str() + " (" + column.type +
                      ") cannot identify rows exactly" + (key->has_prefix ? " (prefix index)" : ""),
                  "give the table a key of whole integer, decimal, text, date or binary columns");
    }
    names.push_back(column.name);
  }
  return names;
}

Result<void> CheckEngine(const TableDef& table, const char* side) {
  if (table.engine == "InnoDB") return {};
  return Fail(ErrorKind::kRefused, "table-engine",
              Named(table.name) + " on " + side + " is " + table.engine +
                  ": without transactions there is no snapshot and no guard",
              "convert it to InnoDB, or leave the table out");
}

Result<void> CheckNamesExist(const TableDef& source, const TableDef& node,
                             const std::vector<ColumnName>& names) {
  for (const ColumnName& name : names) {
    if (source.FindColumn(name) || node.FindColumn(name)) continue;
    return Fail(ErrorKind::kRefused, "column-unknown",
                Named(source.name) + " has no column " + name.str(),
                "correct the table's entry in syncgate.yml or the option");
  }
  return {};
}

}  // namespace

Result<MatchedTable> MatchTable(const TableDef& source, const TableDef& node,
                                const TableRules& rules, bool same_flavor) {
  TRY(CheckEngine(source, "the source"));
  TRY(CheckEngine(node, "the node"));
  TRY(CheckNamesExist(source, node, rules.ignore_columns));
  TRY(CheckNamesExist(source, node, rules.columns));

  MatchedTable matched;
  const auto source_key = TRY(IdentityColumns(source, "the source", &matched.source.key_index));
  const auto node_key = TRY(IdentityColumns(node, "the node", &matched.node.key_index));
  if (source_key != node_key) {
    return Fail(ErrorKind::kRefused, "key-differs",
                Named(source.name) + " is identified by different columns on source and node",
                "give both sides the same primary key");
  }
  const auto is_key = [&](const Column& column) {
    return std::ranges::find(source_key, column.name) != source_key.end();
  };
  const auto compared = [&](const TableDef& table, const Column& column) {
    if (is_key(column)) return true;
    if (Lists(rules.ignore_columns, table, column)) return false;
    return rules.columns.empty() || Lists(rules.columns, table, column);
  };

  std::string differing;
  const auto name_difference = [&](const Column& column, const std::string& what) {
    differing += (differing.empty() ? "" : "; ") + column.name.str() + " " + what;
  };
  for (const Column& column : source.columns) {
    if (!compared(source, column)) continue;
    if (is_key(column) && Lists(rules.ignore_columns, source, column)) {
      return Fail(ErrorKind::kRefused, "key-ignored",
                  Named(source.name) + ": key column " + column.name.str() + " cannot be ignored",
                  "take it out of ignore_columns");
    }
    const auto found = node.FindColumn(column.name);
    if (!found) {
      name_difference(column, "is missing on the node");
      continue;
    }
    const Column& twin = node.columns[*found];
    if (!SameType(column, twin, same_flavor)) {
      name_difference(column, "is " + column.type + (column.generated ? " generated" : "") +
                                  " on the source and " + twin.type +
                                  (twin.generated ? " generated" : "") + " on the node");
      continue;
    }
    if (column.kind == ColumnKind::kUnknown) {
      return Fail(ErrorKind::kRefused, "column-type-unsupported",
                  Named(source.name) + ": column " + column.name.str() + " has type " +
                      column.type + ", which this version does not know",
                  "ignore the column or leave the table out");
    }
    matched.source.columns.push_back(column);
    matched.node.columns.push_back(twin);
  }
  for (const Column& column : node.columns) {
    const auto taken = std::ranges::any_of(
        matched.node.columns, [&](const Column& have) { return have.name == column.name; });
    if (taken) continue;
    if (compared(node, column) && !source.FindColumn(column.name)) {
      name_difference(column, "is missing on the source");
    }
    matched.ignored.push_back(column.name);
    matched.unseen.push_back(column);
  }
  if (!differing.empty()) {
    return Fail(ErrorKind::kRefused, "schema-mismatch",
                Named(source.name) + " differs in its columns: " + differing,
                "bring both schemas together, or name the columns in ignore_columns");
  }

  for (TableShape* shape : {&matched.source, &matched.node}) {
    shape->name = source.name;
    shape->where = rules.where;
    for (const ColumnName& name : source_key) {
      for (std::size_t i = 0; i < matched.source.columns.size(); ++i) {
        if (matched.source.columns[i].name == name) shape->key.push_back(i);
      }
    }
  }
  return matched;
}

}  // namespace syncgate
