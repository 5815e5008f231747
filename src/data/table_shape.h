// A table as one comparison or plan sees it: which columns count, which of them are the key.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/table.h"
#include "core/value.h"

namespace syncgate {

struct TableShape {
  TableName name;
  std::string key_index;         // index forced in every look-up by key
  std::vector<Column> columns;   // compared columns, in the order of row images
  std::vector<std::size_t> key;  // positions in `columns`, in index order
  std::string where;             // empty: the whole table

  // The key cells of a row image.
  Row KeyOf(const Row& image) const {
    Row key_cells;
    key_cells.reserve(key.size());
    for (const auto position : key) key_cells.push_back(image[position]);
    return key_cells;
  }
};

}  // namespace syncgate
