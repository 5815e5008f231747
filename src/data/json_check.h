// MySQL's JSON can hold what no text can write back: a DECIMAL made by JSON_OBJECT reads 0.0400,
// and that text is stored as a DOUBLE, 0.04. Such a value can be compared, but neither written nor
// taken back exactly.
#pragma once

#include <optional>

#include "core/change.h"
#include "core/result.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

// Nor does MySQL write a value that it takes for equal to the old one, though its text is another
// (1.0 over 1).
//
// The first JSON column of either image whose text the server would not read back to the same text,
// or whose new value it takes for equal to the old one; nullopt where all can be written. Asks
// `session`, a server of the node's kind, only about columns of kind kJson that hold a fraction or
// an exponent.
Result<std::optional<ColumnName>> FindUnwritableJson(SqlSession& session, const TableShape& shape,
                                                     const RowChange& change);

}  // namespace syncgate
