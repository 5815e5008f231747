// Table definitions from information_schema, the same for both flavours.
#pragma once

#include <vector>

#include "core/names.h"
#include "core/result.h"
#include "core/table.h"
#include "data/sql_session.h"

namespace syncgate {

// information_schema shows only what the account has rights on: tables, columns, constraints and
// triggers that it may not see are absent without a word. LoadPrivileges (privileges.h) tells what
// can be relied on.
//
// Names are compared as the server compares them: exactly, or without regard to ASCII case where
// lower_case_table_names is not 0. Results hold the server's spelling.

// The base tables of a database by name, MariaDB's system-versioned ones included; no views, no
// sequences.
Result<std::vector<TableName>> ListBaseTables(SqlSession& session, const SchemaName& database);

// The named tables, in the order asked for, with a fixed number of statements however many tables.
// kFixProject "table-unknown" where one does not exist or cannot be seen, kRefused "table-not-base"
// for a view.
//
// - MySQL's generated invisible primary key (my_row_id) is left out, column and index.
// - A key part that is an expression, or a column that the account may not see, has no column.
// - referencing_keys: `columns` are this table's, `parent*` the other table's, from any schema the
// account sees.
// - ForeignKey::on_delete and on_update are empty where the account may not see the rule (MariaDB
// shows rules
//   only to accounts with a right beyond SELECT), and the columns of a referencing key where it may
//   not see them.
Result<std::vector<TableDef>> LoadTables(SqlSession& session, const SchemaName& database,
                                         const std::vector<TableName>& names);
// One table. For many, LoadTables costs no more than this.
Result<TableDef> LoadTable(SqlSession& session, const SchemaName& database, const TableName& name);

}  // namespace syncgate
