// Whether the nodes are really several: a canary that shares its database with production tells
// nothing.
#pragma once

#include <string>
#include <vector>

#include "common/servers.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "project/project.h"

namespace syncgate {

struct Topology {
  std::vector<Diagnostic> diagnostics;
  // By node: "source" and the other nodes that are the very same server.
  std::vector<std::vector<std::string>> same_server_as;
};

// Refusals "nodes-share-database", "nodes-replicate", "source-is-node" among the servers, unless
// the node says `shared: allow`. `nodes` and `specs` stand side by side.
Result<Topology> CheckTopology(Server& source, const std::vector<Server*>& nodes,
                               const std::vector<const NodeSpec*>& specs);

}  // namespace syncgate
