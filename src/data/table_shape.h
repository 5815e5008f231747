// A table as one comparison or plan sees it: which columns count, which of them are the key.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/table.h"
#include "core/value.h"

namespace syncgate {

// A unique index of a table beside the one that identifies its rows: what an after-image may
// collide in.
struct UniqueIndex {
  struct Part {
    // Positions in TableShape::columns whose values decide: one, or those that `expression` names.
    std::vector<std::size_t> columns;
    std::uint32_t prefix = 0;  // as KeyPart
    std::string expression;    // empty: the column itself
  };
  std::string index;
  std::vector<Part> parts;
  bool usable = true;  // the server may read by it
  // A part is a column outside the comparison: which values a change will have there is not known,
  // and who owns them cannot be asked. The guard under lock still decides.
  bool opaque = false;

  bool Whole() const {
    return !opaque && std::ranges::all_of(parts, [](const Part& part) {
      return part.expression.empty() && part.prefix == 0;
    });
  }
};

struct TableShape {
  TableName name;
  std::string key_index;             // index forced in every look-up by key
  std::vector<Column> columns;       // compared columns, in the order of row images
  std::vector<std::size_t> key;      // positions in `columns`, in index order
  std::string where;                 // empty: the whole table
  std::string time_zone = "+00:00";  // of the times in `where`: an offset

  // Position of the column of this very name.
  std::optional<std::size_t> Find(const ColumnName& column) const {
    const auto found = std::ranges::find(columns, column, &Column::name);
    if (found == columns.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns.begin());
  }

  // The key cells of a row image.
  Row KeyOf(const Row& image) const {
    Row key_cells;
    key_cells.reserve(key.size());
    for (const auto position : key) key_cells.push_back(image[position]);
    return key_cells;
  }
};

}  // namespace syncgate
