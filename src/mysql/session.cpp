#include "mysql/session.h"

#include <mysql.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <mutex>
#include <utility>

#include "mysql/client_options.h"
#include "mysql/errors.h"
#include "mysql/server_version.h"
#include "mysql/settings.h"

namespace syncgate {
namespace {

// What a sink left unread is dropped up to here; beyond, cutting the connection is cheaper.
constexpr std::size_t kMostDrainedBytes = 16UL * 1024 * 1024;

struct ResultFree {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using ResultHandle = std::unique_ptr<MYSQL_RES, ResultFree>;

Row RowOf(MYSQL_ROW cells, const unsigned long* lengths, unsigned count) {
  Row row;
  row.reserve(count);
  for (unsigned i = 0; i < count; ++i) {
    row.push_back(cells[i] == nullptr ? Cell() : Cell(std::in_place, cells[i], lengths[i]));
  }
  return row;
}

template <typename Number>
Number NumberOf(const Cell& cell) {
  Number number = 0;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), number);
  return number;
}

// Reads on to the end of the result, at most kMostDrainedBytes. False: there was more, or an error.
bool Drain(MYSQL* mysql, MYSQL_RES* result) {
  const unsigned count = mysql_num_fields(result);
  std::size_t bytes = 0;
  while (mysql_fetch_row(result) != nullptr) {
    const unsigned long* lengths = mysql_fetch_lengths(result);
    for (unsigned i = 0; i < count; ++i) bytes += lengths[i] + 1;
    if (bytes > kMostDrainedBytes) return false;
  }
  return mysql_errno(mysql) == 0;
}

}  // namespace

