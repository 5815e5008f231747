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
  std::string time_zone = "+00:00";  // of the times in `where`
  std::vector<ColumnName> columns;   // empty: all; the key is always compared
  std::vector<ColumnName> ignore_columns;
  std::vector<std::string> sensitive_columns;   // names or patterns, each of some column
  std::vector<std::string> sensitive_anywhere;  // patterns that need not match
  bool deletes = false;
  bool triggers_allowed = false;
};

struct MatchedTable {
  TableShape source;  // same columns in the same order, each side's own definitions
  TableShape node;
  std::vector<ColumnName> ignored;  // columns of the node outside the comparison
  std::vector<Column> unseen;       // the same, as columns; journalled with the before-image
  std::vector<UniqueIndex> unique;  // of the node, without the identifying key
  // Keys of both sides are equal or not by the same collation. Where not, one row of the node may
  // stand for two of the source.
  bool same_key_collation = true;
};

// The identifying key is PRIMARY, else the first usable unique index of whole NOT NULL columns.
//
// Errors: kRefused with code table-engine, table-no-key, key-unsupported, key-differs,
// schema-mismatch, column-unknown, column-type-unsupported, time-zone-key; the message names table
// and columns.
Result<MatchedTable> MatchTable(const TableDef& source, const TableDef& node,
                                const TableRules& rules, bool same_flavor);

}  // namespace syncgate
