#include "property/property_test.h"

#include <algorithm>
#include <stdexcept>

#include "property/orphans.h"

namespace syncgate::test {
namespace {

// What syncgate may say no to, by name. Anything else has to be done.
const std::set<std::string> kRefusals = {
    "table-no-key",           "key-unsupported",     "unique-owned",
    "unique-cycle-too-large", "row-is-referenced",   "unique-cycle-stuck",
    "unique-key-unsupported", "foreign-key-cycle",   "foreign-key-row-cycle",
    "delete-cascades",        "key-change-cascades", "row-too-large",
    "charset-mismatch",       "value-not-storable",  "generated-differs",
    "json-not-writable",
};

// A server's reasons not to take a row: duplicate, no parent, CHECK (both flavours), a generated
// column out of range, no partition.
bool MayBeRejected(unsigned error) {
  static const std::set<unsigned> kErrors = {1062, 1452, 3819, 4025, 1690, 1264, 1526};
  return kErrors.contains(error);
}

std::string YamlText(const std::string& text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string yaml = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      yaml += std::string("\\") + c;
    } else if (c >= 0 && c < 0x20) {
      yaml += std::string("\\x") + kDigits[c >> 4] + kDigits[c & 15];
    } else {
      yaml += c;
    }
  }
  return yaml + "\"";
}

std::string Said(const StepResult& step) {
  return "exit " + std::to_string(step.exit_code) + " signal " + std::to_string(step.signal) +
         "\n" + step.err.substr(0, 3000);
}

// The world whose table a text names.
std::optional<std::size_t> WorldNamedIn(const std::string& text, std::size_t worlds) {
  for (std::size_t number = 0; number < worlds; ++number) {
    const auto at = text.find(NameMark(number));
    if (at == std::string::npos) continue;
    if (at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0) return number;
  }
  return std::nullopt;
}

// Which texts a foreign key takes for equal only a server knows; generate-sql orders by case and
// padding, and leaves the rest (accents, ignorable characters) to the guard.
bool OrderMayMiss(const World& world, const std::string& code) {
  return code == "foreign-key" && std::ranges::any_of(world.tables, &TablePlan::refers_by_text);
}

}  // namespace

std::size_t RoundStats::Refused() const {
  std::size_t sum = 0;
  for (const auto& [code, count] : refused) sum += count;
  return sum;
}

void RoundStats::Add(const RoundStats& other) {
  worlds += other.worlds;
  tables += other.tables;
  rows += other.rows;
  differing += other.differing;
  rows_not_taken += other.rows_not_taken;
  for (const auto& [code, count] : other.refused) refused[code] += count;
}

void PropertyTest::SetUp() {
  FlowTest::SetUp();
  if (!ready()) return;
  source_ = std::make_unique<RawClient>(Target(Server::kSource, Account::kAdmin));
  node_ = std::make_unique<RawClient>(Target(Server::kNode1, Account::kAdmin));
  server_ = Connect()->server();
}

void PropertyTest::TearDown() {
  source_.reset();
  node_.reset();
  FlowTest::TearDown();
}

void PropertyTest::Build(const std::vector<World>& worlds, RoundStats* stats) {
  for (RawClient* client : {source_.get(), node_.get()}) {
    for (const World& world : worlds) {
      for (const TablePlan& table : world.tables) {
        if (client->Try(table.create) != 0) {
          throw std::runtime_error(client->LastError() + "\n" + world.Describe());
        }
      }
      client->Run("START TRANSACTION");
      for (const TablePlan& table : world.tables) {
        for (const Literals& row : client == source_.get() ? table.source : table.node) {
          const unsigned error = client->Try(table.Insert(row));
          ++(error == 0 ? stats->rows : stats->rows_not_taken);
          if (error == 0 || MayBeRejected(error)) continue;
          throw std::runtime_error(client->LastError() + "\n" + table.Insert(row) + "\n" +
                                   world.Describe());
        }
      }
      for (const TablePlan& table : world.tables) DeleteOrphans(*client, table.delete_orphans);
      client->Run("COMMIT");
    }
  }
  for (const World& world : worlds) stats->tables += world.tables.size();
  stats->worlds += worlds.size();
}

void PropertyTest::DropTables(const std::vector<World>& worlds) {
  for (RawClient* client : {source_.get(), node_.get()}) {
    client->Run("SET foreign_key_checks = 0");
    for (const World& world : worlds) {
      for (const TablePlan& table : world.tables) {
        client->Run("DROP TABLE IF EXISTS " + Backticked(table.name));
      }
    }
    client->Run("SET foreign_key_checks = 1");
  }
}

