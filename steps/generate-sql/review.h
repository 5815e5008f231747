// review.html and review.md beside the plan.
#pragma once

#include <string>

#include "artifact/documents.h"
#include "core/result.h"

namespace syncgate {

inline constexpr char kReviewFile[] = "review.html";
inline constexpr char kReviewSummaryFile[] = "review.md";

// For people only: no step reads them, and no digest is taken of them. The rows come from the
// plan's own files in `directory`, whose digests are checked, so that what is shown is what is
// planned.
Result<void> WriteReview(const std::string& directory, const DiffDoc& diff, const PlanDoc& plan);

}  // namespace syncgate
