// The guarded transition of rows: lock, look, write, read again, journal, commit. The heart of
// syncgate; ARCHITECTURE.md tells why each step stands where it does.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/change.h"
#include "core/result.h"
#include "core/table.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

// The row as it was before us, every column that can be written; no row: it did not exist.
struct BeforeImage {
  ChangeKind kind = ChangeKind::kUpdate;
  Row key;
  std::optional<Row> row;
};

// Where before-images go. Record must be durable when it returns.
class BeforeImageLog {
 public:
  virtual ~BeforeImageLog() = default;
  virtual Result<void> Record(const std::vector<Column>& columns,
                              const std::vector<BeforeImage>& images) = 0;
  virtual Result<void> Committed() = 0;
  // COMMIT was refused, or not sent: what Record was given last has certainly not been written.
  virtual Result<void> Refused() = 0;
};

// `rows` of the batch's changes are done by it; 0: it only prepares the statements behind it.
struct Statement {
  ChangeKind kind = ChangeKind::kUpdate;
  std::uint64_t rows = 0;
  std::string text;
};

// One transaction.
struct BatchTask {
  TableShape shape;  // as on this server now
  std::vector<Column>
      unseen;  // columns outside the comparison: journalled, restored with deleted rows
  std::vector<RowChange> changes;
  std::vector<Statement> statements;  // cover `changes` in order
  bool together = false;  // the changes move all at once: some before and some after is drift
  // Foreign keys of other tables under which deleting a row, or changing it, changes their rows.
  std::vector<ForeignKey> cascading;
};

struct BatchOutcome {
  std::vector<Position> found;  // where each change stood when it was locked
  bool wrote = false;           // a transaction was committed; false: nothing to do, or drift
  bool HasDrift() const;
};

struct ApplyOptions {
  int attempts =
      12;  // whole transactions tried against lock conflicts, with growing pauses (5 s in all)
  std::function<Result<void>()> check_stop;  // asked before each attempt
};

// Moves one batch. With drift (some change at neither end) nothing is written and the outcome names
// it by position. Errors leave nothing written (rolled back), but kOutcomeUnknown, which says that
// COMMIT was sent.
// - kRefused "not-as-planned": the re-read differs from the after-image (a trigger, a charset, a
//   generated column)
// - kRefused "delete-cascades": rows of another table would follow
// - kRefused "unexpected-warning": the server warned of something outside the allow-list
// - kTryLater "rows-locked": other sessions held the rows through all attempts
Result<BatchOutcome> ApplyBatch(SqlSession& session, const BatchTask& task, BeforeImageLog& log,
                                const ApplyOptions& options);

// Where each change stands, without locks and without writing: the first pass.
Result<std::vector<Position>> LookAt(SqlSession& session, const TableShape& shape,
                                     const std::vector<RowChange>& changes);

}  // namespace syncgate
