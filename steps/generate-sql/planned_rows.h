// The tables that a plan writes, with their rows in the diff.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "artifact/documents.h"
#include "artifact/rows.h"
#include "core/result.h"
#include "data/render.h"

namespace syncgate {

struct PlanTable {
  const TableDiff* diff = nullptr;
  std::size_t position = 0;  // in NodeDiff::tables, as the lines of the rows file name it
  RowsReader::Mark start;    // of its first row
  RenderContext context;
  std::vector<TableName> parents;  // by foreign key, within the database; itself among them

  const TableShape& shape() const { return context.shape; }
  bool RefersToItself() const { return std::ranges::find(parents, diff->table) != parents.end(); }
};

// Those of the tables at `positions` that have rows in the diff, in the given order. kBadArtifact
// for rows that are not the diff's.
Result<std::vector<PlanTable>> FindPlanTables(const NodeDiff& diff,
                                              const std::vector<std::size_t>& positions,
                                              const ServerInfo& server, RowsReader& rows);

// The table's changes in the diff's order, each with the place of its line. kBadArtifact where one
// does not fit the table; kRefused "insert-lacks-column" (an ignored column has no default),
// "generated-differs" (rows differ in a generated column only).
using UseChange = std::function<Result<void>(const RowsReader::Mark& mark, RowChange&&)>;
Result<void> ForEachChange(const PlanTable& table, const std::string& node, RowsReader& rows,
                           const UseChange& use);

}  // namespace syncgate
