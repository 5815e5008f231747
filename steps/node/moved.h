// What syncgate has moved on a node and not taken back, by the journal.
#pragma once

#include <map>

#include "artifact/journal.h"
#include "core/result.h"
#include "data/apply.h"

namespace syncgate {

// The before-images of one batch's rows that runs of apply-node recorded and no run of rollback has
// taken back since, by key. A row whose COMMIT is not known to have succeeded, nor to have been
// refused, is among them: look where it stands.
struct MovedRows {
  std::vector<ColumnName> columns;  // of the images
  std::map<Row, JournalRow> rows;
};
Result<MovedRows> FindMoved(const Journal& journal, std::uint64_t batch);

// Whether any batch, any configuration file, or either may still be moved.
Result<bool> RowsMoved(const Journal& journal);
bool FilesMoved(const Journal& journal);
Result<bool> AnythingMoved(const Journal& journal);

// How the node is left by a run that took back everything it looked at: one that was narrowed with
// --only leaves what the plan has moved of the other half.
TargetState StateWhenTakenBack(const Journal& journal, bool with_data, bool with_config);

// Writes the before-images of one batch into the journal.
class JournalLog : public BeforeImageLog {
 public:
  JournalLog(Journal& journal, std::uint64_t batch, TableName table)
      : journal_(journal), batch_(batch), table_(std::move(table)) {}
  Result<void> Record(const std::vector<Column>& columns,
                      const std::vector<BeforeImage>& images) override;
  Result<void> Committed() override { return journal_.Committed(batch_); }
  Result<void> Refused() override { return journal_.Refused(batch_); }

 private:
  Journal& journal_;
  std::uint64_t batch_;
  TableName table_;
};

}  // namespace syncgate
