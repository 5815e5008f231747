// From the diff of one node to its plan: ordered batches, .sql files, the changes they make.
#pragma once

#include <string>
#include <vector>

#include "artifact/documents.h"
#include "core/result.h"
#include "data/sql_session.h"

namespace syncgate {

// Plans the tables at `positions` of the diff, whose rows are in `artifacts`. Writes
// plan/<node>/... into `output`, as a rule the same directory. Tables that foreign keys connect are
// ordered together: parents first, deletes last and children first, or change by change where
// unique values or references within a table want it (constraint_order.h). Errors: kBadArtifact for
// rows that are not the diff's, those of planned_rows.h and constraint_order.h, kRefused
// "row-too-large" (its statement would not fit into the server's max_allowed_packet).
Result<NodePlan> PlanNode(const std::string& artifacts, const std::string& output,
                          const NodeDiff& diff, const std::vector<std::size_t>& positions);

// What rendering needs to know, from the facts in the diff.
Result<ServerInfo> ServerOf(const ServerFacts& facts);

}  // namespace syncgate
