// A consistent read view that holds up nobody.
#pragma once

#include <chrono>

#include "core/result.h"
#include "data/sql_session.h"

namespace syncgate {

// One REPEATABLE READ snapshot on a session. Each read stands between Enter and Leave, which roll
// back to a savepoint: that releases the metadata lock of the tables read, so an ALTER waits for
// one chunk at most. The snapshot is made anew when it is older than kMaxAge, to bound the undo
// history it pins: digests only nominate, so a comparison may span snapshots.
class Snapshot {
 public:
  static constexpr std::chrono::seconds kMaxAge{60};

  explicit Snapshot(SqlSession& session) : session_(&session) {}
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

  Result<void> Enter();
  Result<void> Leave();

 private:
  SqlSession* session_;
  bool open_ = false;
  std::chrono::steady_clock::time_point opened_;
};

}  // namespace syncgate
