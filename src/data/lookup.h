// Rows by key, exactly.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/result.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

enum class Locking : std::uint8_t {
  kNone,
  kForUpdate,  // locks what it finds and waits for nobody: a row locked by another is
               // kRetryTransaction
};

// The current row of each key, or nullopt, in the order of `keys`, without regard to the shape's
// `where`. A row whose key differs from the wanted one only as far as the column's collation
// ignores it (case, padding) is found too. At most a few hundred keys a call.
Result<std::vector<std::optional<Row>>> LookUp(SqlSession& session, const TableShape& shape,
                                               const std::vector<Row>& keys,
                                               Locking locking = Locking::kNone);

// Proves, by EXPLAIN, that looking up a key touches its row only: anything else would lock rows of
// others. kRefused "no-index-access" where the server would scan. For several keys at once each
// locking LookUp asks by itself, and goes key by key where the server would scan.
Result<void> CheckIndexAccess(SqlSession& session, const TableShape& shape, const Row& key);

}  // namespace syncgate
