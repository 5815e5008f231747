// Values of many column types through every kind of change.
#pragma once

#include <string>
#include <vector>

#include "hazards/hazard_test.h"

namespace syncgate::test {

// One table: the columns behind `id INT PRIMARY KEY, `, and its rows as VALUES lists behind the id.
// Rows must all differ.
struct TypeCase {
  std::string columns;
  std::vector<std::string> rows;
};

// "v TYPE", and a row for each value.
inline TypeCase Values(const std::string& type, std::vector<std::string> values) {
  return {"v " + type, std::move(values)};
}

class ColumnTypes : public HazardTest {
 protected:
  // A table for each case. Every row is inserted, deleted, updated to the next one and left alone
  // once; rollback takes all of it back. What is left alone must not be reported.
  void Travel(const std::vector<TypeCase>& cases) const;

 private:
  static std::string Statements(Server server, const std::string& table, const TypeCase& type);
};

}  // namespace syncgate::test
