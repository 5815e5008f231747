// Columns whose values nobody is to be shown.
#pragma once

#include <vector>

#include "artifact/documents.h"
#include "core/result.h"
#include "core/table.h"
#include "data/preflight.h"

namespace syncgate {

// Those of the compared columns that the table's `sensitive_columns` or those of `data` name, in
// any case, as MySQL takes column names. Errors, kRefused: "column-unknown" (an entry of the
// table's that names no column of it: a misspelt one would show what it is to hide),
// "sensitive-key" (one of the key: messages name rows by their keys).
Result<std::vector<ColumnName>> SensitiveColumns(const TableRules& rules, const TableDef& source,
                                                 const TableDef& node, const MatchedTable& matched);

// The warning that values of such columns are readable in the artifacts of a run without a key.
void WarnUnlessEncrypted(TableDiff* table);

}  // namespace syncgate
