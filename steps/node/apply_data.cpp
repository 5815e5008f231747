#include "node/apply_data.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "common/messages.h"
#include "core/fault.h"
#include "data/describe_key.h"
#include "data/load_guard.h"
#include "data/lookup.h"
#include "host/signals.h"
#include "node/moved.h"
#include "node/planned_node.h"

namespace syncgate {
namespace {

constexpr int kLostConnections = 3;  // in one batch; then it is no accident
constexpr std::chrono::seconds kEase{5};

// This session is of no more use, another may be.
bool SessionLost(const Error& error) {
  return error.code == "mysql-connection-lost" || error.code == "cluster-not-ready";
}

}  // namespace

Result<BatchOutcome> ApplyWithReconnect(NodeDatabase& database, const BatchTask& task,
                                        BeforeImageLog& log, bool interruptible) {
  ApplyOptions options;
  if (interruptible) options.check_stop = CheckStop;
  for (int lost = 0;; ++lost) {
    auto outcome = ApplyBatch(database.session(), task, log, options);
    if (outcome) return outcome;
    const Error& error = outcome.error();
    const bool connection = error.kind == ErrorKind::kOutcomeUnknown || SessionLost(error);
    if (!connection || lost == kLostConnections) return outcome;
    Warn("table " + task.shape.name.str() + ": " + error.message +
         "; connecting again and looking anew");
    TRY(database.Reconnect());
  }
}

DataApplier::DataApplier(NodeDatabase& database, const NodePlan& plan, BatchSource& source,
                         const std::vector<LiveTable>& tables)
    : database_(database), plan_(plan), source_(source), tables_(tables) {}

void DataApplier::NoteDrift(const PlannedBatch& batch, const std::vector<RowChange>& changes,
                            const std::vector<Position>& found, DataProgress* progress) const {
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i] != Position::kNeither) continue;
    progress->states[batch.first_change + i] = RowState::kDrift;
    ++progress->drifted_rows;
    if (progress->drifted.size() == kDriftNamed) continue;
    const TableShape& shape = tables_[batch.table].shape;
    progress->drifted.push_back({shape.name, DescribeKey(shape, changes[i].key)});
  }
}

Result<void> DataApplier::Look(DataProgress* progress) {
  progress->states.clear();
  Progress bar("looking at " + plan_.node.str());
  std::uint64_t rows = 0;
  for (const PlannedBatch& batch : plan_.batches) rows += RowsOf(batch);
  progress->states.assign(rows, RowState::kUntouched);
  for (std::size_t i = 0; i < plan_.batches.size(); ++i) {
    TRY(CheckStop());
    const PlannedBatch& batch = plan_.batches[i];
    const auto changes = TRY(source_.Changes(i));
    if (i == 0 || plan_.batches[i - 1].table != batch.table) {
      TRY(CheckIndexAccess(database_.session(), tables_[batch.table].shape, changes.front().key));
    }
    const auto found = TRY(LookAt(database_.session(), tables_[batch.table].shape, changes));
    for (std::size_t row = 0; row < found.size(); ++row) {
      progress->states[batch.first_change + row] =
          found[row] == Position::kAfter ? RowState::kAlready : RowState::kMoved;
    }
    NoteDrift(batch, changes, found, progress);
    bar.At(batch.first_change + changes.size(), rows);
  }
  return {};
}

Result<void> DataApplier::AwaitCalm(std::uint64_t max_threads_running) {
  return LetOthersPass(max_threads_running, true);
}

Result<void> DataApplier::Move(Journal& journal, std::uint64_t max_threads_running,
                               DataProgress* progress) {
  std::ranges::fill(progress->states, RowState::kUntouched);
  Progress bar("applying to " + plan_.node.str());
  for (std::size_t i = 0; i < plan_.batches.size(); ++i) {
    if (i > 0) TRY(LetOthersPass(max_threads_running, false));
    TRY(MoveBatch(i, journal, progress));
    FaultPoint("apply.between-batches");
    bar.At(progress->batches_done, plan_.batches.size());
  }
  return {};
}

// A guard for each batch: a lost connection leaves the next one with another session.
Result<void> DataApplier::LetOthersPass(std::uint64_t max_threads_running, bool first) {
  LoadGuard guard(database_.session(), plan_.node.str(), {max_threads_running}, Warn, CheckStop);
  auto calm = first ? guard.WaitUntilCalm() : guard.Ease(kEase);
  if (calm || !SessionLost(calm.error())) return calm;
  Warn(calm.error().message + "; connecting again");
  return database_.Reconnect();
}

Result<void> DataApplier::MoveBatch(std::size_t index, Journal& journal, DataProgress* progress) {
  const PlannedBatch& batch = plan_.batches[index];
  const LiveTable& table = tables_[batch.table];
  BatchTask task{table.shape,
                 table.unseen,
                 TRY(source_.Changes(index)),
                 TRY(source_.Statements(index)),
                 batch.parked.has_value(),
                 table.cascading};
  JournalLog log(journal, batch.id, table.shape.name);
  auto outcome = TRY(ApplyWithReconnect(database_, task, log, true));
  if (outcome.HasDrift()) {
    NoteDrift(batch, task.changes, outcome.found, progress);
    return std::unexpected(DriftError(plan_.node, *progress));
  }
  progress->wrote = progress->wrote || outcome.wrote;
  // A row found at its end counts as moved when the journal says that a run of this plan moved it:
  // an earlier one, or this one before it lost its connection.
  const bool all_ours =
      std::ranges::all_of(outcome.found, [](Position p) { return p == Position::kBefore; });
  MovedRows moved;
  if (!all_ours) moved = TRY(FindMoved(journal, batch.id));
  for (std::size_t row = 0; row < task.changes.size(); ++row) {
    const bool ours = all_ours || moved.rows.contains(task.changes[row].key);
    progress->states[batch.first_change + row] = ours ? RowState::kMoved : RowState::kAlready;
  }
  ++progress->batches_done;
  return {};
}

Error DriftError(const NodeName& node, const DataProgress& progress) {
  std::string rows;
  for (const DriftedRow& row : progress.drifted) {
    rows += (rows.empty() ? "" : "; ") + row.table.str() + " (" + row.key + ")";
  }
  if (progress.drifted_rows > progress.drifted.size()) rows += "; ...";
  return Error{ErrorKind::kRefused,
               "drift",
               node.str() + ": " + std::to_string(progress.drifted_rows) +
                   " planned rows are neither as compared nor as planned: " + rows,
               "somebody changed them since; run compare again and have the new plan approved",
               {}};
}

}  // namespace syncgate
