// The configuration half of compare.
#pragma once

#include "artifact/documents.h"
#include "core/result.h"
#include "project/project.h"

namespace syncgate {

// Reads every configuration file of the node and of the source side and fills `diff->configs`. A
// file that cannot be compared exactly is a refusal among `refusals` and the others go on; no plan
// is made while there is one. Any other error ends the step.
Result<void> CompareConfigs(const Project& project, const NodeSpec& node, NodeDiff* diff,
                            std::vector<Diagnostic>* refusals);

}  // namespace syncgate
