// In which order row changes can be made: a graph of what has to come first, its strongly connected
// components (Tarjan, "Depth-first search and linear graph algorithms", 1972) as cycles, and runs
// of changes of one table and kind in a topological order (Kahn, 1962).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/change.h"

namespace syncgate {

// Changes that follow one another in the plan. Within a run of inserts or updates each change may
// rely on those before it; of deletes, which the server carries out in an order of its own, none
// relies on another.
struct ChangeRun {
  std::size_t table = 0;
  ChangeKind kind = ChangeKind::kUpdate;
  std::vector<std::size_t> changes;
  bool cycle = false;  // they wait for one another in a circle: none can be made alone
};

class ChangeOrder {
 public:
  // Returns the change's number: 0, 1, ...
  std::size_t Add(std::size_t table, ChangeKind kind);
  // `first` must be made before `second`. A change that waits for itself is a circle of its own.
  void Before(std::size_t first, std::size_t second);

  // All changes, each once. Where the order is free: by table in ascending order, updates before
  // inserts before deletes, as added; cycles as late as can be. A cycle has the table and kind of
  // its first member; one that spans several tables or kinds is for the caller to refuse.
  std::vector<ChangeRun> Runs() const;

 private:
  struct Node {
    std::size_t table;
    ChangeKind kind;
    std::vector<std::size_t> next;
    bool waits_for_itself = false;
  };
  // The component of each node; *sizes counts their members.
  std::vector<std::size_t> Components(std::vector<std::size_t>* sizes) const;

  std::vector<Node> nodes_;
};

}  // namespace syncgate
