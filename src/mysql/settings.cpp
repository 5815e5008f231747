#include "mysql/settings.h"

#include <set>

#include "data/sql_text.h"
#include "mysql/server_version.h"

namespace syncgate {
namespace {

// Exact: NO_ZERO_DATE and friends are off, so that every stored date can be read and written back.
constexpr const char* kSqlMode =
    "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION";

Setting Number(std::string name, long long value) {
  return {std::move(name), std::to_string(value), std::to_string(value)};
}
Setting Text(std::string name, const std::string& value) {
  return {std::move(name), TextLiteral(value), value};
}

void AddTransaction(const ServerInfo& server, SessionRole role, std::vector<Setting>* settings) {
  // MariaDB renamed tx_... to transaction_... in 11.1.
  const bool old_names = server.flavor == Flavor::kMariaDb && !AtLeast(server, 11, 1, 1);
  const std::string prefix = old_names ? "tx_" : "transaction_";
  const bool reader = role == SessionRole::kReader;
  settings->push_back(Text(prefix + "isolation", reader ? "REPEATABLE-READ" : "READ-COMMITTED"));
  settings->push_back(Number(prefix + "read_only", reader ? 1 : 0));
  settings->push_back(Number("autocommit", 1));
}

void AddLimits(const ServerInfo& server, const MysqlTarget& target,
               std::vector<Setting>* settings) {
  settings->push_back(Number("lock_wait_timeout", target.lock_wait.count()));
  settings->push_back(Number("innodb_lock_wait_timeout", target.row_lock_wait.count()));
  // A streamed result may have to wait for its reader, and an idle session holds the advisory lock.
  settings->push_back(Number("net_read_timeout", target.io_timeout.count()));
  settings->push_back(Number("net_write_timeout", target.io_timeout.count()));
  settings->push_back(Number("wait_timeout", 86400));
  const long long limit = target.statement_limit.count();
  if (server.flavor == Flavor::kMySql) {
    settings->push_back(Number("max_execution_time", limit * 1000));
  } else {
    settings->push_back(
        {"max_statement_time", std::to_string(limit), std::to_string(limit) + ".000000"});
  }
}

std::set<std::string> Words(const std::string& list) {
  std::set<std::string> words;
  std::string::size_type begin = 0;
  while (begin < list.size()) {
    const auto end = std::min(list.find(',', begin), list.size());
    words.insert(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

}  // namespace

std::vector<Setting> SettingsFor(const ServerInfo& server, const MysqlTarget& target,
                                 SessionRole role) {
  std::vector<Setting> settings = {
      {"character_set_client", "", "utf8mb4"},
      {"character_set_connection", "", "utf8mb4"},
      {"character_set_results", "", "utf8mb4"},
      {"collation_connection", "", "utf8mb4_bin"},
      Text("time_zone", target.time_zone),
      Text("sql_mode", kSqlMode),
      // A server may have any of these off by its own configuration or init_connect.
      Number("foreign_key_checks", 1),
      Number("unique_checks", 1),
      Number("sql_notes", 1),
      Number("sql_auto_is_null", 0),
      // MariaDB runs a DELETE with a long IN list as a scan of the whole table, waiting for rows of
      // others on its way; with this the server takes the key's ranges or refuses (1175).
      Number("sql_safe_updates", 1),
      {"sql_select_limit", "18446744073709551615", "18446744073709551615"},
  };
  if (server.flavor == Flavor::kMySql) {
    // Row estimates as they are now, not as they were yesterday.
    settings.push_back(Number("information_schema_stats_expiry", 0));
  } else {
    // MariaDB keeps 64 warnings by default. MySQL keeps 1024 and wants a privilege to change it:
    // there a statement with more is an error (Warnings()).
    settings.push_back(Number("max_error_count", 65535));
  }
  AddTransaction(server, role, &settings);
  AddLimits(server, target, &settings);
  return settings;
}

std::string SetStatement(const std::vector<Setting>& settings) {
  std::string sql;
  for (const Setting& setting : settings) {
    if (setting.value.empty()) continue;
    sql += sql.empty() ? "SET " : ", ";
    sql += "@@SESSION." + setting.name + " = " + setting.value;
  }
  return sql;
}

std::string ReadStatement(const std::vector<Setting>& settings) {
  std::string sql = "SELECT CONNECTION_ID()";
  for (const Setting& setting : settings) sql += ", @@SESSION." + setting.name;
  return sql;
}

bool Holds(const Setting& setting, const std::string& answer) {
  if (setting.name == "sql_mode") return Words(answer) == Words(setting.wanted);
  return answer == setting.wanted;
}

}  // namespace syncgate
