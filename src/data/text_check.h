// A text that the node's column cannot hold, because its character set lacks a character: strict
// mode refuses it in the middle of an apply, and a key column cannot even be asked for it.
#pragma once

#include <optional>

#include "core/change.h"
#include "core/result.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

// The first column whose after-image the node's character set does not give back to the same bytes;
// nullopt where all can be written. Asks `session`, a server of the node's kind, only about columns
// whose character set differs from the source's, and only about texts beyond ASCII.
Result<std::optional<ColumnName>> FindUnstorableText(SqlSession& session, const TableShape& source,
                                                     const TableShape& node,
                                                     const RowChange& change);

// The first ENUM column of either image that holds what is none of its members, number 0: left
// there without strict mode, it can be written in no way.
std::optional<ColumnName> FindNoMember(const TableShape& shape, const RowChange& change);

}  // namespace syncgate
