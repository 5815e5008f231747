// The configuration half of apply-node and rollback: the files of one node, moved and taken back.
#pragma once

#include <memory>
#include <vector>

#include "artifact/documents.h"
#include "artifact/journal.h"
#include "config/node_host.h"
#include "config/target.h"
#include "core/result.h"

namespace syncgate {

class ConfigWork {
 public:
  // `host` and `plan` must outlive this.
  ConfigWork(NodeHost& host, const NodePlan& plan, const Digest& plan_digest);

  // The first pass: kRefused "config-drift" and the like where a file stands at neither end.
  // Nothing is written.
  Result<void> Look();

  // Moves every file, journals it. outcomes() says how far it came.
  Result<void> Move(Journal& journal);

  // Restarts the services of the files that this plan moved, in this run or in an earlier one that
  // did not end
  // (`unfinished`).
  Result<void> Restart(bool unfinished);

  // Takes back what this plan moved (a file at its end, with this plan's backup beside it), in
  // reverse order; with `dry_run` only says so in outcomes().
  Result<void> Undo(Journal* journal, bool dry_run);

  const std::vector<ConfigOutcome>& outcomes() const { return outcomes_; }
  bool wrote() const { return wrote_; }

 private:
  ConfigMove MoveOf(const PlannedConfig& config) const;

  NodeHost& host_;
  const NodePlan& plan_;
  const Digest& plan_digest_;
  std::vector<ConfigOutcome> outcomes_;  // beside NodePlan::configs
  bool wrote_ = false;
};

}  // namespace syncgate
