// The markup of review.html, for review_page.cpp only.
#pragma once

#include <string>
#include <string_view>

#include "report/review_page.h"

namespace syncgate {

// Up to where the first change stands, and from behind the last.
std::string ReviewHead(const PlanDoc& plan, const CompareReport& compared);
std::string ReviewTail(const PlanDoc& plan);

// Text in HTML, also within quotes.
std::string HtmlText(std::string_view text);

}  // namespace syncgate
