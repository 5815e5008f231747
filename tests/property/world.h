// A world: a table, or some tied by foreign keys, with the rows of both sides; all from one seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/sql_session.h"

namespace syncgate::test {

using Literals = std::vector<std::string>;  // of one row

struct TablePlan {
  std::string name;
  std::string create;
  std::vector<std::string> columns;  // that rows are inserted with
  std::vector<Literals> source;
  std::vector<Literals> node;
  // Deletes rows that refer to no row of this table; empty where it does not refer to itself.
  std::string delete_orphans;
  bool refers_by_text = false;  // some foreign key is over texts

  std::string Insert(const Literals& row) const;
};

struct World {
  std::uint64_t seed = 0;
  std::vector<TablePlan> tables;  // parents first

  // For a report: seed, definitions, rows.
  std::string Describe() const;
};

// `number` makes table names unique among worlds that share a database; it changes nothing else.
World MakeWorld(std::uint64_t seed, std::size_t number, const ServerInfo& server);

// How every table name of this world begins; no other name does.
std::string NameMark(std::size_t number);

}  // namespace syncgate::test
