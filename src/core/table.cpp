#include "core/table.h"

#include <strings.h>

namespace syncgate {

std::optional<std::size_t> TableDef::FindColumn(const ColumnName& column) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (strcasecmp(columns[i].name.str().c_str(), column.str().c_str()) == 0) return i;
  }
  return std::nullopt;
}

}  // namespace syncgate
