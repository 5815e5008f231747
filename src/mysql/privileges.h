// What the account may do, and therefore what it can be relied on to see.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/names.h"
#include "core/result.h"
#include "data/sql_session.h"

namespace syncgate {

// Rights in capitals as SHOW GRANTS names them: "SELECT", "INSERT", "UPDATE", "DELETE", "TRIGGER",
// "REPLICATION CLIENT", ... ALL PRIVILEGES is spelled out as these. Only whole-table rights count:
// a right on some columns is listed in `on_columns` and is not had.
struct Privileges {
  std::set<std::string> global;                           // on *.*
  std::set<std::string> on_database;                      // on the database, global ones included
  std::map<TableName, std::set<std::string>> on_tables;   // beyond on_database
  std::map<TableName, std::set<std::string>> on_columns;  // on some columns only
  // Other schemas are visible as well: a foreign key from one onto our tables would be seen.
  bool sees_all_schemas = false;

  bool Has(const std::string& right, const TableName& table) const;
  bool HasOnDatabase(const std::string& right) const { return on_database.contains(right); }
  // Triggers are shown only to accounts with this right; without it, none seen does not mean none
  // there.
  bool SeesTriggers(const TableName& table) const { return Has("TRIGGER", table); }
};

// The rights in effect in this session: the account's own, those of its active roles and, in
// MariaDB, of PUBLIC. Where it cannot be decided which of several wildcard grants applies, only
// what all of them give counts.
Result<Privileges> LoadPrivileges(SqlSession& session, const SchemaName& database);

// One line of SHOW GRANTS. Public for tests.
struct Grant {
  bool revoke = false;  // MySQL's partial revokes
  std::string schema;   // "*", a name or a pattern
  std::string table;    // "*" or a name
  std::set<std::string> rights;
  std::set<std::string> column_rights;
  bool to_role = false;  // the grantee has no host
};

// False for a line that grants no right on tables: roles, proxies, routines.
bool ParseGrant(const std::string& line, Grant* grant);

// Whether the LIKE-like `pattern` of a grant covers the schema.
bool SchemaMatches(const std::string& pattern, const std::string& schema, bool wildcards);

}  // namespace syncgate
