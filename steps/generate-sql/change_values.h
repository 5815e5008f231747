// The values of some columns of a change, as tokens that can be looked up.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/change.h"
#include "data/table_shape.h"

namespace syncgate {

// Positions of all the columns in the shape, or none where one is not compared.
std::optional<std::vector<std::size_t>> PositionsOf(const TableShape& shape,
                                                    const std::vector<ColumnName>& names);

// Whether an update changes one of the columns.
bool Differ(const RowChange& change, const std::vector<std::size_t>& positions);

// The values of some columns of an image; nullopt where one is NULL: it refers to nothing.
std::optional<Row> ValuesOf(const std::optional<Row>& image,
                            const std::vector<std::size_t>& columns);

// Texts as most collations see them, without case and trailing spaces: a foreign key may refer to
// 'a' as 'A '. One that tells them apart gets an order that need not be.
Row Folded(const TableShape& shape, const std::vector<std::size_t>& columns, Row values);

// A value of several cells, short. Two values that meet by chance only add an order that need not
// be, or let a conflict through to the guard.
using Token = std::uint64_t;
Token TokenOf(std::uint64_t scope, const Row& cells);

}  // namespace syncgate
