// review.html and review.md beside the plan.
#pragma once

#include <string>

#include "artifact/documents.h"
#include "core/result.h"

namespace syncgate {

inline constexpr char kReviewFile[] = "review.html";
inline constexpr char kReviewSummaryFile[] = "review.md";

// For people only: no step reads them. The plan names them with their digests, so that an audit
// notices when what was looked at is not what was written. The rows come from the
// plan's own files in `directory`, whose digests are checked, so that what is shown is what is
// planned.
Result<std::vector<FileRef>> WriteReview(const std::string& directory, const DiffDoc& diff,
                                         const PlanDoc& plan);

}  // namespace syncgate
