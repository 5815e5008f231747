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

// MariaDB pads CHAR in its indexes, also under collations for which padding counts (NOPAD): ranges
// and look-ups by key then leave out rows such as 'a\t' or 'a\0', whose last character sorts before
// the blank or not at all.
bool IsPaddedAgainstItsCollation(const Column& column) {
  return column.type.starts_with("char(") && column.collation.contains("_nopad_");
}

// The index that identifies rows: PRIMARY, else a unique index of whole, NOT NULL columns.
std::optional<UniqueKey> IdentityKey(const TableDef& table) {
  for (const UniqueKey& key : table.unique_keys) {
    if (key.primary) return key;
  }
  for (const UniqueKey& key : table.unique_keys) {
    if (key.HasPrefix() || key.HasExpression() || !key.usable) continue;
    const bool nullable = std::ranges::any_of(
        key.Columns(), [&](std::size_t position) { return table.columns[position].nullable; });
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
  for (const auto position : key->Columns()) {
    const Column& column = table.columns[position];
    const bool padded = IsPaddedAgainstItsCollation(column);
    if (key->HasPrefix() || padded || !KeyKindSupported(column.kind)) {
      return Fail(ErrorKind::kRefused, "key-unsupported",
                  Named(table.name) + ": key column " + column.name.str() + " (" + column.type +
                      ") cannot identify rows exactly" +
                      (key->HasPrefix() ? " (prefix index)"
                       : padded         ? " (the server's index pads it, " + column.collation +
                                      " does not; VARCHAR would do)"
                                : ""),
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

// The names in backticks of an index expression, as the server prints it.
std::vector<std::string> NamesIn(const std::string& expression) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    if (expression[i] != '`') continue;
    std::string name;
    for (++i; i < expression.size(); ++i) {
      if (expression[i] == '`' && (i + 1 == expression.size() || expression[i + 1] != '`')) break;
      if (expression[i] == '`') ++i;
      name += expression[i];
    }
    names.push_back(std::move(name));
  }
  return names;
}

UniqueIndex ToIndex(const UniqueKey& key, const TableDef& table, const TableShape& shape) {
  UniqueIndex index;
  index.index = key.index;
  index.usable = key.usable;
  for (const KeyPart& part : key.parts) {
    UniqueIndex::Part made{{}, part.prefix, part.expression};
    std::vector<ColumnName> names;
    if (part.column) names.push_back(table.columns[*part.column].name);
    for (std::string& name : NamesIn(part.expression)) names.emplace_back(std::move(name));
    for (const ColumnName& name : names) {
      const auto position = shape.Find(name);
      index.opaque |= !position;
      if (position) made.columns.push_back(*position);
    }
    // An index over the elements of a JSON array compares in a way that `=` does not.
    index.opaque |= names.empty() || part.expression.ends_with(" array)");
    index.parts.push_back(std::move(made));
  }
  return index;
}

// Scans run in the zone of `where`, look-ups by key in UTC: a TIMESTAMP in the key would read
// differently in both.
Result<void> CheckZone(const TableShape& shape) {
  if (shape.where.empty() || shape.time_zone == "+00:00") return {};
  for (const auto position : shape.key) {
    const Column& column = shape.columns[position];
    if (!column.type.starts_with("timestamp")) continue;
    return Fail(ErrorKind::kRefused, "time-zone-key",
                Named(shape.name) + ": its key column " + column.name.str() +
                    " is a TIMESTAMP, and time_zone is not UTC",
                "write the times of `where` in UTC and leave time_zone out");
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
    shape->time_zone = rules.time_zone;
    for (const ColumnName& name : source_key) {
      for (std::size_t i = 0; i < matched.source.columns.size(); ++i) {
        if (matched.source.columns[i].name == name) shape->key.push_back(i);
      }
    }
  }
  TRY(CheckZone(matched.node));
  for (const auto position : matched.node.key) {
    const Column& source_column = matched.source.columns[position];
    const Column& node_column = matched.node.columns[position];
    if (source_column.collation != node_column.collation) matched.same_key_collation = false;
  }
  for (const UniqueKey& key : node.unique_keys) {
    if (key.index != matched.node.key_index) {
      matched.unique.push_back(ToIndex(key, node, matched.node));
    }
  }
  return matched;
}

}  // namespace syncgate
