// Changes as SQL. Deterministic: the same changes for the same server give the same bytes.
#pragma once

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
};

// Statements for consecutive changes of one kind, without ';'. Inserts never overwrite (ON
// DUPLICATE KEY UPDATE key = key: the caller compares affected rows); updates are upserts that the
// caller's lock and guard keep on their own rows, or UPDATEs by key; deletes name their keys.
// `changes` is not empty.
Result<std::vector<std::string>> RenderStatements(const RenderContext& context, ChangeKind kind,
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
