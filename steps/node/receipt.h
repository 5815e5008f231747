// Receipts of apply-node and rollback.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "artifact/documents.h"
#include "artifact/journal.h"
#include "core/result.h"
#include "node/apply_data.h"
#include "node/batch_source.h"
#include "node/planned_node.h"

namespace syncgate {

// A receipt about the planned node, with its header, inputs and totals filled in.
ReceiptDoc NewReceipt(const PlannedNode& planned, Direction direction);

// Puts the rows' states into the receipt and beside it, one line a key, and the counts.
Result<void> RecordRows(const std::string& artifacts, const NodePlan& plan, BatchSource& source,
                        const DataProgress& progress, Direction direction, ReceiptDoc* receipt);

// How an error stands in a receipt: result word and diagnostic.
void RecordError(const Error& error, ReceiptDoc* receipt);

}  // namespace syncgate
