// Every pair of tables with few rows over a small alphabet, exhaustively: all swaps and cycles of
// unique values that there are. All pairs stand in one table, kept apart by a column `world` in
// front of every key, so that one run of the steps moves them all.
#include <algorithm>
#include <cctype>

#include "property/property_test.h"

namespace syncgate::test {
namespace {

struct SmallColumn {
  std::string name;
  std::string ddl;
  std::vector<std::string> values;  // literals; equal ones, by collation, when equal without case
};

struct Alphabet {
  std::string name;
  std::vector<SmallColumn> columns;  // each unique within its world; the first is the key
  std::size_t rows;                  // at most
};
void PrintTo(const Alphabet& alphabet, std::ostream* out) { *out << alphabet.name; }

using State = std::vector<Literals>;

bool Meet(const Literals& one, const Literals& other) {
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (one[i] == "NULL") continue;
    if (std::ranges::equal(one[i], other[i],
                           [](char a, char b) { return std::tolower(a) == std::tolower(b); })) {
      return true;
    }
  }
  return false;
}

std::vector<Literals> AllRows(const Alphabet& alphabet) {
  std::vector<Literals> rows = {{}};
  for (const SmallColumn& column : alphabet.columns) {
    std::vector<Literals> longer;
    for (const Literals& row : rows) {
      for (const auto& value : column.values) {
        longer.push_back(row);
        longer.back().push_back(value);
      }
    }
    rows = std::move(longer);
  }
  return rows;
}

// All sets of rows that one table can hold.
void AddStates(const std::vector<Literals>& rows, std::size_t first, std::size_t more,
               const State& state, std::vector<State>* states) {
  states->push_back(state);
  if (more == 0) return;
  for (std::size_t i = first; i < rows.size(); ++i) {
    const bool met =
        std::ranges::any_of(state, [&](const Literals& row) { return Meet(row, rows[i]); });
    if (met) continue;
    State larger = state;
    larger.push_back(rows[i]);
    AddStates(rows, i + 1, more - 1, larger, states);
  }
}

class SmallWorlds : public PropertyTest, public testing::WithParamInterface<Alphabet> {
 protected:
  static constexpr char kTable[] = "w0_t";

  void Make(const Alphabet& alphabet) {
    std::string sql = std::string("CREATE TABLE ") + kTable + " (world INT NOT NULL";
    for (const SmallColumn& column : alphabet.columns) sql += ", " + column.name + " " + column.ddl;
    for (const SmallColumn& column : alphabet.columns) {
      sql += (&column == alphabet.columns.data() ? ", PRIMARY KEY (world, " : ", UNIQUE (world, ") +
             column.name + ")";
    }
    source().Run(sql + ")");
    node().Run(sql + ")");
  }

  static void Fill(RawClient& client, const std::vector<const State*>& worlds) {
    std::string values;
    const auto flush = [&] {
      if (!values.empty()) client.Run(std::string("INSERT INTO ") + kTable + " VALUES " + values);
      values.clear();
    };
    for (std::size_t world = 0; world < worlds.size(); ++world) {
      for (const Literals& row : *worlds[world]) {
        values += (values.empty() ? "(" : ",(") + std::to_string(world);
        for (const auto& cell : row) values += "," + cell;
        values += ")";
      }
      if (values.size() > 100'000) flush();
    }
    flush();
  }
};

TEST_P(SmallWorlds, EveryPairTravelsThereAndBack) {
  const Alphabet& alphabet = GetParam();
  std::vector<State> states;
  AddStates(AllRows(alphabet), 0, alphabet.rows, {}, &states);
  std::vector<const State*> sources;
  std::vector<const State*> nodes;
  for (const State& one : states) {
    for (const State& other : states) {
      sources.push_back(&one);
      nodes.push_back(&other);
    }
  }
  Make(alphabet);
  Fill(source(), sources);
  Fill(node(), nodes);
  World world;
  world.tables.emplace_back();
  world.tables[0].name = kTable;
  RoundStats stats;
  const auto broken = RunSteps({world}, &stats);
  std::printf("%zu states, %zu pairs\n", states.size(), sources.size());
  EXPECT_FALSE(broken) << broken->what.substr(0, 10'000);
  EXPECT_TRUE(stats.refused.empty()) << "refused: " << stats.refused.begin()->first;
}

const SmallColumn kId = {"id", "INT NOT NULL", {"1", "2", "3"}};
const SmallColumn kNumber = {"a", "INT NOT NULL", {"1", "2", "3"}};

INSTANTIATE_TEST_SUITE_P(
    Every, SmallWorlds,
    testing::Values(
        Alphabet{"TwoUniqueColumns", {kId, kNumber, {"b", "INT NULL", {"NULL", "1"}}}, 3},
        Alphabet{"TwoRowsOfTwo",
                 {{"id", "INT NOT NULL", {"1", "2"}},
                  {"a", "INT NOT NULL", {"1", "2", "3"}},
                  {"b", "INT NULL", {"NULL", "1", "2"}}},
                 2},
        Alphabet{"TextInAnyCase",
                 {{"k", "VARCHAR(5) NOT NULL", {"'a'", "'A'", "'b'"}},
                  {"u", "VARCHAR(5) NULL", {"NULL", "'x'", "'X'", "'y'"}}},
                 2}),
    [](const auto& given) { return given.param.name; });

INSTANTIATE_TEST_SUITE_P(
    FullEvery, SmallWorlds,
    testing::Values(
        Alphabet{"TwoUniqueColumns", {kId, kNumber, {"b", "INT NULL", {"NULL", "1", "2"}}}, 3},
        Alphabet{"TextInAnyCase",
                 {{"k", "VARCHAR(5) NOT NULL", {"'a'", "'A'", "'b'", "'B'", "'c'"}},
                  {"u", "VARCHAR(5) NULL", {"NULL", "'x'", "'X'", "'y'", "'z'"}}},
                 2}),
    [](const auto& given) { return given.param.name; });

}  // namespace
}  // namespace syncgate::test
