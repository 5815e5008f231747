#include "node/receipt.h"

#include "artifact/rows.h"
#include "artifact/store.h"
#include "common/header.h"

namespace syncgate {

ReceiptDoc NewReceipt(const PlannedNode& planned, Direction direction) {
  ReceiptDoc receipt;
  receipt.header = NewHeader("receipt");
  receipt.header.inputs = {planned.plan_file};
  receipt.node = planned.node.node;
  receipt.plan_digest = planned.plan_digest();
  receipt.direction = ToString(direction);
  receipt.approval = CurrentApproval();
  receipt.batches_total = planned.node.batches.size();
  return receipt;
}

Result<void> RecordRows(const std::string& artifacts, const NodePlan& plan, BatchSource& source,
                        const DataProgress& progress, Direction direction, ReceiptDoc* receipt) {
  receipt->batches_done = progress.batches_done;
  receipt->drifted = progress.drifted_rows;
  if (progress.states.empty()) return {};
  auto writer = TRY(ReceiptRowsWriter::Create(artifacts, ReceiptRowsFile(plan.node, direction)));
  for (std::size_t i = 0; i < plan.batches.size(); ++i) {
    const PlannedBatch& batch = plan.batches[i];
    auto changes = TRY(source.Changes(i));
    for (std::size_t row = 0; row < changes.size(); ++row) {
      const RowState state = progress.states[batch.first_change + row];
      receipt->moved += state == RowState::kMoved ? 1 : 0;
      receipt->already += state == RowState::kAlready ? 1 : 0;
      TRY(writer.Append({batch.table, std::move(changes[row].key), state}));
    }
  }
  receipt->rows = TRY(writer.Finish());
  return {};
}

void RecordError(const Error& error, ReceiptDoc* receipt) {
  receipt->header.result = ResultWord(error);
  receipt->header.diagnostics.push_back(ToDiagnostic(error));
}

}  // namespace syncgate
