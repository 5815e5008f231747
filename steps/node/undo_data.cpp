#include "node/undo_data.h"

#include <algorithm>

#include "common/messages.h"
#include "core/fault.h"
#include "data/describe_key.h"
#include "host/signals.h"
#include "node/moved.h"
#include "node/planned_node.h"

namespace syncgate {
namespace {

// The shape in which a deleted row is put back: every column the journal has, ignored ones too.
TableShape WholeShape(const LiveTable& table) {
  TableShape shape = table.shape;
  for (const Column& column : table.unseen) {
    if (!column.generated) shape.columns.push_back(column);
  }
  return shape;
}

// Image cells rearranged from the journal's columns to `shape`'s; a column that the journal lacks
// is an error.
Result<Row> Arrange(const TableShape& shape, const std::vector<ColumnName>& columns,
                    const Row& image) {
  Row row;
  for (const Column& column : shape.columns) {
    const auto found = std::ranges::find(columns, column.name);
    if (found == columns.end() || image.size() != columns.size()) {
      return Fail(
          ErrorKind::kRefused, "schema-changed",
          "table " + shape.name.str() + ": the journal has no value for column " +
              column.name.str(),
          "the table was altered since the apply; restore the row by hand from the journal");
    }
    row.push_back(image[static_cast<std::size_t>(found - columns.begin())]);
  }
  return row;
}

// Statements for all of the task's changes: one, or one a change.
void AddMoves(ChangeKind kind, std::vector<std::string> texts, BatchTask* task) {
  const std::uint64_t rows = texts.size() == 1 ? task->changes.size() : 1;
  for (std::string& text : texts) task->statements.push_back({kind, rows, std::move(text)});
}

}  // namespace

DataUndoer::DataUndoer(NodeDatabase& database, const NodePlan& plan, BatchSource& source,
                       const std::vector<LiveTable>& tables, const Journal* journal,
                       ImagesFrom images)
    : database_(database),
      plan_(plan),
      source_(source),
      tables_(tables),
      journal_(journal),
      images_(images) {}

Result<std::vector<DataUndoer::Reversal>> DataUndoer::Reverse(std::size_t index) {
  const PlannedBatch& batch = plan_.batches[index];
  const LiveTable& table = tables_[batch.table];
  const auto changes = TRY(source_.Changes(index));
  MovedRows moved;
  if (images_ == ImagesFrom::kJournal) {
    moved = TRY(FindMoved(*journal_, batch.id));
    if (moved.rows.empty()) return std::vector<Reversal>();
  }
  // One statement a kind; a batch has one kind as a rule.
  std::vector<Reversal> reversals;
  for (std::size_t row = changes.size(); row-- > 0;) {
    RowChange reversed = Reversed(changes[row]);
    const bool whole = reversed.kind == ChangeKind::kInsert && images_ == ImagesFrom::kJournal;
    const TableShape shape = whole ? WholeShape(table) : table.shape;
    if (images_ == ImagesFrom::kJournal) {
      const auto image = moved.rows.find(changes[row].key);
      if (image == moved.rows.end()) continue;
      if (reversed.after) {
        if (!image->second.before) {
          return Fail(ErrorKind::kBadArtifact, "journal-foreign",
                      "the journal does not fit the plan",
                      "use the journal and the plan of the same run");
        }
        reversed.after = TRY(Arrange(shape, moved.columns, *image->second.before));
      }
    }
    if (reversals.empty() || reversals.back().task.changes.front().kind != reversed.kind) {
      Reversal fresh;
      fresh.task.shape = shape;
      fresh.task.cascading = table.cascading;
      fresh.task.together = batch.parked.has_value();
      if (!whole) fresh.task.unseen = table.unseen;
      reversals.push_back(std::move(fresh));
    }
    reversals.back().task.changes.push_back(std::move(reversed));
    reversals.back().rows.push_back(row);
  }
  for (Reversal& reversal : reversals) {
    const LiveTable live{
        reversal.task.shape, reversal.task.unseen, {}, table.refers_to_itself, table.row_estimate};
    const ChangeKind kind = reversal.task.changes.front().kind;
    if (batch.parked) {
      CycleStatements cycle =
          TRY(RenderCycle(database_.ContextFor(live), kind, *batch.parked, reversal.task.changes));
      for (std::string& park : cycle.parks) {
        reversal.task.statements.push_back({cycle.park_kind, 0, std::move(park)});
      }
      AddMoves(kind, std::move(cycle.moves), &reversal.task);
      continue;
    }
    AddMoves(kind, TRY(RenderStatements(database_.ContextFor(live), kind, reversal.task.changes)),
             &reversal.task);
  }
  return reversals;
}

void DataUndoer::Note(const PlannedBatch& batch, const Reversal& reversal,
                      const std::vector<Position>& found, RowState moved,
                      DataProgress* progress) const {
  for (std::size_t i = 0; i < found.size(); ++i) {
    RowState& state = progress->states[batch.first_change + reversal.rows[i]];
    state = found[i] == Position::kBefore  ? moved
            : found[i] == Position::kAfter ? RowState::kAlready
                                           : RowState::kDrift;
    if (found[i] != Position::kNeither) continue;
    ++progress->drifted_rows;
    if (progress->drifted.size() == kDriftNamed) continue;
    const TableShape& shape = reversal.task.shape;
    progress->drifted.push_back({shape.name, DescribeKey(shape, reversal.task.changes[i].key)});
  }
}

Result<void> DataUndoer::Look(DataProgress* progress) {
  std::uint64_t rows = 0;
  for (const PlannedBatch& batch : plan_.batches) rows += RowsOf(batch);
  progress->states.assign(rows, RowState::kUntouched);
  for (std::size_t i = plan_.batches.size(); i-- > 0;) {
    for (const Reversal& reversal : TRY(Reverse(i))) {
      const auto found =
          TRY(LookAt(database_.session(), reversal.task.shape, reversal.task.changes));
      Note(plan_.batches[i], reversal, found, RowState::kMoved, progress);
    }
  }
  return {};
}

Result<void> DataUndoer::Undo(Journal& journal, DataProgress* progress) {
  std::ranges::fill(progress->states, RowState::kUntouched);
  Progress bar("rolling back " + plan_.node.str());
  for (std::size_t i = plan_.batches.size(); i-- > 0;) {
    TRY(UndoBatch(i, journal, progress));
    FaultPoint("rollback.between-batches");
    bar.At(progress->batches_done, plan_.batches.size());
  }
  return {};
}

Result<void> DataUndoer::UndoBatch(std::size_t index, Journal& journal, DataProgress* progress) {
  const PlannedBatch& batch = plan_.batches[index];
  for (const Reversal& reversal : TRY(Reverse(index))) {
    JournalLog log(journal, batch.id, reversal.task.shape.name);
    auto outcome = TRY(ApplyWithReconnect(database_, reversal.task, log, true));
    Note(batch, reversal, outcome.found, RowState::kMoved, progress);
    if (outcome.HasDrift()) return std::unexpected(DriftError(plan_.node, *progress));
    progress->wrote = progress->wrote || outcome.wrote;
  }
  ++progress->batches_done;
  return {};
}

}  // namespace syncgate
