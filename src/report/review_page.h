// review.html: what an approver looks at before the gate. One file, no network, no framework, and
// the same in short as Markdown for a job's summary.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "artifact/documents.h"
#include "core/change.h"
#include "report/compare_report.h"

namespace syncgate {

// What the page holds of the rows; the rest stays in the plan's files, and the page says so.
struct ReviewLimits {
  std::size_t changes = 100'000;
  std::size_t bytes = std::size_t{48} << 20;  // of row data
  std::size_t cell = 200;                     // bytes of one value
};

// Everything from the plan and its diff is text on the page: it can neither be markup nor script
// (entities, a JSON data block without '<', and a Content-Security-Policy that knows our one script
// by its digest and nothing else). The page comes in pieces, to be written one after the other:
// Begin, Add for each change in the order of execution, node after node, and End.
class ReviewPage {
 public:
  // `compared` is the report of the diff that the plan was made from: its warnings, secrets and
  // kept keys. Both must outlive the page.
  ReviewPage(const PlanDoc& plan, const CompareReport& compared, ReviewLimits limits = {})
      : plan_(plan), compared_(compared), limits_(limits) {}

  std::string Begin() const;
  // A planned change of plan.nodes[node]; `table` is the position in its tables. Empty where the
  // page is full. Sensitive columns are shown as changed, without their values.
  std::string Add(std::size_t node, std::uint64_t table, const RowChange& change);
  std::string End() const;

 private:
  const PlanDoc& plan_;
  const CompareReport& compared_;
  const ReviewLimits limits_;
  std::uint64_t shown_ = 0;
  std::size_t bytes_ = 0;
  bool full_ = false;  // after the first change that is left out, all are
};

// The same in short, for a job's summary: GitHub takes 1 MiB a step, people a screen.
std::string ReviewSummary(const PlanDoc& plan, const CompareReport& compared);

}  // namespace syncgate
