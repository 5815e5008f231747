// The confirming re-read: what digests nominated is read again by key on both sides, outside any
// old snapshot, until two reads agree.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/change.h"
#include "core/result.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

// A key whose digests differed; absent: no such row on that side.
struct Nominee {
  Row key;
  std::optional<std::uint64_t> source;
  std::optional<std::uint64_t> node;
};

struct Confirmation {
  std::vector<RowChange> changes;  // in the order of the nominees
  std::uint64_t unstable = 0;      // rows that read differently each time
};

// Nominees that turn out alike are dropped: they were in flight.
Result<Confirmation> Confirm(SqlSession& source, const TableShape& source_shape, SqlSession& node,
                             const TableShape& node_shape, std::vector<Nominee> nominees);

}  // namespace syncgate
