#include "generate-sql/review.h"

#include "artifact/lines.h"
#include "artifact/rows.h"
#include "report/review_page.h"

namespace syncgate {
namespace {

Result<void> Put(LineWriter& file, const std::string& piece) {
  *file.buffer() += piece;
  return file.LineDone();
}

Result<void> PutRows(const std::string& directory, const NodePlan& node, std::size_t position,
                     ReviewPage& page, LineWriter& file) {
  if (!node.changes) return {};
  auto rows = TRY(RowsReader::Open(directory, *node.changes));
  while (const auto row = TRY(rows.Next())) {
    const std::string piece = page.Add(position, row->table, row->change);
    if (piece.empty()) break;  // the page is full
    TRY(Put(file, piece));
  }
  return {};
}

}  // namespace

Result<std::vector<FileRef>> WriteReview(const std::string& directory, const DiffDoc& diff,
                                         const PlanDoc& plan) {
  const CompareReport compared = MakeCompareReport(diff);
  auto summary = TRY(LineWriter::Create(directory, kReviewSummaryFile));
  TRY(Put(summary, ReviewSummary(plan, compared)));
  std::vector<FileRef> files = {TRY(summary.Finish("review"))};
  ReviewPage page(plan, compared);
  auto file = TRY(LineWriter::Create(directory, kReviewFile));
  TRY(Put(file, page.Begin()));
  for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
    TRY(PutRows(directory, plan.nodes[i], i, page, file));
  }
  TRY(Put(file, page.End()));
  files.push_back(TRY(file.Finish("review")));
  for (FileRef& written : files) written.lines = 0;  // of JSON Lines only
  return files;
}

}  // namespace syncgate
