// The data half of compare: all tables of all nodes into the diff.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "artifact/documents.h"
#include "common/servers.h"
#include "compare/selection.h"
#include "core/result.h"

namespace syncgate {

struct DataComparison {
  Server* source = nullptr;
  std::vector<Server*> nodes;  // in the order of DiffDoc::nodes
  std::vector<SelectedTable> tables;
  std::uint64_t max_threads_running = 0;  // on a node, before each chunk
  bool quick = false;
  bool catalogs_only = false;  // the doctor: preflight, no row is read
};

// Fills tables and rows of each node of `diff` and writes the rows files. A table that cannot be
// compared is marked refused and the others go on.
Result<void> CompareData(const std::string& artifacts, const DataComparison& comparison,
                         DiffDoc* diff);

}  // namespace syncgate
