#include "data/order.h"

#include <algorithm>

namespace syncgate {

Result<std::vector<std::size_t>> ParentsFirst(const std::vector<TableName>& tables,
                                              const std::vector<std::vector<TableName>>& parents) {
  std::vector<std::size_t> order;
  std::vector<bool> placed(tables.size(), false);
  const auto ready = [&](std::size_t child) {
    return std::ranges::all_of(parents[child], [&](const TableName& parent) {
      const auto found = std::ranges::find(tables, parent);
      if (found == tables.end() || *found == tables[child]) return true;
      return static_cast<bool>(placed[static_cast<std::size_t>(found - tables.begin())]);
    });
  };
  while (order.size() < tables.size()) {
    const std::size_t before = order.size();
    for (std::size_t i = 0; i < tables.size(); ++i) {
      if (placed[i] || !ready(i)) continue;
      placed[i] = true;
      order.push_back(i);
    }
    if (order.size() != before) continue;
    std::string names;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      if (!placed[i]) names += (names.empty() ? "" : ", ") + tables[i].str();
    }
    return Fail(ErrorKind::kRefused, "foreign-key-cycle",
                "the foreign keys of these tables form a cycle: " + names,
                "plan them in separate runs with --tables");
  }
  return order;
}

}  // namespace syncgate
