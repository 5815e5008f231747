#include "mysql/errors.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace syncgate {
namespace {

struct Meaning {
  ErrorKind kind;
  const char* code;
  const char* words;
  const char* hint;
};

constexpr Meaning kConflict = {
    ErrorKind::kRetryTransaction, "lock-conflict", "another transaction holds the rows",
    "Roll back and run the transaction again; if it keeps happening, run the step when "
    "the application is quieter."};
constexpr Meaning kUnreachable = {
    ErrorKind::kTryLater, "mysql-unreachable", "the database server cannot be reached",
    "Check host, port or socket, the SSH tunnel and that the server runs."};
constexpr Meaning kLost = {ErrorKind::kTryLater, "mysql-connection-lost",
                           "the connection to the database was lost",
                           "Run the step again; what was not committed is gone."};
constexpr Meaning kInterrupted = {ErrorKind::kTryLater, "statement-killed",
                                  "somebody ended the statement",
                                  "Run the step again, after asking who killed it."};
constexpr Meaning kLogin = {
    ErrorKind::kFixProject, "mysql-login-failed", "the database login was refused",
    "Check user, password variable, database rights and, where the account demands TLS, "
    "`tls` in syncgate.yml."};
constexpr Meaning kPlugin = {
    ErrorKind::kFixProject, "mysql-login-failed",
    "the client library lacks the account's authentication plugin",
    "Build syncgate with MariaDB Connector/C, which knows both servers' plugins (Oracle's library "
    "from 9.0 lacks mysql_native_password), or change the account's plugin."};
constexpr Meaning kDatabase = {ErrorKind::kFixProject, "mysql-unknown-database",
                               "there is no such database", "Check `database` in syncgate.yml."};
constexpr Meaning kBusy = {ErrorKind::kTryLater, "mysql-too-many-connections",
                           "the server or the account has no connection left",
                           "Run the step again later."};
constexpr Meaning kPrivilege = {
    ErrorKind::kRefused, "mysql-privilege-missing", "the account lacks a right",
    "Grant the right to the account; `compare --dry-run` lists what is needed."};
constexpr Meaning kTable = {ErrorKind::kFixProject, "table-unknown", "there is no such table",
                            "Check the table's name and that the account may see it."};
constexpr Meaning kColumn = {
    ErrorKind::kFixProject, "column-unknown", "there is no such column",
    "Check `where` and the column lists of the table's entry in syncgate.yml."};
constexpr Meaning kChanged = {ErrorKind::kTryLater, "table-changed",
                              "the table's definition changed while it was being read",
                              "Run the step again when the schema change is done."};
constexpr Meaning kUnique = {ErrorKind::kRefused, "unique-conflict",
                             "another row owns a unique value",
                             "Compare again: the target has changed since the plan was made."};
constexpr Meaning kForeign = {ErrorKind::kRefused, "foreign-key", "a foreign key forbids it",
                              "Compare the tables at both ends of the foreign key together."};
constexpr Meaning kCheck = {ErrorKind::kRefused, "check-constraint",
                            "a CHECK constraint forbids it",
                            "Make the constraints of source and node agree."};
constexpr Meaning kNoIndex = {ErrorKind::kRefused, "no-index-access",
                              "the server would scan the table for a write by key",
                              "Check that the key's index is visible; ANALYZE TABLE may help."};
constexpr Meaning kReadOnly = {ErrorKind::kRefused, "server-read-only",
                               "the server or the session does not take writes",
                               "Point the node at the writable server."};
constexpr Meaning kTimeout = {
    ErrorKind::kTryLater, "statement-timeout", "the statement exceeded its time limit",
    "Run the step again when the server is quieter, or with smaller batches."};
constexpr Meaning kTls = {
    ErrorKind::kFixProject, "mysql-tls", "TLS could not be agreed on as asked",
    "Check `tls` and `ca_file` in syncgate.yml and the server's certificate."};
constexpr Meaning kPacket = {ErrorKind::kFailed, "packet-too-large",
                             "a packet exceeds max_allowed_packet",
                             "Raise max_allowed_packet on the server."};
constexpr Meaning kBinlog = {ErrorKind::kRefused, "binlog-format",
                             "the binary log format does not go with READ COMMITTED",
                             "Set binlog_format to ROW or MIXED on the server."};
constexpr Meaning kValue = {ErrorKind::kRefused, "value-not-storable",
                            "a column cannot hold the value",
                            "Make the column definitions of source and node agree."};
constexpr Meaning kCharset = {ErrorKind::kRefused, "charset-mismatch",
                              "a value cannot be compared with a column of another character set",
                              "Give the column the same character set on source and node."};
constexpr Meaning kOutside = {
    ErrorKind::kTryLater, "cluster-not-ready", "the server is outside its cluster",
    "Wait until the member is back in the cluster, then run the step again."};
constexpr Meaning kForbidden = {ErrorKind::kRefused, "cluster-refuses-table",
                                "the cluster takes no writes to this table",
                                "Multi-primary groups take none to tables with cascading foreign "
                                "keys or without a primary key."};
constexpr Meaning kOther = {ErrorKind::kFailed, "mysql-error", "the server reported an error",
                            "Look the number up in the server's manual."};

struct Entry {
  unsigned number;
  const Meaning* meaning;
};

constexpr auto kEntries = std::to_array<Entry>({
    // 1020: MariaDB 11 under innodb_snapshot_isolation; 3572: NOWAIT; 3101: Group Replication.
    {kErrLockWait, &kConflict},
    {kErrDeadlock, &kConflict},
    {3572, &kConflict},
    {1020, &kConflict},
    {kErrReplicationConflict, &kConflict},
    {2002, &kUnreachable},
    {2003, &kUnreachable},
    {2005, &kUnreachable},
    {1129, &kUnreachable},
    // 2012: the handshake broke off; 1927, 3169: killed; 4031: idle too long; 1053, 1077..1080:
    // shutdown.
    {2006, &kLost},
    {2012, &kLost},
    {2013, &kLost},
    {2055, &kLost},
    {1927, &kLost},
    {3169, &kLost},
    {4031, &kLost},
    {1053, &kLost},
    {1077, &kLost},
    {1079, &kLost},
    {1080, &kLost},
    {1152, &kLost},
    {1158, &kLost},
    {1159, &kLost},
    {1160, &kLost},
    {1161, &kLost},
    {1184, &kLost},
    {1317, &kInterrupted},
    // 1820, 1862: password expired; 3118, 4151: account locked; 1130: host not allowed; the rest:
    // plugins.
    {1045, &kLogin},
    {1044, &kLogin},
    {1130, &kLogin},
    {1698, &kLogin},
    {1251, &kLogin},
    {1524, &kLogin},
    {1820, &kLogin},
    {1862, &kLogin},
    {3118, &kLogin},
    {4151, &kLogin},
    {2049, &kLogin},
    {2054, &kLogin},
    {2058, &kLogin},
    {2059, &kPlugin},
    {2060, &kLogin},
    {2061, &kPlugin},
    {3955, &kLogin},
    {1049, &kDatabase},
    {1046, &kDatabase},
    {1040, &kBusy},
    {1203, &kBusy},
    {1226, &kBusy},
    {1637, &kBusy},
    {3032, &kBusy},
    {1142, &kPrivilege},
    {1143, &kPrivilege},
    {kErrPrivilege, &kPrivilege},
    {1370, &kPrivilege},
    {1410, &kPrivilege},
    {1146, &kTable},
    {1054, &kColumn},
    {1412, &kChanged},
    {1062, &kUnique},
    {1586, &kUnique},
    {1859, &kUnique},
    {1451, &kForeign},
    {1452, &kForeign},
    {1216, &kForeign},
    {1217, &kForeign},
    {1761, &kForeign},
    {1762, &kForeign},
    {3819, &kCheck},
    {4025, &kCheck},
    // 1176: the index was dropped, or is invisible or ignored.
    {1175, &kNoIndex},
    {1176, &kNoIndex},
    // 1047: Galera; the others: Group Replication.
    {1047, &kOutside},
    {3796, &kOutside},
    {3797, &kOutside},
    {3798, &kOutside},
    {3799, &kOutside},
    {3098, &kForbidden},
    {1290, &kReadOnly},
    {1792, &kReadOnly},
    {1836, &kReadOnly},
    {3100, &kReadOnly},
    {3024, &kTimeout},
    {1969, &kTimeout},
    {1907, &kTimeout},
    // 3159: the server demands TLS (require_secure_transport).
    {kErrTls, &kTls},
    {3159, &kTls},
    {1153, &kPacket},
    {2020, &kPacket},
    {1301, &kPacket},
    {1665, &kBinlog},
    {1663, &kBinlog},
    {1267, &kCharset},
    {1270, &kCharset},
    {1271, &kCharset},
    {3854, &kCharset},
    {1048, &kValue},
    {1263, &kValue},
    {1264, &kValue},
    {1265, &kValue},
    {1292, &kValue},
    {1364, &kValue},
    {1366, &kValue},
    {1406, &kValue},
    {3140, &kValue},
    {1411, &kValue},
    {1416, &kValue},
});

const Meaning& MeaningOf(unsigned number) {
  const auto* found = std::ranges::find(kEntries, number, &Entry::number);
  return found == kEntries.end() ? kOther : *found->meaning;
}

// One line of at most 200 bytes, cut at a character's edge.
std::string Shortened(const std::string& text) {
  constexpr std::size_t kMost = 200;
  std::string line = text;
  if (line.size() > kMost) {
    std::size_t end = kMost;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
    line.resize(end);
    line += "...";
  }
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return line;
}

// Errors whose text quotes the statement or a value, which is data of the table: a duplicate entry,
// a text or number that does not fit, a conversion that fails, and what a trigger signals, which is
// the words of whoever wrote it.
bool QuotesData(unsigned number) {
  constexpr std::array kNumbers = {1064U, 1065U, 1149U,                       // the statement
                                   1062U, 1169U, 1557U, 1586U, 1761U, 1762U,  // duplicate entry
                                   1292U, 1300U, 1366U, 1367U, 1411U, 1416U, 1525U,
                                   1526U, 1690U, 3141U, 3616U, 3617U, 3854U, 4038U,  // a value
                                   1642U, 1643U, 1644U};                             // SIGNAL
  return std::ranges::find(kNumbers, number) != kNumbers.end();
}

}  // namespace

Error MapServerError(ServerError server, const std::string& label, const std::string& doing) {
  const Meaning& meaning = MeaningOf(server.number);
  std::string message =
      label + ": " + doing + ": " + meaning.words + " (error " + std::to_string(server.number);
  if (!server.text.empty() && !QuotesData(server.number)) message += ": " + Shortened(server.text);
  message += ")";
  return Error{meaning.kind, meaning.code, std::move(message), meaning.hint, std::move(server)};
}

std::string StatementVerb(const std::string& sql) {
  std::string verb;
  for (const char c : sql) {
    if (std::isalpha(static_cast<unsigned char>(c)) == 0) {
      if (verb.empty() && std::isspace(static_cast<unsigned char>(c)) != 0) continue;
      break;
    }
    verb += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return verb.empty() ? "statement" : verb;
}

}  // namespace syncgate
