// Rows that refer to a row that does not exist: servers keep them after a load without foreign key
// checks, but take none of them back.
#pragma once

#include <optional>
#include <vector>

#include "core/change.h"
#include "core/result.h"
#include "core/table.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

// Of the foreign keys of the node's table, one by which the row as it stands there refers to no
// row, while the change takes that reference away: it could never be taken back. Reads without
// locks; keys over columns outside the shape are passed over. Errors: kRefused "parent-invisible"
// where the account may not read the parent.
Result<std::optional<ForeignKey>> FindOrphan(SqlSession& session, const TableShape& shape,
                                             const std::vector<ForeignKey>& foreign_keys,
                                             const RowChange& change);

}  // namespace syncgate
