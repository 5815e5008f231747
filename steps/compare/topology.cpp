#include "compare/topology.h"

namespace syncgate {
namespace {

constexpr char kHint[] =
    "correct the mysql block in syncgate.yml, or say `shared: allow` for the node if it is meant";

bool SameDatabase(const Server& a, const Server& b) { return a.database() == b.database(); }

// Members of one cluster hold the same rows.
bool SameCluster(const Server& a, const Server& b) {
  return !a.facts.cluster.id.empty() && a.facts.cluster.id == b.facts.cluster.id;
}

// Whether `replica` names `origin` as the server it replicates from.
bool ReplicatesFrom(const Server& replica, const Server& origin) {
  for (const ReplicaSource& source : replica.facts.replicates_from) {
    if (!source.server_uuid.empty() && source.server_uuid == origin.facts.identity) return true;
    const bool same_id = !source.server_id.empty() && source.server_id == origin.facts.server_id;
    if (same_id && source.port == origin.facts.port) return true;
  }
  return false;
}

}  // namespace

Result<Topology> CheckTopology(Server& source, const std::vector<Server*>& nodes,
                               const std::vector<const NodeSpec*>& specs) {
  Topology found;
  found.same_server_as.resize(nodes.size());
  const auto refuse = [&](const char* code, const std::string& message) {
    found.diagnostics.push_back({code, Severity::kRefusal, message, kHint});
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool is_source = TRY(SameServer(*source.session, *nodes[i]->session));
    if (is_source) found.same_server_as[i].push_back(source.label);
    if ((is_source || SameCluster(source, *nodes[i])) && SameDatabase(source, *nodes[i])) {
      refuse("source-is-node", "the source and " + nodes[i]->label + " are the same database");
    }
    for (std::size_t j = 0; j < i; ++j) {
      const bool same = TRY(SameServer(*nodes[i]->session, *nodes[j]->session));
      if (same) {
        found.same_server_as[i].push_back(nodes[j]->label);
        found.same_server_as[j].push_back(nodes[i]->label);
      }
      if (specs[i]->allow_shared || specs[j]->allow_shared) continue;
      const std::string pair = nodes[j]->label + " and " + nodes[i]->label;
      const bool shared = same || SameCluster(*nodes[i], *nodes[j]);
      if (shared && SameDatabase(*nodes[i], *nodes[j])) {
        refuse("nodes-share-database", pair + " are one database: the canary would be production");
      } else if (ReplicatesFrom(*nodes[i], *nodes[j]) || ReplicatesFrom(*nodes[j], *nodes[i])) {
        refuse("nodes-replicate",
               "one of " + pair + " replicates from the other: the canary would be production");
      }
    }
  }
  return found;
}

}  // namespace syncgate