struct MysqlSession::Client {
  Client() : mysql(mysql_init(nullptr)) {}
  ~Client() {
    if (mysql != nullptr) mysql_close(mysql);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  MYSQL* mysql;
};

MysqlSession::MysqlSession(std::string label, std::unique_ptr<Client> client)
    : label_(std::move(label)), client_(std::move(client)) {}
MysqlSession::~MysqlSession() = default;

Result<std::unique_ptr<MysqlSession>> MysqlSession::Connect(const MysqlTarget& target,
                                                            SessionRole role) {
  static std::once_flag library;
  std::call_once(library, [] { mysql_library_init(0, nullptr, nullptr); });

  // Without a CA, Connector/C would take any certificate for a verified one.
  if ((target.tls == Tls::kVerifyCa || target.tls == Tls::kVerifyIdentity) &&
      target.ca_file.empty()) {
    return Fail(
        ErrorKind::kFixProject, "mysql-tls",
        target.label + ": verifying a certificate needs a ca_file",
        "Name the CA's file; the system's own is often /etc/ssl/certs/ca-certificates.crt.");
  }
  auto client = std::make_unique<Client>();
  if (client->mysql == nullptr) {
    return Fail(ErrorKind::kFailed, "mysql-error",
                target.label + ": the client library has no memory left");
  }
  MYSQL* mysql = client->mysql;
  SetClientOptions(mysql, target);
  std::unique_ptr<MysqlSession> session(new MysqlSession(target.label, std::move(client)));
  const char* socket = target.socket.empty() ? nullptr : target.socket.c_str();
  const char* host = socket == nullptr ? target.host.c_str() : nullptr;
  const char* database = target.database.empty() ? nullptr : target.database.c_str();
  // Flags 0: no CLIENT_FOUND_ROWS (affected rows tell a guarded insert's outcome), no
  // CLIENT_MULTI_STATEMENTS.
  if (mysql_real_connect(mysql, host, target.user.c_str(), target.password.Reveal().c_str(),
                         database, target.port, socket, 0) == nullptr) {
    Error error = session->LastError("login");
    // A server that hangs up before the login is done was not reached, rather than lost.
    if (error.code == "mysql-connection-lost") error.code = "mysql-unreachable";
    return std::unexpected(std::move(error));
  }
  if (target.tls != Tls::kOff && mysql_get_ssl_cipher(mysql) == nullptr) {
    return Fail(ErrorKind::kFixProject, "mysql-tls",
                target.label + ": the connection is not encrypted",
                "Enable TLS on the server, or set `tls: off` where the way to it is protected.");
  }
  TRY(session->Identify());
  TRY(session->Pin(target, role));
  return session;
}

Error MysqlSession::LastError(const std::string& doing) const {
  MYSQL* mysql = client_->mysql;
  return MapServerError({mysql_errno(mysql), mysql_sqlstate(mysql), mysql_error(mysql)}, label_,
                        doing);
}

Result<void> MysqlSession::Send(const std::string& sql) {
  if (mysql_real_query(client_->mysql, sql.data(), sql.size()) == 0) return {};
  Error error = LastError(StatementVerb(sql));
  if (cluster_ == ClusterKind::kGalera && error.server.number == kErrLockWait) {
    // So answers, too, a member that waits in vain for the others.
    TRY(ClusterView(*this, cluster_));
  }
  return std::unexpected(std::move(error));
}

void MysqlSession::CutConnection() { ShutDownSocket(client_->mysql); }

// A stored procedure may answer more than once. What we send never should.
Result<void> MysqlSession::NoFurtherResult(const std::string& sql) {
  MYSQL* mysql = client_->mysql;
  if (!mysql_more_results(mysql)) return {};
  while (mysql_more_results(mysql)) {
    if (mysql_next_result(mysql) > 0) return std::unexpected(LastError(StatementVerb(sql)));
    const ResultHandle result(mysql_use_result(mysql));
    if (result && !Drain(mysql, result.get())) CutConnection();
  }
  return Fail(ErrorKind::kFailed, "result-unexpected",
              label_ + ": " + StatementVerb(sql) + " answered more than once",
              "This is a bug of syncgate.");
}

Result<void> MysqlSession::Query(const std::string& sql, const RowSink& sink) {
  TRY(Send(sql));
  MYSQL* mysql = client_->mysql;
  const ResultHandle result(mysql_use_result(mysql));
  if (!result) {
    if (mysql_errno(mysql) != 0) return std::unexpected(LastError(StatementVerb(sql)));
    return Fail(ErrorKind::kFailed, "result-missing",
                label_ + ": " + StatementVerb(sql) + " returned no rows",
                "This is a bug of syncgate.");
  }
  const unsigned count = mysql_num_fields(result.get());
  while (MYSQL_ROW cells = mysql_fetch_row(result.get())) {
    auto taken = sink(RowOf(cells, mysql_fetch_lengths(result.get()), count));
    if (!taken) {
      if (!Drain(mysql, result.get())) CutConnection();
      return taken;
    }
  }
  // No row is the end of the result or the end of the connection; only the error number tells
  // which.
  if (mysql_errno(mysql) != 0) return std::unexpected(LastError(StatementVerb(sql)));
  return NoFurtherResult(sql);
}

Result<std::uint64_t> MysqlSession::Execute(const std::string& sql) {
  TRY(Send(sql));
  MYSQL* mysql = client_->mysql;
  if (mysql_field_count(mysql) != 0) {
    const ResultHandle result(mysql_use_result(mysql));
    if (result && !Drain(mysql, result.get())) CutConnection();
    return Fail(ErrorKind::kFailed, "result-unexpected",
                label_ + ": " + StatementVerb(sql) + " returned rows",
                "This is a bug of syncgate.");
  }
  const std::uint64_t affected = mysql_affected_rows(mysql);
  TRY(NoFurtherResult(sql));
  return affected;
}

Result<std::vector<ServerWarning>> MysqlSession::Warnings() {
  std::vector<ServerWarning> warnings;
  const unsigned expected = mysql_warning_count(client_->mysql);
  if (expected == 0) return warnings;
  TRY(Query("SHOW WARNINGS", [&warnings](Row&& row) -> Result<void> {
    warnings.push_back(
        {row.at(0).value_or(""), NumberOf<unsigned>(row.at(1)), row.at(2).value_or("")});
    return {};
  }));
  if (warnings.size() < expected) {
    return Fail(ErrorKind::kFailed, "warnings-incomplete",
                label_ + ": the server counts " + std::to_string(expected) +
                    " warnings and shows " + std::to_string(warnings.size()),
                "Use smaller batches, or ask whether a proxy stands in between.");
  }
  return warnings;
}

Result<void> MysqlSession::Commit() {
  if (auto open = StillOpen(*this, cluster_); !open) {
    Rollback();  // COMMIT was not sent
    return open;
  }
  auto sent = Send("COMMIT");
  if (sent) return sent;
  Error error = std::move(sent).error();
  // Only these two say that the server has rolled back; after a lock wait, say, the transaction is
  // still open. Nor is a member believed that has left its cluster meanwhile: the others may have
  // committed what it refused.
  const bool refused =
      error.server.number == kErrDeadlock || error.server.number == kErrReplicationConflict;
  Rollback();
  if (refused && InSameView()) return std::unexpected(std::move(error));
  error.kind = ErrorKind::kOutcomeUnknown;
  error.code = "commit-unknown";
  error.message = label_ +
                  ": COMMIT was not answered as it should be; it may have taken effect (error " +
                  std::to_string(error.server.number) + ")";
  error.hint = "Read the rows again under lock before anything else.";
  return std::unexpected(std::move(error));
}

bool MysqlSession::InSameView() {
  const auto view = ClusterView(*this, cluster_);
  return view && *view == view_;
}

void MysqlSession::Rollback() { mysql_rollback(client_->mysql); }

Result<void> MysqlSession::Identify() {
  // Only MariaDB runs the text of /*M! ... */. Version strings can be configured; this cannot.
  const std::vector<Row> rows = TRY(Rows("SELECT VERSION(), @@version_comment, 0 /*M! + 1 */"));
  if (rows.size() != 1) {
    return Fail(ErrorKind::kRefused, "server-unsupported",
                label_ + ": the server does not say what it is");
  }
  server_ = TRY(ParseServerVersion(label_, rows[0].at(2) == "1", rows[0].at(0).value_or(""),
                                   rows[0].at(1).value_or("")));
  return {};
}

Result<void> MysqlSession::Pin(const MysqlTarget& target, SessionRole role) {
  const Membership membership = TRY(LoadMembership(*this));
  cluster_ = membership.kind;
  if (cluster_ == ClusterKind::kGalera) view_ = TRY(ClusterView(*this, cluster_));
  std::vector<Setting> settings = SettingsFor(server_, target, role);
  std::ranges::copy(ClusterSettings(membership), std::back_inserter(settings));
  TRY(Execute("SET NAMES utf8mb4 COLLATE utf8mb4_bin"));
  TRY(Execute(SetStatement(settings)));
  const std::vector<Row> rows = TRY(Rows(ReadStatement(settings)));
  if (rows.size() != 1)
    return Fail(ErrorKind::kRefused, "session-not-pinned", label_ + ": no settings came back");
  connection_id_ = NumberOf<std::uint64_t>(rows[0].at(0));
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const std::string answer = rows[0].at(i + 1).value_or("NULL");
    if (Holds(settings[i], answer)) continue;
    return Fail(ErrorKind::kRefused, "session-not-pinned",
                label_ + ": the session's " + settings[i].name + " is " + answer + " instead of " +
                    settings[i].wanted,
                "A proxy may be dropping session settings; connect to the server itself.");
  }
  return {};
}

}  // namespace syncgate
