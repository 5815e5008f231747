// The fixture of the property tests: worlds of tables, all steps over them at once, and the laws.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "property/raw_client.h"
#include "property/world.h"
#include "support/flow.h"

namespace syncgate::test {

struct RoundStats {
  std::size_t worlds = 0;
  std::size_t tables = 0;
  std::size_t rows = 0;
  std::size_t differing = 0;       // tables
  std::size_t rows_not_taken = 0;  // by the servers: duplicates, missing parents, CHECKs
  std::map<std::string, std::size_t> refused;  // code -> worlds
  std::size_t Refused() const;
  void Add(const RoundStats& other);
};

// A law that does not hold, and the worlds it is about where that is known.
struct Broken {
  std::string what;
  std::set<std::size_t> suspects;  // positions
};

class PropertyTest : public FlowTest {
 protected:
  void SetUp() override;
  void TearDown() override;

  RawClient& source() { return *source_; }
  RawClient& node() { return *node_; }
  const ServerInfo& server() const { return server_; }

  // Makes the worlds' tables, runs all steps over those that are not refused, and takes the tables
  // away again. The laws: compare tells equal from different; after apply-node the node's rows are
  // the source's, and a second compare finds nothing; after rollback they are what they were; rows
  // of refused tables and of the source never change.
  std::optional<Broken> RunRound(const std::vector<World>& worlds, RoundStats* stats);
  // The same for tables that are there already.
  std::optional<Broken> RunSteps(const std::vector<World>& worlds, RoundStats* stats);

  void Build(const std::vector<World>& worlds, RoundStats* stats);
  void DropTables(const std::vector<World>& worlds);

  // What is broken, told by the smallest case that can be found.
  std::string Explain(const std::vector<World>& worlds, const Broken& broken);

 private:
  struct Dumps {
    std::map<std::string, TableDump> source, node;  // by table
  };

  Dumps DumpAll(const std::vector<World>& worlds);
  std::vector<std::string> TablesOf(const std::vector<World>& worlds,
                                    const std::set<std::size_t>& live) const;
  void WriteTables(const std::vector<std::string>& tables) const;
  // Worlds named in refusals -> the code; from diff.json, or from a step's messages.
  std::map<std::size_t, std::string> RefusedByDiff(std::size_t worlds) const;
  std::map<std::size_t, std::string> RefusedByStep(const StepResult& step,
                                                   std::size_t worlds) const;
  std::optional<Broken> TakeOut(const std::vector<World>& worlds,
                                const std::map<std::size_t, std::string>& refused,
                                const StepResult& step, std::set<std::size_t>* live,
                                RoundStats* stats) const;
  std::optional<World> Smaller(const World& world);
  std::optional<Broken> Alone(const World& world);

  std::unique_ptr<RawClient> source_;
  std::unique_ptr<RawClient> node_;
  ServerInfo server_;
};

}  // namespace syncgate::test
