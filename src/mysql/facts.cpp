#include "mysql/facts.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <random>

#include "core/digest.h"
#include "data/sql_text.h"
#include "mysql/errors.h"
#include "mysql/server_version.h"

namespace syncgate {
namespace {

using Variables = std::map<std::string, std::string>;

// A variable that this server does not have is absent.
Result<Variables> ReadVariables(SqlSession& session) {
  Variables variables;
  TRY(session.Query(
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'server_uid', 'hostname', "
      "'port', 'socket', "
      "'datadir', 'server_id', 'log_bin', 'binlog_format', 'read_only', 'super_read_only', "
      "'innodb_read_only', "
      "'lower_case_table_names', 'max_allowed_packet', 'partial_revokes')",
      [&](Row&& row) -> Result<void> {
        variables[row.at(0).value_or("")] = row.at(1).value_or("");
        return {};
      }));
  return variables;
}

std::string TextOf(const Variables& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string() : found->second;
}

template <typename Number>
Number NumberOf(const std::string& text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Not "is ON": MariaDB 12 knows NO_LOCK and NO_LOCK_NO_ADMIN as well.
bool IsOn(const Variables& variables, const std::string& name) {
  const std::string value = TextOf(variables, name);
  return !value.empty() && value != "OFF" && value != "0";
}

std::string IdentityOf(const Variables& variables) {
  const std::string uuid = TextOf(variables, "server_uuid");
  if (!uuid.empty()) return uuid;
  DigestBuilder digest;
  for (const char* name : {"hostname", "port", "socket", "datadir", "server_id", "server_uid"}) {
    digest.Add(TextOf(variables, name));
    digest.Add(std::string_view("\0", 1));
  }
  return "mariadb-" + digest.Finish().hex().substr(0, 32);
}

// Where the answer's columns of interest are. They have stood at these places since MySQL 5.6 and
// MariaDB 10.0.
struct ReplicaColumns {
  const char* sql;
  std::size_t host;
  std::size_t port;
  std::size_t server_id;
  std::size_t server_uuid;  // 0: none
};

ReplicaColumns ReplicaColumnsOf(const ServerInfo& server) {
  if (server.flavor == Flavor::kMariaDb) return {"SHOW ALL SLAVES STATUS", 3, 5, 41, 0};
  if (AtLeast(server, 8, 0, 22)) return {"SHOW REPLICA STATUS", 1, 3, 39, 40};
  return {"SHOW SLAVE STATUS", 1, 3, 39, 40};
}

Result<void> LoadReplication(SqlSession& session, ServerFactsRaw* facts) {
  const ReplicaColumns columns = ReplicaColumnsOf(session.server());
  auto done = session.Query(columns.sql, [&](Row&& row) -> Result<void> {
    ReplicaSource source;
    source.host = row.at(columns.host).value_or("");
    source.port = NumberOf<std::uint16_t>(row.at(columns.port).value_or(""));
    source.server_id = row.at(columns.server_id).value_or("");
    if (columns.server_uuid != 0) source.server_uuid = row.at(columns.server_uuid).value_or("");
    facts->replicates_from.push_back(std::move(source));
    return {};
  });
  if (!done && done.error().server.number != kErrPrivilege) return done;
  facts->replication_visible = done.has_value();
  return {};
}

std::string RandomHex() {
  std::random_device random;
  std::string hex;
  for (int i = 0; i < 4; ++i) {
    const unsigned number = random();
    hex += ToHex(std::string_view(reinterpret_cast<const char*>(&number), sizeof number));
  }
  return hex;
}

}  // namespace

Result<ServerFactsRaw> LoadFacts(SqlSession& session) {
  const Variables variables = TRY(ReadVariables(session));
  ServerFactsRaw facts;
  facts.server = session.server();
  facts.identity = IdentityOf(variables);
  facts.host_name = TextOf(variables, "hostname");
  facts.port = NumberOf<std::uint16_t>(TextOf(variables, "port"));
  facts.server_id = TextOf(variables, "server_id");
  facts.log_bin = IsOn(variables, "log_bin");
  facts.binlog_format = TextOf(variables, "binlog_format");
  facts.read_only = IsOn(variables, "read_only") || IsOn(variables, "super_read_only") ||
                    IsOn(variables, "innodb_read_only");
  facts.cluster = TRY(LoadMembership(session));
  facts.lower_case_table_names = NumberOf<int>(TextOf(variables, "lower_case_table_names"));
  facts.max_allowed_packet = NumberOf<std::uint64_t>(TextOf(variables, "max_allowed_packet"));
  facts.partial_revokes = IsOn(variables, "partial_revokes");
  TRY(LoadReplication(session, &facts));
  return facts;
}

Result<bool> SameServer(SqlSession& a, SqlSession& b) {
  const std::string name = "'syncgate-probe:" + RandomHex() + "'";
  const std::vector<Row> got = TRY(a.Rows("SELECT GET_LOCK(" + name + ", 0)"));
  if (got.at(0).at(0) != "1") {
    return Fail(ErrorKind::kFailed, "probe-failed",
                "the server does not give a lock of a random name",
                "Ask whether GET_LOCK is disabled on the server.");
  }
  auto seen = b.Rows("SELECT IS_USED_LOCK(" + name + ")");
  static_cast<void>(a.Rows("SELECT RELEASE_LOCK(" + name + ")"));
  if (!seen) return std::unexpected(std::move(seen).error());
  return seen->at(0).at(0).has_value();
}

Result<bool> NoForeignChildren(SqlSession& session, const SchemaName& database) {
  // InnoDB writes names as file names: only plain ones stand there as they are. So every key that
  // crosses databases and could be onto ours counts.
  const bool plain = std::ranges::all_of(
      database.str(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  const std::string view =
      session.server().flavor == Flavor::kMariaDb ? "INNODB_SYS_FOREIGN" : "INNODB_FOREIGN";
  std::string sql = "SELECT COUNT(*) FROM information_schema." + view +
                    " WHERE SUBSTRING_INDEX(FOR_NAME, '/', 1) <> SUBSTRING_INDEX(REF_NAME, '/', 1)";
  if (plain) sql += " AND SUBSTRING_INDEX(REF_NAME, '/', 1) = " + TextLiteral(database.str());
  auto rows = session.Rows(sql);
  if (!rows && rows.error().server.number == kErrPrivilege) return false;
  if (!rows) return std::unexpected(std::move(rows).error());
  return rows->at(0).at(0) == "0";
}

}  // namespace syncgate
