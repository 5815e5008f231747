// The parts of catalog.cpp: each fills one side of the table definitions. Internal to this folder.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/table.h"
#include "data/sql_session.h"

namespace syncgate {

// What is being loaded: a database's tables by folded name.
class CatalogLoad {
 public:
  CatalogLoad(SqlSession& session, SchemaName database, bool ignore_case)
      : session_(&session), database_(std::move(database)), ignore_case_(ignore_case) {}

  SqlSession& session() const { return *session_; }
  const SchemaName& database() const { return database_; }
  bool mariadb() const { return session_->server().flavor == Flavor::kMariaDb; }

  // Restricts the statements to one table.
  void Only(const TableName& name) { only_ = name; }
  void Add(TableDef table) { tables_.emplace(Fold(table.name.str()), std::move(table)); }

  // `schema_column` = the database and, with Only, `table_column` = the table. Collations may let
  // more rows through: InDatabase and Find decide.
  std::string Where(const std::string& schema_column, const std::string& table_column) const;
  bool InDatabase(const Cell& schema) const {
    return schema && Fold(*schema) == Fold(database_.str());
  }
  // Null where the table is not being loaded.
  TableDef* Find(const Cell& table);
  bool SameName(const std::string& a, const std::string& b) const { return Fold(a) == Fold(b); }

 private:
  std::string Fold(const std::string& name) const;

  SqlSession* session_;
  SchemaName database_;
  bool ignore_case_;
  std::optional<TableName> only_;
  std::map<std::string, TableDef> tables_;
};

Result<void> LoadColumns(CatalogLoad& load);
// After LoadColumns: keys name columns by position.
Result<void> LoadUniqueKeys(CatalogLoad& load);
Result<void> LoadForeignKeys(CatalogLoad& load);
Result<void> LoadTriggers(CatalogLoad& load);

// From information_schema's DATA_TYPE.
ColumnKind KindOf(const std::string& data_type);

inline const std::string& TextOf(const Cell& cell) {
  static const std::string empty;
  return cell ? *cell : empty;
}

}  // namespace syncgate
