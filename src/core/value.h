// Cells and rows as bytes. A cell is NULL (nullopt) or the exact bytes of the column's canonical
// SELECT expression (data/canonical.h): text as UTF-8, numbers and times as their server text,
// binary types as raw bytes. Two cells are equal when their bytes are.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace syncgate {

using Cell = std::optional<std::string>;
using Row = std::vector<Cell>;

}  // namespace syncgate