PropertyTest::Dumps PropertyTest::DumpAll(const std::vector<World>& worlds) {
  Dumps dumps;
  for (const World& world : worlds) {
    for (const TablePlan& table : world.tables) {
      dumps.source[table.name] = source_->Dump(table.name);
      dumps.node[table.name] = node_->Dump(table.name);
    }
  }
  return dumps;
}

std::vector<std::string> PropertyTest::TablesOf(const std::vector<World>& worlds,
                                                const std::set<std::size_t>& live) const {
  std::vector<std::string> tables;
  for (const std::size_t world : live) {
    for (const TablePlan& table : worlds[world].tables) tables.push_back(table.name);
  }
  return tables;
}

void PropertyTest::WriteTables(const std::vector<std::string>& tables) const {
  std::string yaml = "tables:\n";
  for (const auto& table : tables) yaml += "  " + YamlText(table) + ": {deletes: true}\n";
  ProjectParts parts;
  parts.ssh = false;
  parts.node2 = false;
  WriteProject(yaml + "limits: {changes: 1000000, deletes: 1000000}", "", parts);
}

std::map<std::size_t, std::string> PropertyTest::RefusedByDiff(std::size_t worlds) const {
  std::map<std::size_t, std::string> refused;
  const auto diff = ReadArtifact("diff.json");
  for (const auto& node : diff.at("nodes").as_array()) {
    for (const auto& table : node.at("tables").as_array()) {
      for (const auto& diagnostic : table.at("diagnostics").as_array()) {
        if (diagnostic.at("severity").as_string() != "refusal") continue;
        const std::string name(table.at("table").as_string());
        const auto world = WorldNamedIn(name, worlds);
        if (world) refused.emplace(*world, diagnostic.at("code").as_string());
      }
    }
  }
  return refused;
}

std::map<std::size_t, std::string> PropertyTest::RefusedByStep(const StepResult& step,
                                                               std::size_t worlds) const {
  std::map<std::size_t, std::string> refused;
  std::istringstream lines(step.err);
  for (std::string line; std::getline(lines, line);) {
    const auto open = line.find(" [");
    const auto close = line.find("] ", open);
    if (open == std::string::npos || close == std::string::npos) continue;
    const auto world = WorldNamedIn(line, worlds);
    if (world) refused.emplace(*world, line.substr(open + 2, close - open - 2));
  }
  return refused;
}

std::optional<Broken> PropertyTest::TakeOut(const std::vector<World>& worlds,
                                            const std::map<std::size_t, std::string>& refused,
                                            const StepResult& step, std::set<std::size_t>* live,
                                            RoundStats* stats) const {
  bool fewer = false;
  for (const auto& [world, code] : refused) {
    if (!kRefusals.contains(code) && !OrderMayMiss(worlds[world], code)) {
      return Broken{"refused for a reason that is none: " + code + "\n" + Said(step), {world}};
    }
    if (live->erase(world) == 0) continue;
    fewer = true;
    ++stats->refused[code];
  }
  if (!fewer) return Broken{"refused, and no table is named\n" + Said(step), {}};
  return std::nullopt;
}

std::optional<Broken> PropertyTest::RunRound(const std::vector<World>& worlds, RoundStats* stats) {
  Build(worlds, stats);
  auto broken = RunSteps(worlds, stats);
  DropTables(worlds);
  return broken;
}

