// In which order tables are written.
#pragma once

#include <cstddef>
#include <vector>

#include "core/names.h"
#include "core/result.h"

namespace syncgate {

// `parents[i]`: the tables that tables[i] references by foreign key; itself and strangers do not
// count. Returns positions, parents before children, else in the given order. A cycle is kRefused
// "foreign-key-cycle", naming it.
Result<std::vector<std::size_t>> ParentsFirst(const std::vector<TableName>& tables,
                                              const std::vector<std::vector<TableName>>& parents);

}  // namespace syncgate
