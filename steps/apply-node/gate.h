// The gate `follows`: node2 only after node1 has been applied and verified with the same plan.
#pragma once

#include <string>
#include <vector>

#include "artifact/documents.h"
#include "core/result.h"
#include "node/planned_node.h"

namespace syncgate {

// Ok where the node follows none. Else `inputs` gets the receipt and verdict that opened the gate.
// kRefused with gate-no-receipt, gate-other-plan, gate-not-applied, gate-rolled-back,
// gate-no-verdict, gate-verdict-old, gate-verdict-failed; kBadArtifact where one of them cannot be
// believed.
Result<void> CheckGate(const std::string& artifacts, const PlannedNode& planned,
                       std::vector<FileRef>* inputs);

}  // namespace syncgate
