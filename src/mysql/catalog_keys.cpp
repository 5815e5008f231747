#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "data/sql_text.h"
#include "mysql/catalog_parts.h"

namespace syncgate {
namespace {

UniqueKey& KeyNamed(TableDef& table, const std::string& index) {
  if (table.unique_keys.empty() || table.unique_keys.back().index != index) {
    UniqueKey key;
    key.index = index;
    key.primary = index == "PRIMARY";
    table.unique_keys.push_back(std::move(key));
  }
  return table.unique_keys.back();
}

// EXPRESSION is escaped by backslashes, within names too.
std::string Unescaped(const std::string& expression) {
  std::string text;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const bool escaped = expression[i] == '\\' && i + 1 < expression.size();
    if (escaped) ++i;
    const char c = expression[i];
    text += !escaped   ? c
            : c == 'n' ? '\n'
            : c == 'r' ? '\r'
            : c == '0' ? '\0'
            : c == 'Z' ? '\x1a'
                       : c;
  }
  return text;
}

// Cells: TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART, TABLE_SCHEMA, usable, EXPRESSION.
void AddPart(TableDef& table, const Row& row) {
  UniqueKey& key = KeyNamed(table, TextOf(row.at(1)));
  KeyPart part;
  if (row.at(3)) part.prefix = static_cast<std::uint32_t>(std::stoul(*row.at(3)));
  if (row.at(5) != "YES") key.usable = false;
  part.expression = Unescaped(TextOf(row.at(6)));
  const auto position = std::ranges::find_if(table.columns, [&](const Column& column) {
    return row.at(2) && column.name.str() == *row.at(2);
  });
  // Else there is no column name, or one that we may not see.
  if (position != table.columns.end()) {
    part.column = static_cast<std::size_t>(position - table.columns.begin());
  }
  key.parts.push_back(std::move(part));
}

// The primary key first, then by name. A primary key without columns is the generated invisible
// one.
void ArrangeKeys(TableDef& table) {
  std::erase_if(table.unique_keys,
                [](const UniqueKey& key) { return key.primary && key.Columns().empty(); });
  std::ranges::sort(table.unique_keys, {},
                    [](const UniqueKey& key) { return std::tuple(!key.primary, key.index); });
}

// A constraint by schema, table and name: names are unique per schema in MySQL, per table in newer
// MariaDB.
using ConstraintId = std::tuple<std::string, std::string, std::string>;

struct Constraint {
  std::string parent_schema;
  std::string parent;
  std::vector<ColumnName> columns;
  std::vector<ColumnName> parent_columns;
  std::string on_update;
  std::string on_delete;
};
using Constraints = std::map<ConstraintId, Constraint>;

// Both views, because an account may see a constraint in one and not in the other.
Result<Constraints> ReadConstraints(CatalogLoad& load) {
  Constraints constraints;
  TRY(load.session().Query(
      "SELECT TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, "
      "REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE "
      "WHERE REFERENCED_TABLE_NAME IS NOT NULL AND (" +
          load.Where("TABLE_SCHEMA", "TABLE_NAME") + " OR " +
          load.Where("REFERENCED_TABLE_SCHEMA", "REFERENCED_TABLE_NAME") +
          ") ORDER BY ORDINAL_POSITION",
      [&](Row&& row) -> Result<void> {
        Constraint& constraint =
            constraints[{TextOf(row.at(0)), TextOf(row.at(1)), TextOf(row.at(2))}];
        constraint.parent_schema = TextOf(row.at(4));
        constraint.parent = TextOf(row.at(5));
        constraint.columns.emplace_back(TextOf(row.at(3)));
        constraint.parent_columns.emplace_back(TextOf(row.at(6)));
        return {};
      }));
  TRY(load.session().Query(
      "SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, UNIQUE_CONSTRAINT_SCHEMA, "
      "REFERENCED_TABLE_NAME, "
      "UPDATE_RULE, DELETE_RULE FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE " +
          load.Where("CONSTRAINT_SCHEMA", "TABLE_NAME") + " OR " +
          load.Where("UNIQUE_CONSTRAINT_SCHEMA", "REFERENCED_TABLE_NAME"),
      [&](Row&& row) -> Result<void> {
        Constraint& constraint =
            constraints[{TextOf(row.at(0)), TextOf(row.at(1)), TextOf(row.at(2))}];
        constraint.parent_schema = TextOf(row.at(3));
        constraint.parent = TextOf(row.at(4));
        constraint.on_update = TextOf(row.at(5));
        constraint.on_delete = TextOf(row.at(6));
        return {};
      }));
  return constraints;
}

}  // namespace

Result<void> LoadUniqueKeys(CatalogLoad& load) {
  // MySQL's EXPRESSION is set exactly when COLUMN_NAME is not.
  const std::string flavored = load.mariadb() ? "IF(IGNORED = 'NO', 'YES', 'NO'), NULL"
                                              : "IS_VISIBLE, CAST(EXPRESSION AS CHAR)";
  std::vector<TableDef*> touched;
  TRY(load.session().Query(
      "SELECT TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART, TABLE_SCHEMA, " + flavored +
          " FROM information_schema.STATISTICS WHERE NON_UNIQUE = 0 AND " +
          load.Where("TABLE_SCHEMA", "TABLE_NAME") +
          " ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX",
      [&](Row&& row) -> Result<void> {
        TableDef* table = load.InDatabase(row.at(4)) ? load.Find(row.at(0)) : nullptr;
        if (table == nullptr) return {};
        AddPart(*table, row);
        if (touched.empty() || touched.back() != table) touched.push_back(table);
        return {};
      }));
  for (TableDef* table : touched) ArrangeKeys(*table);
  return {};
}

Result<void> LoadForeignKeys(CatalogLoad& load) {
  for (const auto& [id, constraint] : TRY(ReadConstraints(load))) {
    const auto& [schema, child, name] = id;
    if (TableDef* table = load.InDatabase(schema) ? load.Find(child) : nullptr) {
      table->foreign_keys.push_back({name, constraint.columns, SchemaName(constraint.parent_schema),
                                     TableName(constraint.parent), constraint.parent_columns,
                                     constraint.on_delete, constraint.on_update});
    }
    if (TableDef* table =
            load.InDatabase(constraint.parent_schema) ? load.Find(constraint.parent) : nullptr) {
      table->referencing_keys.push_back({name, constraint.parent_columns, SchemaName(schema),
                                         TableName(child), constraint.columns, constraint.on_delete,
                                         constraint.on_update});
    }
  }
  return {};
}

Result<void> LoadTriggers(CatalogLoad& load) {
  return load.session().Query(
      "SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME, EVENT_OBJECT_SCHEMA FROM "
      "information_schema.TRIGGERS WHERE " +
          load.Where("EVENT_OBJECT_SCHEMA", "EVENT_OBJECT_TABLE") +
          " ORDER BY EVENT_OBJECT_TABLE, TRIGGER_NAME",
      [&](Row&& row) -> Result<void> {
        TableDef* table = load.InDatabase(row.at(2)) ? load.Find(row.at(0)) : nullptr;
        if (table != nullptr) table->triggers.push_back(TextOf(row.at(1)));
        return {};
      });
}

}  // namespace syncgate
