// The one interface through which rows are read and written. mysql/ implements it over a real
// connection; everything above decides what to say, never how it travels.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/value.h"

namespace syncgate {

enum class Flavor : std::uint8_t { kMySql, kMariaDb };

// What decides how SQL is rendered for a server.
struct ServerInfo {
  Flavor flavor = Flavor::kMariaDb;
  int major = 0;
  int minor = 0;
  int patch = 0;
  std::string version;  // VERSION() verbatim
};

struct ServerWarning {
  std::string level;
  unsigned number = 0;
  std::string text;
};

// One connection, its session settings pinned (mysql/session.h says which). Not thread-safe.
//
// Errors of every call: kRetryTransaction after a deadlock or a lock wait (the caller rolls back
// and runs the whole transaction again), kTryLater when the connection is lost (whatever was not
// committed is gone), kOutcomeUnknown only from Commit, kFailed otherwise. Error::server holds the
// server's number.
class SqlSession {
 public:
  // Called once a row, in the order of the result. An error it returns ends the read and is passed
  // on.
  using RowSink = std::function<Result<void>(Row&&)>;

  virtual ~SqlSession() = default;

  // Runs a statement with a result and streams its rows. A read that the server cuts short is an
  // error. `sink` must not use this session.
  virtual Result<void> Query(const std::string& sql, const RowSink& sink) = 0;

  // Runs a statement without a result; returns the affected rows (changed rows, not found rows).
  virtual Result<std::uint64_t> Execute(const std::string& sql) = 0;

  // SHOW WARNINGS of the statement just run; empty where there were none.
  virtual Result<std::vector<ServerWarning>> Warnings() = 0;

  // COMMIT. kRetryTransaction: the server refused it for certain and rolled back (Galera, Group
  // Replication).
  // kTryLater: it was lost before COMMIT was sent. Any other failure is kOutcomeUnknown.
  virtual Result<void> Commit() = 0;
  // ROLLBACK; a lost connection counts as rolled back.
  virtual void Rollback() = 0;

  virtual const ServerInfo& server() const = 0;
  virtual std::uint64_t connection_id() const = 0;

  // All rows of a small result.
  Result<std::vector<Row>> Rows(const std::string& sql) {
    std::vector<Row> rows;
    auto done = Query(sql, [&rows](Row&& row) -> Result<void> {
      rows.push_back(std::move(row));
      return {};
    });
    if (!done) return std::unexpected(std::move(done).error());
    return rows;
  }
};

}  // namespace syncgate
