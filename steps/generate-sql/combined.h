#pragma once

#include <string>

#include "artifact/documents.h"
#include "core/result.h"

namespace syncgate {

// All .sql files of a node in the order of execution in one file at `path` ("-": stdout), for
// reading.
Result<void> WriteCombined(const std::string& artifacts, const NodePlan& node,
                           const std::string& path);

}  // namespace syncgate
