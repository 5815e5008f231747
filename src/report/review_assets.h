// The style and the script of review.html, for review_page.cpp only.
#pragma once

#include <string_view>

namespace syncgate {

extern const std::string_view kReviewStyle;
extern const std::string_view kReviewScript;

}  // namespace syncgate
