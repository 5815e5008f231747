#include "data/snapshot.h"

namespace syncgate {

Snapshot::~Snapshot() {
  if (open_) session_->Rollback();
}

Result<void> Snapshot::Enter() {
  const auto now = std::chrono::steady_clock::now();
  if (open_ && now - opened_ > max_age_) {
    session_->Rollback();
    open_ = false;
  }
  if (!open_) {
    TRY(session_->Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"));
    open_ = true;
    opened_ = now;
  }
  if (session_->server().flavor == Flavor::kMySql) {
    TRY(session_->Execute("SAVEPOINT syncgate_chunk"));
  }
  return {};
}

Result<void> Snapshot::Leave() {
  if (session_->server().flavor == Flavor::kMariaDb) {
    session_->Rollback();
    open_ = false;
    return {};
  }
  TRY(session_->Execute("ROLLBACK TO SAVEPOINT syncgate_chunk"));
  return {};
}

}  // namespace syncgate
