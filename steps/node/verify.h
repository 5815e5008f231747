// Asserts that the plan holds on a node: rows, files, services, the team's functional test.
#pragma once

#include <vector>

#include "artifact/documents.h"
#include "common/options.h"
#include "config/node_host.h"
#include "core/result.h"
#include "node/hidden_texts.h"
#include "node/planned_node.h"
#include "node/probes.h"

namespace syncgate {

class Verifier {
 public:
  Verifier(const CommonOptions& options, const PlannedNode& planned)
      : options_(options), planned_(planned), hidden_(planned) {}

  // Runs every check and writes verdict-<node>.json, with `receipt` among its inputs, and the same
  // as JUnit; also where the checks were stopped or could not all be made. An unfinished verdict
  // stands there from the start: whatever happens to this run, an older one that passed no longer
  // speaks for the node. kVerification "verification-failed" where a check did not pass;
  // its message names the first one. Narrowed or dry runs write nothing.
  Result<void> Run(const FileRef& receipt);

 private:
  Result<void> Begin();
  Result<void> RunChecksInOrder();
  Result<void> CheckRows();
  Result<void> CheckConfigs();
  Result<void> CheckConfig(const PlannedConfig& config, NodeHost& host, SqlProbe& sql);
  void Add(CheckOutcome outcome);
  void Conclude(const Result<void>& made);
  bool Writes() const;
  Result<void> Write();

  const CommonOptions& options_;
  const PlannedNode& planned_;
  VerdictDoc verdict_;
  HiddenTexts hidden_;  // must show in no detail
};

}  // namespace syncgate