std::optional<Broken> PropertyTest::RunSteps(const std::vector<World>& worlds, RoundStats* stats) {
  const Dumps before = DumpAll(worlds);
  std::set<std::size_t> live;
  for (std::size_t i = 0; i < worlds.size(); ++i) live.insert(i);
  Remove("syncgate-artifacts");
  Remove("after");

  StepResult step;
  const auto differences = [&](const char* when, const Dumps& now,
                               bool applied) -> std::optional<Broken> {
    Broken broken;
    for (std::size_t i = 0; i < worlds.size(); ++i) {
      for (const TablePlan& table : worlds[i].tables) {
        const bool moved = applied && live.contains(i);
        const auto& wanted = (moved ? before.source : before.node).at(table.name);
        const std::string wrong =
            Difference(wanted, now.node.at(table.name)) +
            Difference(before.source.at(table.name), now.source.at(table.name));
        if (wrong.empty()) continue;
        broken.what += "table " + table.name + " " + when + ":\n" + wrong;
        broken.suspects.insert(i);
      }
    }
    if (broken.what.empty()) return std::nullopt;
    return broken;
  };
  const auto failed = [&](const std::string& name) {
    Broken broken{name + ": " + Said(step), {}};
    for (const auto& [world, code] : RefusedByStep(step, worlds.size())) {
      broken.suspects.insert(world);
    }
    return broken;
  };

  for (bool decided = false; !decided && !live.empty();) {
    WriteTables(TablesOf(worlds, live));
    step = Step({"compare", "--node", "node1", "--detailed-exitcode"});
    if (step.exit_code == 3) {
      if (auto broken = TakeOut(worlds, RefusedByDiff(worlds.size()), step, &live, stats))
        return broken;
      continue;
    }
    if (step.exit_code != 0 && step.exit_code != 2) return Broken{"compare: " + Said(step), {}};
    const bool says_differs = step.exit_code == 2;
    step = Step({"generate-sql"});
    if (step.exit_code == 3) {
      const auto refused = RefusedByStep(step, worlds.size());
      if (auto broken = TakeOut(worlds, refused, step, &live, stats)) return broken;
      continue;
    }
    if (step.exit_code != 0) return Broken{"generate-sql: " + Said(step), {}};
    decided = true;
    std::set<std::size_t> differing;
    for (const std::size_t world : live) {
      for (const TablePlan& table : worlds[world].tables) {
        if (before.source.at(table.name) == before.node.at(table.name)) continue;
        differing.insert(world);
        ++stats->differing;
      }
    }
    if (says_differs == differing.empty()) {
      return Broken{"compare tells equal from different wrongly", differing};
    }
    step = Step({"apply-node", "--node", "node1"});
    if (step.exit_code == 3) {
      if (auto broken = differences("after a refusal", DumpAll(worlds), false)) return broken;
      const auto refused = RefusedByStep(step, worlds.size());
      if (auto broken = TakeOut(worlds, refused, step, &live, stats)) return broken;
      stats->differing = 0;
      decided = false;
      continue;
    }
    if (step.exit_code != 0) return failed("apply-node");
  }
  if (live.empty()) return std::nullopt;

  if (auto broken = differences("after apply-node", DumpAll(worlds), true)) return broken;
  step = Step({"compare", "--node", "node1", "--detailed-exitcode", "--artifacts", "after"});
  if (step.exit_code != 0) return failed("the second compare");
  step = Step({"rollback", "--node", "node1"});
  if (step.exit_code != 0) return failed("rollback");
  return differences("after rollback", DumpAll(worlds), false);
}

std::optional<Broken> PropertyTest::Alone(const World& world) {
  RoundStats ignored;
  std::vector<World> one = {world};
  return RunRound(one, &ignored);
}

// The world with fewer rows that still breaks a law.
std::optional<World> PropertyTest::Smaller(const World& world) {
  World smallest = world;
  int left = 60;  // attempts
  bool found = false;
  for (std::size_t t = 0; t < smallest.tables.size(); ++t) {
    for (auto rows : {&TablePlan::source, &TablePlan::node}) {
      for (std::size_t row = (smallest.tables[t].*rows).size(); row-- > 0 && left > 0; --left) {
        World candidate = smallest;
        auto& list = candidate.tables[t].*rows;
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(row));
        if (!Alone(candidate)) continue;
        smallest = std::move(candidate);
        found = true;
      }
    }
  }
  if (!found) return std::nullopt;
  return smallest;
}

std::string PropertyTest::Explain(const std::vector<World>& worlds, const Broken& broken) {
  // For SYNCGATE_TEST_KEEP: what the attempts below write over.
  Shell("mkdir broken && cp -r syncgate-artifacts syncgate.yml broken");
  std::string text;
  constexpr std::size_t kTold = 5;
  std::size_t told = 0;
  for (std::size_t i = 0; i < worlds.size() && told < kTold; ++i) {
    if (!broken.suspects.empty() && !broken.suspects.contains(i)) continue;
    // Alone it is number 0 of its round.
    World world = MakeWorld(worlds[i].seed, 0, server_);
    if (!Alone(world)) continue;
    ++told;
    if (auto smaller = Smaller(world)) world = std::move(*smaller);
    const auto again = Alone(world);
    text += "\n" + world.Describe() + (again ? again->what : "(not again)") + "\n";
  }
  Shell("rm -f .run*.err");  // of all the attempts; Broken holds what matters
  if (told > 0) return text;
  text = broken.what + "\nNo world breaks a law alone. Seeds:";
  for (const World& world : worlds) text += " " + std::to_string(world.seed);
  return text;
}

}  // namespace syncgate::test
