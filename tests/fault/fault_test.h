// The fixture of the fault tests: two tables that differ by rows of every kind, in several batches
// each, and the expectations that hold whatever happened on the way.
#pragma once

#include <string>

#include "support/flow.h"

namespace syncgate::test {

// What Seed() makes differ between source and nodes.
inline constexpr int kUpdates = 1300;  // rules 1..700, links 1..600
inline constexpr int kInserts = 700;   // rules 2001..2600, links 2001..2100
inline constexpr int kDeletes = 600;   // rules 3001..3600
inline constexpr int kChanges = kUpdates + kInserts + kDeletes;
// rules: 2 batches of deletes, 2 of updates, 2 of inserts; links: 2 of updates, 1 of inserts.
inline constexpr int kBatches = 9;

class FaultTest : public FlowTest {
 protected:
  // Tables, rows, syncgate.yml, and with `config` a dotenv file on node1. Without
  // `ssh` the nodes are reached directly, which is quicker.
  void Seed(bool config = false, bool ssh = true) const;
  // Seed, compare and generate-sql; the artifacts are kept aside for FreshArtifacts. False: the
  // test has failed.
  bool Plan(bool config = false, bool ssh = true);
  // The artifacts as generate-sql left them.
  void FreshArtifacts() const;

  StepResult Apply(const Environment& environment = {},
                   const std::vector<std::string>& more = {}) const;
  StepResult Rollback(const Environment& environment = {},
                      const std::vector<std::string>& more = {}) const;
  static Environment Fault(const std::string& point, int number, const std::string& action);
  // The action that runs SQL on a server by its own client.
  std::string Sql(Server server, const std::string& sql) const {
    return ClientCommand(server, sql);
  }

  // The number of the first batch that does this ("insert", "update", "delete") to a table.
  int BatchOf(const std::string& table, const std::string& kind) const;
  // The action that ends, as an administrator would, the connections to node1 that syncgate writes
  // through.
  std::string KillConnections() const;

  // What is on node1: all of both tables, and the config file.
  std::string State() const;
  // The compared columns of both tables, readable by the client only.
  std::string Compared(Server server) const;

  // node1 is where the plan wants it, and the receipt counts `moved` and `already` rows.
  void ExpectApplied(int moved = kChanges, int already = 0) const;
  std::string TargetState(const std::string& receipt = "receipt-node1.json") const;
  std::string ReceiptText(const std::string& receipt = "receipt-node1.json") const {
    return ReadText(ArtifactPath(receipt));
  }

  std::string before;  // State() after Plan()

 private:
  bool config_ = false;
};

}  // namespace syncgate::test
