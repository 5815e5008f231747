// A connection of the tests' own, and the dump that judges: over the client library's C interface,
// sharing no code with what is tested.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "mysql/target.h"

namespace syncgate::test {

// All rows of one table, one text a row, sorted. Values are equal exactly when their texts are:
// strings as bytes in their column's charset, FLOAT and DOUBLE by their bits, ENUM and SET with
// their number, GEOMETRY with its SRID, JSON as the server's text.
using TableDump = std::vector<std::string>;

class RawClient {
 public:
  // As `target` says, without TLS. Data may be anything that the types can hold: not strict,
  // invalid dates allowed. Throws std::runtime_error.
  explicit RawClient(const MysqlTarget& target);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // The server's error number; 0: it was done.
  unsigned Try(const std::string& sql);
  // Throws when the server refuses.
  void Run(const std::string& sql);
  std::string LastError() const;
  // Text of the first column of each row; throws when the server refuses.
  std::vector<std::string> Column(const std::string& sql);

  TableDump Dump(const std::string& table);

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

// `name` in backticks.
std::string Backticked(const std::string& name);
std::string HexOf(const std::string& bytes);

// What one dump has and the other has not; empty where they are equal.
std::string Difference(const TableDump& wanted, const TableDump& found);

}  // namespace syncgate::test
