// Servers that are members of a Galera cluster or of a Group Replication group: what a session has
// to ask for, and when the refusal of a COMMIT can be believed. steps/compare/CHECKS.md tells what
// rests on it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "data/sql_session.h"
#include "mysql/settings.h"

namespace syncgate {

enum class ClusterKind : std::uint8_t { kNone, kGalera, kGroup };

struct Membership {
  ClusterKind kind = ClusterKind::kNone;
  std::string id;           // the same on all members, and on no other server
  unsigned sync_wait = 0;   // wsrep_sync_wait as configured
  std::string consistency;  // group_replication_consistency as configured
};

// Needs no right beyond the login.
Result<Membership> LoadMembership(SqlSession& session);

// Reads wait for what other members have committed before; what is written goes to all members.
std::vector<Setting> ClusterSettings(const Membership& membership);

// A text that stays the same while the member has not left its cluster and come back.
// kTryLater "cluster-not-ready" where it is outside now. Ends the session's transaction.
Result<std::string> ClusterView(SqlSession& session, ClusterKind kind);

// Before COMMIT. A member of a group finds out with its next read that another member's write has
// ended the transaction; at COMMIT it would answer with a number that says nothing (1180).
// kRetryTransaction: it has.
Result<void> StillOpen(SqlSession& session, ClusterKind kind);

}  // namespace syncgate
