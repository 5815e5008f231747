// A consistent read view that holds up nobody.
#pragma once

#include <chrono>

#include "core/result.h"
#include "data/sql_session.h"

namespace syncgate {

// One REPEATABLE READ snapshot on a session. Each read stands between Enter and Leave. On MySQL,
// Leave rolls back to a savepoint, which releases the metadata lock of the tables read; MariaDB
// keeps it while its binary log is on, so there Leave ends the snapshot. Either way an ALTER waits
// for one chunk at most. A snapshot is made anew when it is older than `max_age`, to bound the undo
// history it pins: digests only nominate, so a comparison may span snapshots.
class Snapshot {
 public:
  static constexpr std::chrono::seconds kMaxAge{60};

  explicit Snapshot(SqlSession& session, std::chrono::seconds max_age = kMaxAge)
      : session_(&session), max_age_(max_age) {}
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

  Result<void> Enter();
  Result<void> Leave();

 private:
  SqlSession* session_;
  std::chrono::seconds max_age_;
  bool open_ = false;
  std::chrono::steady_clock::time_point opened_;
};

}  // namespace syncgate
