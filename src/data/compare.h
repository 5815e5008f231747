// The compare engine: one scan of the source, one of each node, side by side; digests nominate, the
// confirming re-read by key decides.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/change.h"
#include "core/counts.h"
#include "core/result.h"
#include "core/table.h"
#include "data/chunk.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

// One server in the comparison of one table. `scan` holds a snapshot while the table is read;
// `confirm` gives a second session, outside any transaction, and is called only where something
// differs.
struct CompareSide {
  TableShape shape;
  SqlSession* scan = nullptr;
  std::function<Result<SqlSession*>()> confirm;
  // Of a node that will be written: what a change may collide with, and whom it may drag along.
  std::vector<UniqueIndex> unique;
  std::vector<ForeignKey> referencing;
  bool same_key_collation = true;  // as on the source
};

struct CompareHooks {
  // A confirmed difference of node number `node`, in key order within a chunk.
  std::function<Result<void>(std::size_t node, RowChange&&)> on_change;
  // Source rows read so far; called once a chunk.
  std::function<void(std::uint64_t rows)> on_progress;
  // An error (kInterrupted) stops the comparison; asked once a chunk.
  std::function<Result<void>()> check_stop;
};

struct NodeComparison {
  TableCounts counts;
  bool differs = false;  // some digest differed; with `quick` the only answer
};

// Compares one table of the source with the same table of each node. With `quick` no row is
// fetched: counts and digests only. The shapes must have the same columns in the same order. Scans
// run on one thread a server; hooks are called on the calling thread. Memory is bounded by a chunk,
// not by the table.
Result<std::vector<NodeComparison>> CompareTable(const CompareSide& source,
                                                 const std::vector<CompareSide>& nodes, bool quick,
                                                 const CompareHooks& hooks,
                                                 const CompareSizes& sizes = {});

}  // namespace syncgate
