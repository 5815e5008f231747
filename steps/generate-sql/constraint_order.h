// The order of changes that unique keys and foreign keys hold together: who has to let go of a
// value before another takes it, which parent has to be there before its child.
#pragma once

#include <string>
#include <vector>

#include "artifact/rows.h"
#include "core/result.h"
#include "data/change_order.h"
#include "generate-sql/planned_rows.h"

namespace syncgate {

// Changes to be made one after the other, as places in the rows file.
struct OrderedRun {
  std::size_t table = 0;  // position in the tables given
  ChangeKind kind = ChangeKind::kUpdate;
  std::vector<RowsReader::Mark> rows;
  bool cycle = false;              // all at once, by RenderCycle
  std::vector<ColumnName> parked;  // with `cycle`
};

// Whether the order of these tables' changes (tables that foreign keys connect) follows from the
// tables alone: parents first, deletes last. It does not where some change has to wait for another
// row of its own table.
Result<bool> OrderedByTable(const std::vector<const PlanTable*>& tables, const std::string& node,
                            RowsReader& rows);

// Holds a few words per change in memory. kRefused, naming table and key:
// - "unique-owned": a row outside the plan owns a unique value
// - "unique-cycle-stuck", "unique-cycle-too-large": a circle of values that cannot be broken
// - "foreign-key-row-cycle": rows wait for one another by foreign keys that cannot be NULL
// - "row-is-referenced", "delete-cascades", "key-change-cascades": rows outside the plan refer to
// these
Result<std::vector<OrderedRun>> OrderByConstraints(const std::vector<const PlanTable*>& tables,
                                                   const std::string& database,
                                                   const std::string& node, RowsReader& rows);

}  // namespace syncgate
