// Keys as messages name them.
#pragma once

#include <string>

#include "data/table_shape.h"

namespace syncgate {

// "id=42, day=2026-11-01"; binary as hex; at most 200 bytes.
std::string DescribeKey(const TableShape& shape, const Row& key);

}  // namespace syncgate
