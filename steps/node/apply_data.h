// The data half of apply-node: every batch of the plan, in order, each a guarded transition.
#pragma once

#include <string>
#include <vector>

#include "artifact/journal.h"
#include "artifact/rows.h"
#include "core/result.h"
#include "node/batch_source.h"
#include "node/node_database.h"

namespace syncgate {

// A planned row that stands at neither of its ends.
struct DriftedRow {
  TableName table;
  std::string key;  // for people
};

struct DataProgress {
  std::vector<RowState> states;     // one a planned row, in the order of the changes file
  std::vector<DriftedRow> drifted;  // the first kDriftNamed of them
  std::uint64_t drifted_rows = 0;
  std::uint64_t batches_done = 0;
  bool wrote = false;  // this run committed something
};

inline constexpr std::size_t kDriftNamed = 20;

class DataApplier {
 public:
  DataApplier(NodeDatabase& database, const NodePlan& plan, BatchSource& source,
              const std::vector<LiveTable>& tables);

  // The first pass: where every row stands, without locks. Fills states (kMoved where it would be)
  // and drifted.
  Result<void> Look(DataProgress* progress);

  // Waits while the node has more than `max_threads_running` statements at work. kTryLater
  // "server-busy" after ten minutes.
  Result<void> AwaitCalm(std::uint64_t max_threads_running);

  // The second pass: moves batch after batch. Stops at the first that meets drift (kRefused
  // "drift") or fails; `progress` says how far it came. A lost connection is made again and the
  // batch looked at anew. With more than `max_threads_running` statements at work on the node it
  // makes a short pause before the next batch.
  Result<void> Move(Journal& journal, std::uint64_t max_threads_running, DataProgress* progress);

 private:
  Result<void> LetOthersPass(std::uint64_t max_threads_running, bool first);
  Result<void> MoveBatch(std::size_t batch, Journal& journal, DataProgress* progress);
  void NoteDrift(const PlannedBatch& batch, const std::vector<RowChange>& changes,
                 const std::vector<Position>& found, DataProgress* progress) const;

  NodeDatabase& database_;
  const NodePlan& plan_;
  BatchSource& source_;
  const std::vector<LiveTable>& tables_;
};

// The refusal that names the drifted rows.
Error DriftError(const NodeName& node, const DataProgress& progress);

// ApplyBatch on the node's session; a lost connection, a member that is outside its cluster or an
// unanswered COMMIT is followed by a new connection and another look, a few times. Shared by apply
// and rollback.
Result<BatchOutcome> ApplyWithReconnect(NodeDatabase& database, const BatchTask& task,
                                        BeforeImageLog& log, bool interruptible);

}  // namespace syncgate
