#include "generate-sql/change_values.h"

#include <algorithm>

#include "core/digest.h"

namespace syncgate {
std::optional<std::vector<std::size_t>> PositionsOf(const TableShape& shape,
                                                    const std::vector<ColumnName>& names) {
  std::vector<std::size_t> positions;
  for (const ColumnName& name : names) {
    const auto position = shape.Find(name);
    if (!position) return std::nullopt;
    positions.push_back(*position);
  }
  return positions;
}

bool Differ(const RowChange& change, const std::vector<std::size_t>& positions) {
  return std::ranges::any_of(positions, [&](std::size_t position) {
    return (*change.before)[position] != (*change.after)[position];
  });
}

Token TokenOf(std::uint64_t scope, const Row& cells) {
  DigestBuilder digest;
  digest.Add(std::to_string(scope));
  for (const Cell& cell : cells) {
    digest.Add(cell ? "," + std::to_string(cell->size()) + ":" : ",N");
    if (cell) digest.Add(*cell);
  }
  return std::stoull(digest.Finish().hex().substr(0, 16), nullptr, 16);
}

std::optional<Row> ValuesOf(const std::optional<Row>& image,
                            const std::vector<std::size_t>& columns) {
  if (!image) return std::nullopt;
  Row values;
  for (const auto column : columns) {
    if (!(*image)[column]) return std::nullopt;
    values.push_back((*image)[column]);
  }
  return values;
}

Row Folded(const TableShape& shape, const std::vector<std::size_t>& columns, Row values) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const ColumnKind kind = shape.columns[columns[i]].kind;
    if (kind != ColumnKind::kText && kind != ColumnKind::kEnum) continue;
    std::string& text = *values[i];
    while (text.ends_with(' ')) text.pop_back();
    std::ranges::transform(text, text.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
  }
  return values;
}

}  // namespace syncgate
