#pragma once

#include <vector>

#include "artifact/documents.h"
#include "core/result.h"
#include "project/project.h"

namespace syncgate {

// The configuration half of a node's plan: the edits of the diff and what has to hold afterwards.
// Configurations without writable changes are planned too when they have checks: verify-config
// asserts them.
Result<std::vector<PlannedConfig>> PlanConfigs(const Project& project, const NodeDiff& node);

}  // namespace syncgate
