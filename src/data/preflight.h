// Decides, from catalog facts alone, whether a table can be compared and written exactly, and in
// which shape. What cannot be done exactly is refused by name.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

// What the project file says of one table.
struct TableRules {
  std::string where;
  std::vector<ColumnName> columns;  // empty: all; the key is always compared
  std::vector<ColumnName> ignore_columns;
  bool deletes = false;
  bool triggers_allowed = false;
};

struct MatchedTable {
  TableShape source;  // same columns in the same order, each side's own definitions
  TableShape node;
  std::vector<ColumnName> ignored;  // columns of the node outside the comparison
  std::vector<Column> unseen;       // the same, as columns; journalled with the before-image
};

// Errors: kRefused with code table-engine, table-no-key, key-unsupported, key-differs,
// schema-mismatch, column-unknown, column-type-unsupported; the message names table and columns.
Result<MatchedTable> MatchTable(const TableDef& source, const TableDef& node,
                                const TableRules& rules, bool same_flavor);

}  // namespace syncgate
