#include "mysql/privileges.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "mysql/server_version.h"

namespace syncgate {
namespace {

using Rights = std::set<std::string>;

// How schema names and patterns of this server compare.
struct Matching {
  std::string database;
  bool wildcards = true;  // false under MySQL's partial_revokes
  bool ignore_case = false;
};

std::string Folded(std::string text, bool ignore_case) {
  if (!ignore_case) return text;
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

bool IsExact(const std::string& pattern, const std::string& database) {
  std::string plain;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%' || pattern[i] == '_') {
      // A bare _ also matches itself; whoever granted `a_b` meant the database a_b.
      if (pattern[i] == '%') return false;
    } else if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      ++i;
    }
    plain += pattern[i];
  }
  return plain == database;
}

// The server applies one database entry, the most specific; which one that is among wildcards is
// its own affair.
Rights DatabaseRights(const std::vector<Grant>& grants, const Matching& matching) {
  std::optional<Rights> common;
  for (const Grant& grant : grants) {
    if (grant.revoke || grant.schema == "*" || grant.table != "*") continue;
    const std::string pattern = Folded(grant.schema, matching.ignore_case);
    if (IsExact(pattern, matching.database)) return grant.rights;
    if (!SchemaMatches(pattern, matching.database, matching.wildcards)) continue;
    if (!common) {
      common = grant.rights;
    } else {
      Rights both;
      std::ranges::set_intersection(*common, grant.rights, std::inserter(both, both.end()));
      common = std::move(both);
    }
  }
  return common.value_or(Rights());
}

// Adds what one grantee (the account, a role) has.
void AddGrants(const std::vector<Grant>& grants, const Matching& matching, Privileges* all) {
  Rights own = DatabaseRights(grants, matching);
  bool revoked_somewhere = false;
  for (const Grant& grant : grants) {
    if (grant.revoke) {
      revoked_somewhere = true;
    } else if (grant.schema == "*") {
      all->global.insert(grant.rights.begin(), grant.rights.end());
      own.insert(grant.rights.begin(), grant.rights.end());
    }
  }
  for (const Grant& grant : grants) {
    const bool here = Folded(grant.schema, matching.ignore_case) == matching.database;
    if (grant.revoke && here) {
      for (const std::string& right : grant.rights) own.erase(right);
    } else if (here && grant.table != "*") {
      all->on_tables[TableName(grant.table)].insert(grant.rights.begin(), grant.rights.end());
      if (!grant.column_rights.empty()) {
        all->on_columns[TableName(grant.table)].insert(grant.column_rights.begin(),
                                                       grant.column_rights.end());
      }
    }
  }
  all->on_database.insert(own.begin(), own.end());
  // Any right on all tables shows their constraints; columns need one of these.
  const bool global_view = all->global.contains("SELECT") || all->global.contains("REFERENCES");
  if (global_view && !revoked_somewhere) all->sees_all_schemas = true;
}

Result<std::vector<Grant>> ReadGrants(SqlSession& session, const std::string& sql) {
  std::vector<Grant> grants;
  TRY(session.Query(sql, [&](Row&& row) -> Result<void> {
    Grant grant;
    if (row.at(0) && ParseGrant(*row[0], &grant)) grants.push_back(std::move(grant));
    return {};
  }));
  return grants;
}

Result<void> AddMariaDbRoles(SqlSession& session, const Matching& matching, Privileges* all) {
  const std::vector<Row> role = TRY(session.Rows("SELECT CURRENT_ROLE()"));
  if (role.at(0).at(0))
    AddGrants(TRY(ReadGrants(session, "SHOW GRANTS FOR CURRENT_ROLE")), matching, all);
  // What everybody has. An error means that nothing was ever granted to PUBLIC.
  if (AtLeast(session.server(), 10, 11)) {
    const auto everybody = ReadGrants(session, "SHOW GRANTS FOR PUBLIC");
    if (everybody) AddGrants(*everybody, matching, all);
  }
  return {};
}

}  // namespace

bool Privileges::Has(const std::string& right, const TableName& table) const {
  if (on_database.contains(right)) return true;
  const auto found = on_tables.find(table);
  return found != on_tables.end() && found->second.contains(right);
}

Result<Privileges> LoadPrivileges(SqlSession& session, const SchemaName& database) {
  Privileges all;
  Matching matching;
  const bool mariadb = session.server().flavor == Flavor::kMariaDb;
  const std::vector<Row> rows = TRY(session.Rows(std::string("SELECT @@lower_case_table_names, ") +
                                                 (mariadb ? "0" : "@@partial_revokes")));
  matching.ignore_case = rows.at(0).at(0) != "0";
  matching.wildcards = rows.at(0).at(1) == "0";
  matching.database = Folded(database.str(), matching.ignore_case);
  // MySQL answers with the rights of the active roles merged in. MariaDB lists those of granted
  // roles too, active or not: there only the account's own lines count, and the active role is
  // asked for by itself.
  std::vector<Grant> grants = TRY(ReadGrants(session, "SHOW GRANTS"));
  if (mariadb) std::erase_if(grants, [](const Grant& grant) { return grant.to_role; });
  AddGrants(grants, matching, &all);
  if (mariadb) TRY(AddMariaDbRoles(session, matching, &all));
  return all;
}

}  // namespace syncgate
