// The team's functional test.
#pragma once

#include <vector>

#include "artifact/documents.h"
#include "core/secret.h"
#include "node/planned_node.h"

namespace syncgate {

// Runs the node's `test` command here, in the project's directory, not on the node: it is told
// which node and plan it is about (SYNCGATE_NODE, SYNCGATE_PLAN_DIGEST). It passes with exit code
// 0. When its time is up or this step is asked to stop, its process group gets SIGTERM and, 10 s
// later, SIGKILL. What it wrote is kept without `hidden`.
CheckOutcome RunFunctionalTest(const PlannedNode& planned, const std::vector<Secret>& hidden);

}  // namespace syncgate
