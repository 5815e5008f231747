#include "mysql/cluster.h"

#include <charconv>
#include <map>

#include "data/sql_text.h"

namespace syncgate {
namespace {

using Named = std::map<std::string, std::string>;

Result<Named> ReadNamed(SqlSession& session, const std::string& what, const std::string& names) {
  Named values;
  TRY(session.Query("SHOW GLOBAL " + what + " WHERE Variable_name IN (" + names + ")",
                    [&values](Row&& row) -> Result<void> {
                      values[row.at(0).value_or("")] = row.at(1).value_or("");
                      return {};
                    }));
  return values;
}

unsigned NumberOf(const std::string& text) {
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Result<Named> GaleraStatus(SqlSession& session) {
  return ReadNamed(session, "STATUS",
                   "'wsrep_cluster_conf_id', 'wsrep_cluster_size', 'wsrep_cluster_state_uuid', "
                   "'wsrep_cluster_status', 'wsrep_ready'");
}

}  // namespace

Result<Membership> LoadMembership(SqlSession& session) {
  Named variables = TRY(ReadNamed(session, "VARIABLES",
                                  "'wsrep_on', 'wsrep_sync_wait', 'group_replication_group_name', "
                                  "'group_replication_consistency'"));
  Membership membership;
  const std::string group = variables["group_replication_group_name"];
  if (!group.empty()) {
    membership.kind = ClusterKind::kGroup;
    membership.id = "group-" + group;
    membership.consistency = variables["group_replication_consistency"];
  }
  const std::string wsrep = variables["wsrep_on"];
  if (wsrep.empty()) return membership;
  Named status = TRY(GaleraStatus(session));
  // A member whose operator switched wsrep_on off is a member still: the session is refused, since
  // what it writes would stay on this member.
  if (wsrep == "OFF" && NumberOf(status["wsrep_cluster_size"]) == 0) return membership;
  membership.kind = ClusterKind::kGalera;
  membership.id = "galera-" + status["wsrep_cluster_state_uuid"];
  membership.sync_wait = NumberOf(variables["wsrep_sync_wait"]);
  return membership;
}

std::vector<Setting> ClusterSettings(const Membership& membership) {
  if (membership.kind == ClusterKind::kGalera) {
    const std::string wait = std::to_string(membership.sync_wait | 1U);  // 1: reads and BEGIN
    return {
        {"wsrep_on", "", "1"}, {"wsrep_dirty_reads", "0", "0"}, {"wsrep_sync_wait", wait, wait}};
  }
  if (membership.kind == ClusterKind::kGroup) {
    const bool after = membership.consistency.ends_with("AFTER");
    const std::string level = after ? "BEFORE_AND_AFTER" : "BEFORE";
    return {{"group_replication_consistency", TextLiteral(level), level}};
  }
  return {};
}

Result<std::string> ClusterView(SqlSession& session, ClusterKind kind) {
  if (kind == ClusterKind::kGroup) {
    // Answered by members that are online only, since reads wait for the group.
    TRY(session.Execute("START TRANSACTION"));
    session.Rollback();
    return std::string();
  }
  if (kind == ClusterKind::kNone) return std::string();
  session.Rollback();
  Named status = TRY(GaleraStatus(session));
  if (status["wsrep_cluster_status"] == "Primary" && status["wsrep_ready"] == "ON") {
    return status["wsrep_cluster_conf_id"];
  }
  return Fail(ErrorKind::kTryLater, "cluster-not-ready",
              "the server is outside its cluster's primary component (" +
                  status["wsrep_cluster_status"] + ", ready " + status["wsrep_ready"] + ")",
              "wait until the member is back in the cluster, then run the step again");
}

Result<void> StillOpen(SqlSession& session, ClusterKind kind) {
  if (kind != ClusterKind::kGroup) return {};
  // A SAVEPOINT would not do: MySQL 9.7 then answers COMMIT with success, and nothing was written.
  return session.Query("SELECT 1 FROM information_schema.SCHEMATA LIMIT 1",
                       [](Row&& /*row*/) -> Result<void> { return {}; });
}

}  // namespace syncgate
