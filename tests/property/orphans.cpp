#include "property/orphans.h"

namespace syncgate::test {

std::string OrphansOf(const std::string& table, const std::vector<std::string>& columns,
                      const std::vector<std::string>& targets) {
  std::string match;
  std::string refers;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string column = "child." + columns[i];
    match += (match.empty() ? "" : " AND ") + column + " = parent." + targets[i];
    refers += column + " IS NOT NULL AND ";
  }
  const std::string name = Backticked(table);
  return "DELETE child FROM " + name + " AS child LEFT JOIN " + name + " AS parent ON " + match +
         " WHERE " + refers + "parent." + targets[0] + " IS NULL";
}

void DeleteOrphans(RawClient& client, const std::string& delete_orphans) {
  if (delete_orphans.empty()) return;
  client.Run("SET foreign_key_checks = 0");
  do {
    client.Run(delete_orphans);
  } while (client.Column("SELECT ROW_COUNT()").at(0) != "0");
  client.Run("SET foreign_key_checks = 1");
}

}  // namespace syncgate::test
