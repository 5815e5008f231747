#include "mysql/advisory_lock.h"

#include <algorithm>
#include <utility>

#include "core/digest.h"

namespace syncgate {
namespace {

// Runs "SELECT CONNECTION_ID(), `expression`": the expression's value, having run on our own
// connection.
Result<Cell> OnOwnConnection(SqlSession& session, const std::string& expression) {
  const std::vector<Row> rows = TRY(session.Rows("SELECT CONNECTION_ID(), " + expression));
  if (rows.at(0).at(0) != std::to_string(session.connection_id())) {
    return Fail(ErrorKind::kRefused, "proxy-multiplexes",
                "statements of one session run on different server connections (" +
                    std::to_string(session.connection_id()) + " and " +
                    rows[0][0].value_or("NULL") + ")",
                "A proxy multiplexes connections; connect to the server itself.");
  }
  return rows[0].at(1);
}

Error Held(const SchemaName& database, const Cell& holder) {
  return Error{ErrorKind::kTryLater,
               "node-locked",
               "another syncgate session is working on database " + database.str() +
                   (holder ? " (connection " + *holder + ")" : std::string()),
               "Wait for it to end, then run the step again.",
               {}};
}

}  // namespace

std::string AdvisoryLockName(const SchemaName& database) {
  std::string name = database.str();
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return "syncgate:" + Digest::Of(name).hex().substr(0, 40);
}

Result<AdvisoryLock> AdvisoryLock::Acquire(SqlSession& session, const SchemaName& database,
                                           std::chrono::seconds timeout) {
  std::string name = AdvisoryLockName(database);
  const std::string is_used = "IS_USED_LOCK('" + name + "')";
  const Cell before = TRY(OnOwnConnection(session, is_used));
  if (before == std::to_string(session.connection_id()))
    return std::unexpected(Held(database, before));
  const Cell got = TRY(OnOwnConnection(
      session,
      "GET_LOCK('" + name + "', " + std::to_string(std::max<long long>(timeout.count(), 0)) + ")"));
  if (got != "1") {
    const Cell holder = TRY(OnOwnConnection(session, is_used));
    return std::unexpected(Held(database, holder));
  }
  AdvisoryLock lock(session, std::move(name));
  TRY(lock.Verify());
  return lock;
}

AdvisoryLock::AdvisoryLock(AdvisoryLock&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)), name_(std::move(other.name_)) {}

AdvisoryLock::~AdvisoryLock() {
  if (session_ == nullptr) return;
  // A failure means that the connection is gone, and the lock with it.
  static_cast<void>(session_->Rows("SELECT RELEASE_LOCK('" + name_ + "')"));
}

Result<void> AdvisoryLock::Verify() const {
  const Cell holder = TRY(OnOwnConnection(*session_, "IS_USED_LOCK('" + name_ + "')"));
  if (holder == std::to_string(session_->connection_id())) return {};
  return Fail(ErrorKind::kTryLater, "node-lock-lost",
              "this session no longer holds its advisory lock", "Run the step again.");
}

}  // namespace syncgate
