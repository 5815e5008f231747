#include "node/moved.h"

#include <algorithm>
#include <map>
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

Result<bool> RowsMoved(const Journal& journal) {
  std::set<std::uint64_t> batches;
  for (const JournalEntry& entry : journal.entries()) batches.insert(entry.batch);
  for (const std::uint64_t batch : batches) {
    if (!TRY(FindMoved(journal, batch)).rows.empty()) return true;
  }
  return false;
}

bool FilesMoved(const Journal& journal) {
  std::map<ConfigName, bool> moved;
  for (const JournalConfig& record : journal.configs()) {
    moved[record.config] = record.direction == Direction::kApply;
  }
  return std::ranges::any_of(moved, [](const auto& file) { return file.second; });
}

Result<bool> AnythingMoved(const Journal& journal) {
  return TRY(RowsMoved(journal)) || FilesMoved(journal);
}

TargetState StateWhenTakenBack(const Journal& journal, bool with_data, bool with_config) {
  const bool rows = !with_data && RowsMoved(journal).value_or(true);
  const bool files = !with_config && FilesMoved(journal);
  return rows || files ? TargetState::kPartial : TargetState::kBefore;
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
