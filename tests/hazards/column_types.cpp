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

std::string ColumnTypes::Statements(Server server, const std::string& table, const TypeCase& type) {
  std::string rows = Rows(4000, type.rows, 0);
  if (server == Server::kSource) {
    rows += "," + Rows(1000, type.rows, 0) + "," + Rows(2000, type.rows, 0);
  } else {
    rows += "," + Rows(1000, type.rows, 1) + "," + Rows(3000, type.rows, 0);
  }
  return "CREATE TABLE " + table + " (id INT PRIMARY KEY, " + type.columns + ");\nINSERT INTO " +
         table + " VALUES " + rows + ";\n";
}

void ColumnTypes::Travel(const std::vector<TypeCase>& cases) const {
  std::string project;
  // By the database's own client, in a mode that takes every value but alters none.
  const std::string mode =
      "SET sql_mode = 'STRICT_ALL_TABLES,ALLOW_INVALID_DATES', time_zone = '+00:00';\n";
  std::string source = mode;
  std::string node = mode;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string table = "t" + std::to_string(i);
    SCOPED_TRACE(cases[i].columns.substr(0, 200));
    ASSERT_GE(cases[i].rows.size(), 2U);
    ASSERT_EQ(std::set(cases[i].rows.begin(), cases[i].rows.end()).size(), cases[i].rows.size());
    source += Statements(Server::kSource, table, cases[i]);
    node += Statements(Server::kNode1, table, cases[i]);
    project += (i > 0 ? "\n  " : "") + table + ": {deletes: true}";
  }
  Client(Server::kSource, source);
  Client(Server::kNode1, node);
  Project(project);
  ThereAndBack();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto rows = static_cast<int>(cases[i].rows.size());
    EXPECT_EQ(Counted("t" + std::to_string(i)), (RowCounts{rows, rows, rows}))
        << cases[i].columns.substr(0, 200);
  }
}

}  // namespace syncgate::test
