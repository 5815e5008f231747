// Asserts that the plan holds on a node: rows, files, services, the team's functional test.
#pragma once

#include "artifact/documents.h"
#include "common/options.h"
#include "config/node_host.h"
#include "core/result.h"
#include "node/planned_node.h"

namespace syncgate {

class Verifier {
 public:
  Verifier(const CommonOptions& options, const PlannedNode& planned)
      : options_(options), planned_(planned) {}

  // Runs every check, writes verdict-<node>.json with `receipt` among its inputs. kVerification
  // "verification-failed" where one did not pass; other errors where the checks could not be made.
  Result<void> Run(const FileRef& receipt);

 private:
  Result<void> CheckRows();
  Result<void> CheckConfigs();
  Result<void> RunTest();
  void Add(CheckOutcome outcome);

  const CommonOptions& options_;
  const PlannedNode& planned_;
  VerdictDoc verdict_;
};

}  // namespace syncgate
