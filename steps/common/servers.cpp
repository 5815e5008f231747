#include "common/servers.h"

#include "data/row_digest.h"

namespace syncgate {

Result<SqlSession*> Server::Confirming() {
  if (!confirming) confirming = TRY(link.Connect(SessionRole::kReader));
  return confirming.get();
}

Result<std::unique_ptr<Server>> OpenServer(const Endpoint& endpoint, const std::string& label,
                                           Login login, SessionRole role) {
  auto server = std::unique_ptr<Server>(new Server{label,
                                                   TRY(DatabaseLink::Open(endpoint, label, login)),
                                                   nullptr,
                                                   nullptr,
                                                   {},
                                                   {},
                                                   false,
                                                   false});
  server->session = TRY(server->link.Connect(role));
  TRY(SelfTestDigest(*server->session));
  server->facts = TRY(LoadFacts(*server->session));
  server->privileges = TRY(LoadPrivileges(*server->session, server->database()));
  server->reader = login == Login::kReader && endpoint.mysql && endpoint.mysql->reader;
  server->children_visible = server->privileges.sees_all_schemas ||
                             TRY(NoForeignChildren(*server->session, server->database()));
  return server;
}

ServerFacts ToDocument(const Server& server) {
  const ServerFactsRaw& facts = server.facts;
  ServerFacts document;
  document.flavor = facts.server.flavor == Flavor::kMySql ? "mysql" : "mariadb";
  document.version = facts.server.version;
  document.identity = facts.identity;
  document.database = server.database().str();
  document.binlog_format = facts.log_bin ? facts.binlog_format : "";
  document.read_only = facts.read_only;
  document.max_allowed_packet = facts.max_allowed_packet;
  document.children_visible = server.children_visible;
  for (const ReplicaSource& source : facts.replicates_from) {
    document.replicates_from.push_back(source.host + ":" + std::to_string(source.port));
  }
  return document;
}

Diagnostic ChildrenInvisible(const Server& node, const TableName& table) {
  return {
      "children-invisible", Severity::kRefusal,
      "table " + table.str() + " on " + node.label +
          ": rows may be deleted, and the account cannot see whether tables of other databases "
          "refer to them",
      "GRANT PROCESS ON *.* to the account, which shows all foreign keys, or take `deletes` out"};
}

std::vector<Diagnostic> WritePreflight(const Server& node) {
  std::vector<Diagnostic> found;
  const auto refuse = [&](const char* code, const std::string& message, const std::string& hint) {
    found.push_back({code, Severity::kRefusal, node.label + ": " + message, hint});
  };
  const ServerFactsRaw& facts = node.facts;
  if (facts.read_only) {
    refuse("server-read-only", "the server is read-only", "name the writable server of this node");
  }
  if (facts.log_bin && facts.binlog_format == "STATEMENT") {
    refuse("binlog-statement",
           "binlog_format is STATEMENT, under which guarded writes cannot run (READ COMMITTED)",
           "set binlog_format to ROW or MIXED");
  }
  if (!facts.replicates_from.empty()) {
    refuse("server-is-replica",
           "the server replicates from " + facts.replicates_from.front().host + ":" +
               std::to_string(facts.replicates_from.front().port) +
               ": writing here would diverge from it",
           "name the server it replicates from");
  }
  if (facts.cluster.kind != ClusterKind::kNone) {
    found.push_back({"cluster-member", Severity::kNote,
                     node.label + ": the server is a member of a cluster (" + facts.cluster.id +
                         "): the lock that keeps two runs apart holds on this member only",
                     "name one member of it in syncgate.yml, never a balancer"});
  }
  for (const char* right : {"SELECT", "INSERT", "UPDATE", "DELETE"}) {
    if (node.privileges.HasOnDatabase(right) || !node.privileges.on_tables.empty()) continue;
    refuse("mysql-privilege-missing",
           std::string("the account has no ") + right + " on database " + node.database().str(),
           std::string("GRANT ") + right + " on the database to the account, or use another");
  }
  if (!facts.replication_visible) {
    found.push_back({"replication-invisible", Severity::kWarning,
                     node.label + ": the account may not see whether the server is a replica",
                     "GRANT REPLICATION CLIENT (MariaDB: SLAVE MONITOR) to be sure"});
  }
  return found;
}

}  // namespace syncgate
