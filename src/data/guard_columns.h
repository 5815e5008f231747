// The part of a row that guards look at: all compared columns but generated ones, which follow from
// the others and would only guard them twice.
#pragma once

#include <vector>

#include "data/table_shape.h"

namespace syncgate {

inline std::vector<Column> GuardColumns(const TableShape& shape) {
  std::vector<Column> columns;
  for (const Column& column : shape.columns) {
    if (!column.generated) columns.push_back(column);
  }
  return columns;
}

inline Row GuardCells(const TableShape& shape, const Row& image) {
  Row cells;
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    if (!shape.columns[i].generated) cells.push_back(image[i]);
  }
  return cells;
}

// Whether two images are the same to a guard. Either may be longer (journal columns behind the
// compared ones).
inline bool GuardEqual(const TableShape& shape, const Row& a, const Row& b) {
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    if (!shape.columns[i].generated && a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace syncgate
