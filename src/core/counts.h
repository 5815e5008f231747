// What a comparison counted in one table of one node.
#pragma once

#include <cstdint>

namespace syncgate {

struct TableCounts {
  std::uint64_t source_rows = 0;
  std::uint64_t node_rows = 0;
  std::uint64_t missing = 0;     // on the source only
  std::uint64_t mismatched = 0;  // on both, not alike
  std::uint64_t extra = 0;       // on the node only
  std::uint64_t unstable = 0;    // changed each time they were read
};

}  // namespace syncgate
