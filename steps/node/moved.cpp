#include "node/moved.h"

#include <set>

namespace syncgate {

Result<MovedRows> FindMoved(const Journal& journal, std::uint64_t batch) {
  MovedRows moved;
  for (const JournalEntry& entry : journal.entries()) {
    if (entry.batch != batch || entry.refused) continue;
    // A roll-back that was not committed has taken nothing back for certain.
    if (entry.direction == Direction::kRollback && !entry.committed) continue;
    JournalBatch record = TRY(journal.Load(entry));
    for (JournalRow& row : record.rows) {
      if (entry.direction == Direction::kRollback) {
        moved.rows.erase(row.key);
      } else {
        moved.columns = record.columns;
        Row key = row.key;
        moved.rows.insert_or_assign(std::move(key), std::move(row));
      }
    }
  }
  return moved;
}

Result<bool> AnythingMoved(const Journal& journal) {
  std::set<std::uint64_t> batches;
  for (const JournalEntry& entry : journal.entries()) batches.insert(entry.batch);
  for (const std::uint64_t batch : batches) {
    if (!TRY(FindMoved(journal, batch)).rows.empty()) return true;
  }
  return !journal.configs().empty() && journal.configs().back().direction == Direction::kApply;
}

Result<void> JournalLog::Record(const std::vector<Column>& columns,
                                const std::vector<BeforeImage>& images) {
  JournalBatch record;
  record.batch = batch_;
  record.table = table_;
  for (const Column& column : columns) record.columns.push_back(column.name);
  for (const BeforeImage& image : images) record.rows.push_back({image.kind, image.key, image.row});
  return journal_.RecordBatch(record);
}

}  // namespace syncgate
