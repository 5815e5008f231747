// Takes rows back: the same guarded transition, reversed, batch by batch from the last to the
// first.
#pragma once

#include "artifact/journal.h"
#include "core/result.h"
#include "node/apply_data.h"
#include "node/batch_source.h"
#include "node/node_database.h"

namespace syncgate {

enum class ImagesFrom : std::uint8_t {
  kJournal,  // what syncgate moved, restored from its before-images
  kPlan,     // the journal is lost: every planned row that is at its end, back to the plan's
             // before-image
};

class DataUndoer {
 public:
  DataUndoer(NodeDatabase& database, const NodePlan& plan, BatchSource& source,
             const std::vector<LiveTable>& tables, const Journal* journal, ImagesFrom images);

  // First pass, without locks: kMoved in the states: would be taken back; kAlready: is as it was;
  // kUntouched: not ours.
  Result<void> Look(DataProgress* progress);

  // Stops at the first batch that meets drift or fails.
  Result<void> Undo(Journal& journal, DataProgress* progress);

 private:
  // The reversed changes of a batch, with the row numbers they have in it.
  struct Reversal {
    BatchTask task;
    std::vector<std::size_t> rows;
  };
  Result<std::vector<Reversal>> Reverse(std::size_t batch);
  Result<void> UndoBatch(std::size_t batch, Journal& journal, DataProgress* progress);
  void Note(const PlannedBatch& batch, const Reversal& reversal, const std::vector<Position>& found,
            RowState moved, DataProgress* progress) const;

  NodeDatabase& database_;
  const NodePlan& plan_;
  BatchSource& source_;
  const std::vector<LiveTable>& tables_;
  const Journal* journal_;
  const ImagesFrom images_;
};

}  // namespace syncgate
