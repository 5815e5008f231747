// Who on the node holds the unique values that a change wants: INSERT ... ON DUPLICATE KEY UPDATE
// fires on any unique index, and two rows that swap a value collide in every order.
#pragma once

#include <span>
#include <vector>

#include "core/change.h"
#include "core/result.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

inline constexpr int kOwnerScans = 20;  // of a table, in one comparison

// Fills `owners` of each change: for every index and every after-image whose values there differ
// from the before-image, the row that the node's own equality finds (collation, prefix,
// expression), the change's own row among them. Values that are NULL in a column conflict with
// nothing. Reads without locks. Opaque indexes, and expressions that the server does not evaluate
// outside of the index, are passed over: the guard under lock decides there.
//
// Only whole columns can be looked up by an index; for prefixes and expressions each question reads
// the table. `scans_left` counts them down. kRefused "unique-key-unsupported" when it is used up:
// that many reads of a table are no harmless thing to do to a production server.
Result<void> FindOwners(SqlSession& session, const TableShape& shape,
                        const std::vector<UniqueIndex>& indexes, std::span<RowChange> changes,
                        int* scans_left);

}  // namespace syncgate
