#include "hazards/column_types.h"

#include <set>

namespace syncgate::test {
namespace {

std::string Rows(int first, const std::vector<std::string>& rows, std::size_t shift) {
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += (text.empty() ? "(" : ",(") + std::to_string(first + static_cast<int>(i)) + "," +
            rows[(i + shift) % rows.size()] + ")";
  }
  return text;
}

}  // namespace

void ColumnTypes::Fill(const std::string& table, const TypeCase& type) const {
  const auto insert = [&](Server server, const std::string& rows) {
    Run(server, "INSERT INTO " + table + " VALUES " + rows);
  };
  RunEverywhere("CREATE TABLE " + table + " (id INT PRIMARY KEY, " + type.columns + ")");
  const std::string alike = Rows(4000, type.rows, 0);
  insert(Server::kSource, Rows(1000, type.rows, 0) + "," + Rows(2000, type.rows, 0) + "," + alike);
  insert(Server::kNode1, Rows(1000, type.rows, 1) + "," + Rows(3000, type.rows, 0) + "," + alike);
}

void ColumnTypes::Travel(const std::vector<TypeCase>& cases) const {
  std::string project;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string table = "t" + std::to_string(i);
    SCOPED_TRACE(cases[i].columns.substr(0, 200));
    ASSERT_GE(cases[i].rows.size(), 2U);
    ASSERT_EQ(std::set(cases[i].rows.begin(), cases[i].rows.end()).size(), cases[i].rows.size());
    Fill(table, cases[i]);
    project += (i > 0 ? "\n  " : "") + table + ": {deletes: true}";
  }
  Project(project);
  ThereAndBack();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto rows = static_cast<int>(cases[i].rows.size());
    EXPECT_EQ(Counted("t" + std::to_string(i)), (RowCounts{rows, rows, rows}))
        << cases[i].columns.substr(0, 200);
  }
}

}  // namespace syncgate::test
