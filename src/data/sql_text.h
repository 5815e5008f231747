// The only place where SQL text is put together from names and values. Everything here means the
// same under any sql_mode and any connection charset that is a superset of ASCII.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/names.h"
#include "core/result.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

// `name` in backticks, backticks doubled.
std::string QuoteName(std::string_view name);

// `text` made safe for a "-- " comment: no control character can end the line.
std::string CommentText(std::string_view text);

// A UTF-8 text as a literal: 'quoted' where it is plain ASCII, else _utf8mb4 0x..
std::string TextLiteral(std::string_view text);

// A cell as a literal that the server reads back to the same bytes. kFailed "value-not-canonical"
// where the cell is not what the column's canonical SELECT can have given.
Result<std::string> Literal(const Cell& cell, const Column& column);

// The column's canonical SELECT expression: text that is equal exactly when the values are.
std::string CanonicalExpression(const Column& column);
// The same for a list, comma separated.
std::string CanonicalList(const std::vector<Column>& columns);

// "FROM `t` FORCE INDEX (`key`)".
std::string FromTable(const TableShape& shape);

// A condition true for exactly the rows with one of these keys, by the column's own collation.
// `keys` must not be empty.
Result<std::string> KeyIn(const TableShape& shape, const std::vector<Row>& keys);

// A condition true for rows whose key sorts after `bound` (or is at most `bound`), in the expanded
// OR form: a row comparison would scan the table.
Result<std::string> KeyAfter(const TableShape& shape, const Row& bound);
Result<std::string> KeyUpTo(const TableShape& shape, const Row& bound);

// "`a`, `b`" of the key columns, for ORDER BY.
std::string KeyOrder(const TableShape& shape);

}  // namespace syncgate
