// What may be planned at all.
#pragma once

#include <cstddef>
#include <vector>

#include "artifact/documents.h"
#include "core/result.h"
#include "project/project.h"

namespace syncgate {

// Refuses a diff that cannot be planned: made with --quick or with a refusal on it, or from another
// syncgate.yml, or with --prod-host (kRefused "diff-quick", "project-changed", "diff-ad-hoc-host",
// or the refusal's own code).
Result<void> CheckDiff(const DiffDoc& diff, const Project& project);

// Positions of the tables that the project lets us write, narrowed to `only` unless it is empty. A
// refused or unwritable one among them is kRefused with its own code.
Result<std::vector<std::size_t>> PlannableTables(const Project& project, const NodeDiff& node,
                                                 const std::vector<TableName>& only);

// kRefused "limit-changes", "limit-deletes".
Result<void> CheckLimits(const DataSpec& data, const NodeDiff& node,
                         const std::vector<std::size_t>& positions);

}  // namespace syncgate
