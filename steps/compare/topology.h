// Whether the nodes are really several: a canary that shares its database with production tells
// nothing.
#pragma once

#include <vector>

#include "common/servers.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "project/project.h"

namespace syncgate {

// Refusals "nodes-share-database", "nodes-replicate", "source-is-node" among the servers, unless
// the node says `shared: allow`. `nodes` and `specs` stand side by side.
Result<std::vector<Diagnostic>> CheckTopology(Server& source, const std::vector<Server*>& nodes,
                                              const std::vector<const NodeSpec*>& specs);

}  // namespace syncgate
