// Rows of other tables that follow a row by ON DELETE or ON UPDATE CASCADE and SET NULL: what the
// server would change behind the plan's back.
#pragma once

#include <span>
#include <vector>

#include "core/change.h"
#include "core/result.h"
#include "core/table.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

// Of a table's referencing keys, those whose delete or update rule changes rows of the child.
std::vector<ForeignKey> CascadingKeys(const TableDef& table);

// Whether the change takes the values away that the key's child rows may refer to: by a delete, or
// by an update of referenced columns.
bool TakesAway(const TableShape& shape, const ForeignKey& key, const RowChange& change);
// The same, under a rule that changes the child rows with it.
bool DragsAlong(const TableShape& shape, const ForeignKey& key, const RowChange& change);

// Fills `dependents` of the changes that take referenced values away: how many rows of each child
// refer to the before-image now. Reads without locks. Children that cannot be asked: kRefused
// "delete-cascades" (the key refers to a column outside the shape) or "mysql-privilege-missing"
// where they would be changed; else they are passed over, since the server itself will refuse.
Result<void> CountDependents(SqlSession& session, const TableShape& shape,
                             const std::vector<ForeignKey>& referencing,
                             std::span<RowChange> changes);

// The number of rows that refer to the values of this image; 0 where one of them is NULL. Where the
// table refers to itself, the rows with the keys `but` do not count.
Result<std::uint64_t> ChildRows(SqlSession& session, const TableShape& shape, const ForeignKey& key,
                                const Row& image, const std::vector<Row>& but);

}  // namespace syncgate
