// From the diff of one node to its plan: ordered batches, .sql files, the changes they make.
#pragma once

#include <string>
#include <vector>

#include "artifact/documents.h"
#include "core/result.h"
#include "data/sql_session.h"

namespace syncgate {

// Plans the tables at `positions` of the diff, whose rows are in `artifacts`. Writes
// plan/<node>/... into `output`, as a rule the same directory. Order: deletes, children first; then
// table by table, parents first, updates and inserts (an update may free a unique value that an
// insert takes). Errors: kBadArtifact for rows that are not the diff's, kRefused
//   "foreign-key-cycle", "insert-lacks-column" (an ignored column has no default),
//   "generated-differs" (rows differ in a generated column only).
Result<NodePlan> PlanNode(const std::string& artifacts, const std::string& output,
                          const NodeDiff& diff, const std::vector<std::size_t>& positions);

// What rendering needs to know, from the facts in the diff.
Result<ServerInfo> ServerOf(const ServerFacts& facts);

}  // namespace syncgate
