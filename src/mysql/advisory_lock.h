// One apply or rollback at a time per database of a server, by GET_LOCK.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/names.h"
#include "core/result.h"
#include "data/sql_session.h"

namespace syncgate {

// "syncgate:" and 40 hex digits of the SHA-256 of the database's name in lower case: 49 of the 64
// characters that a lock name may have.
std::string AdvisoryLockName(const SchemaName& database);

// Holds the lock for its lifetime. The lock belongs to the session, which must outlive it, and is
// lost with the session's connection: a new session that gets it proves that the old one is gone.
class AdvisoryLock {
 public:
  // Held by another: kTryLater "node-locked" with the holder's connection id. A session whose
  // connection id changes between statements: kRefused "proxy-multiplexes".
  static Result<AdvisoryLock> Acquire(SqlSession& session, const SchemaName& database,
                                      std::chrono::seconds timeout = std::chrono::seconds(0));
  ~AdvisoryLock();
  AdvisoryLock(AdvisoryLock&& other) noexcept;
  AdvisoryLock& operator=(AdvisoryLock&&) = delete;
  AdvisoryLock(const AdvisoryLock&) = delete;
  AdvisoryLock& operator=(const AdvisoryLock&) = delete;

  // Whether this session still holds it. No longer: kTryLater "node-lock-lost".
  Result<void> Verify() const;

 private:
  AdvisoryLock(SqlSession& session, std::string name)
      : session_(&session), name_(std::move(name)) {}

  SqlSession* session_;
  std::string name_;
};

}  // namespace syncgate
