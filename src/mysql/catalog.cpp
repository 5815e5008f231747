#include "mysql/catalog.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "data/sql_text.h"
#include "mysql/catalog_parts.h"

namespace syncgate {
namespace {

struct TableRow {
  std::string type;
  TableDef table;
};

bool IsBase(const std::string& type) { return type == "BASE TABLE" || type == "SYSTEM VERSIONED"; }

std::uint64_t NumberOf(const Cell& cell) {
  std::uint64_t number = 0;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), number);
  return number;
}

Result<bool> IgnoresCase(SqlSession& session) {
  const std::vector<Row> rows = TRY(session.Rows("SELECT @@lower_case_table_names"));
  return rows.at(0).at(0) != "0";
}

Result<std::vector<TableRow>> ReadTables(const CatalogLoad& load) {
  std::vector<TableRow> tables;
  const std::vector<Row> rows =
      TRY(load.session().Rows("SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS "
                              "FROM information_schema.TABLES WHERE " +
                              load.Where("TABLE_SCHEMA", "TABLE_NAME") + " ORDER BY TABLE_NAME"));
  for (const Row& row : rows) {
    if (!load.InDatabase(row.at(0))) continue;
    TableRow table;
    table.type = TextOf(row.at(2));
    table.table.name = TableName(TextOf(row.at(1)));
    table.table.engine = TextOf(row.at(3));
    table.table.row_estimate = NumberOf(row.at(4));
    tables.push_back(std::move(table));
  }
  return tables;
}

// Adds the named table to the load, if it is one that rows can be written to.
Result<void> Choose(CatalogLoad& load, const std::vector<TableRow>& found, const TableName& name) {
  if (load.Find(name.str()) != nullptr) return {};
  const auto* row = [&]() -> const TableRow* {
    const auto at = std::ranges::find_if(found, [&](const TableRow& candidate) {
      return load.SameName(candidate.table.name.str(), name.str());
    });
    return at == found.end() ? nullptr : &*at;
  }();
  if (row == nullptr) {
    return Fail(ErrorKind::kFixProject, "table-unknown",
                "database " + load.database().str() + " has no table " + name.str() +
                    " that the account may see",
                "Check the table's name and the account's rights on it.");
  }
  if (!IsBase(row->type)) {
    return Fail(ErrorKind::kRefused, "table-not-base",
                name.str() + " is a " + row->type + ", not a base table",
                "Take it out of the tables in syncgate.yml.");
  }
  load.Add(row->table);
  return {};
}

}  // namespace

std::string CatalogLoad::Fold(const std::string& name) const {
  if (!ignore_case_) return name;
  std::string folded = name;
  std::ranges::transform(folded, folded.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return folded;
}

std::string CatalogLoad::Where(const std::string& schema_column,
                               const std::string& table_column) const {
  std::string condition = schema_column + " = " + TextLiteral(database_.str());
  if (only_) condition += " AND " + table_column + " = " + TextLiteral(only_->str());
  return "(" + condition + ")";
}

TableDef* CatalogLoad::Find(const Cell& table) {
  if (!table) return nullptr;
  const auto found = tables_.find(Fold(*table));
  return found == tables_.end() ? nullptr : &found->second;
}

Result<std::vector<TableName>> ListBaseTables(SqlSession& session, const SchemaName& database) {
  const CatalogLoad load(session, database, TRY(IgnoresCase(session)));
  std::vector<TableName> names;
  for (const TableRow& row : TRY(ReadTables(load))) {
    if (IsBase(row.type)) names.push_back(row.table.name);
  }
  std::ranges::sort(names);
  return names;
}

Result<std::vector<TableDef>> LoadTables(SqlSession& session, const SchemaName& database,
                                         const std::vector<TableName>& names) {
  CatalogLoad load(session, database, TRY(IgnoresCase(session)));
  if (names.empty()) return std::vector<TableDef>();
  if (names.size() == 1) load.Only(names.front());
  const std::vector<TableRow> found = TRY(ReadTables(load));
  for (const TableName& name : names) TRY(Choose(load, found, name));
  TRY(LoadColumns(load));
  TRY(LoadUniqueKeys(load));
  TRY(LoadForeignKeys(load));
  TRY(LoadTriggers(load));
  std::vector<TableDef> tables;
  for (const TableName& name : names) tables.push_back(*load.Find(name.str()));
  return tables;
}

Result<TableDef> LoadTable(SqlSession& session, const SchemaName& database, const TableName& name) {
  std::vector<TableDef> tables = TRY(LoadTables(session, database, {name}));
  return std::move(tables.front());
}

}  // namespace syncgate
