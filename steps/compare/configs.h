// The configuration half of compare.
#pragma once

#include "artifact/documents.h"
#include "core/result.h"
#include "project/project.h"

namespace syncgate {

// Reads every configuration file of the node and of the source side and fills `diff->configs`. A
// file that cannot be compared is an error; its kind and code say why.
Result<void> CompareConfigs(const Project& project, const NodeSpec& node, NodeDiff* diff);

}  // namespace syncgate
