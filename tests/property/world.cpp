#include "property/world.h"

#include <algorithm>

#include "property/raw_client.h"
#include "property/table_maker.h"

namespace syncgate::test {
namespace {

std::string Shortened(const std::string& text) {
  return text.size() <= 300 ? text : text.substr(0, 300) + "...";
}

}  // namespace

std::string TablePlan::Insert(const Literals& row) const {
  std::string names;
  std::string values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    names += (i == 0 ? "" : ", ") + Backticked(columns[i]);
    values += (i == 0 ? "" : ", ") + row[i];
  }
  return "INSERT INTO " + Backticked(name) + " (" + names + ") VALUES (" + values + ")";
}

std::string World::Describe() const {
  std::string text = "-- SYNCGATE_PROPERTY_SEED=" + std::to_string(seed) + "\n";
  for (const TablePlan& table : tables) {
    text += table.create + ";\n";
    for (const auto* rows : {&table.source, &table.node}) {
      text += rows == &table.source ? "-- rows of the source\n" : "-- rows of the node\n";
      for (const Literals& row : *rows) text += Shortened(table.Insert(row)) + ";\n";
    }
  }
  return text;
}

std::string NameMark(std::size_t number) { return "w" + std::to_string(number) + "_"; }

World MakeWorld(std::uint64_t seed, std::size_t number, const ServerInfo& server) {
  Dice dice(seed);
  World world;
  world.seed = seed;
  const std::size_t kind = dice.Below(100);
  TableMaker maker(dice, server);
  if (kind < 72) {
    world.tables.push_back(maker.Alone(NameMark(number) + "a"));
  } else if (kind < 84) {
    world.tables.push_back(maker.OntoItself(NameMark(number) + "a"));
  } else {
    world.tables.push_back(maker.Parent(NameMark(number) + "p"));
    world.tables.push_back(maker.Child(NameMark(number) + "c"));
    if (kind >= 95) world.tables.push_back(maker.Child(NameMark(number) + "d"));
  }
  return world;
}

}  // namespace syncgate::test
