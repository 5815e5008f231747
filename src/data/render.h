// Changes as SQL. Deterministic: the same changes for the same server give the same bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/change.h"
#include "core/result.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

struct RenderContext {
  TableShape shape;
  ServerInfo server;                  // decides between VALUES(col) and the row alias
  std::vector<ColumnName> touch_not;  // ON UPDATE columns outside the comparison: set to themselves
  bool keyed_updates = false;  // an INSERT would lack a column without default: UPDATE by key
  // What names rows by their keys (DELETE, parking UPDATE) gets a statement a row, in the order of
  // the changes. For tables that refer to themselves: a DELETE of many rows goes by the index,
  // which may meet a parent before its child. And for MariaDB's small tables (SmallForMariaDb).
  bool row_by_row = false;
  std::uint64_t longest_statement = 0;  // bytes, the server's max_allowed_packet; 0: not known
};

// Whether MariaDB might run a write of a batch's keys as a scan of the table, which
// sql_safe_updates then refuses: in tables of few rows it takes that for cheaper.
inline bool SmallForMariaDb(const ServerInfo& server, std::uint64_t rows) {
  return server.flavor == Flavor::kMariaDb && rows < 20'000;
}

// Statements for consecutive changes of one kind, without ';'. Inserts never overwrite (ON
// DUPLICATE KEY UPDATE key = key: the caller compares affected rows); updates are upserts that the
// caller's lock and guard keep on their own rows, or UPDATEs by key; deletes name their keys.
// `changes` is not empty.
Result<std::vector<std::string>> RenderStatements(const RenderContext& context, ChangeKind kind,
                                                  std::span<const RowChange> changes);

// Changes of one kind that wait for one another in a circle, broken by the columns in `parked`, for
// which NULL conflicts with nothing and refers to nothing. Updates whose unique values go round:
// `parks` set the columns to NULL, `moves` update the rows; with no such column `parks` delete the
// rows and `moves` insert them as they shall be. Rows that refer to one another: to be inserted,
// they are first inserted with NULL; to be deleted, they are first set to NULL. All in one
// transaction: a parked row is never committed.
struct CycleStatements {
  ChangeKind park_kind = ChangeKind::kUpdate;
  std::vector<std::string> parks;  // one for all rows, or one a row
  std::vector<std::string> moves;  // one for all rows, or one a row
};
Result<CycleStatements> RenderCycle(const RenderContext& context, ChangeKind kind,
                                    const std::vector<ColumnName>& parked,
                                    std::span<const RowChange> changes);

// The change that takes `change` back.
RowChange Reversed(const RowChange& change);

// SQL that ends the client's session with an error unless the rows of these changes are all as they
// were (or all as they shall be): the guard of the .sql files for people who run them by hand.
// `label` goes into the error, cut to what an identifier can hold. Locks the rows. Several
// statements, each ended by ";\n".
Result<std::string> RenderGuard(const RenderContext& context, std::string_view label,
                                std::span<const RowChange> changes);

// Session settings a .sql file needs to mean what it says; ends with a newline.
std::string RenderPreamble();

}  // namespace syncgate
