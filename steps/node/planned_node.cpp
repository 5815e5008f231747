#include "node/planned_node.h"

#include <algorithm>

#include "artifact/document_io.h"
#include "artifact/plan_digest.h"
#include "common/specs.h"

namespace syncgate {

Result<PlannedNode> LoadPlannedNode(const CommonOptions& options) {
  const NodeName name = TRY(OneNode(options));
  if (!options.tables.empty()) {
    return Fail(ErrorKind::kUsage, "option-not-here",
                "--tables does not narrow a plan that has been approved",
                "narrow it when it is made: generate-sql --tables");
  }
  PlannedNode planned;
  planned.project = TRY(LoadProject(options.project));
  planned.spec = *TRY(RequireNode(planned.project, name));
  planned.plan = TRY(ReadPlan(options.artifacts, kPlanFile, &planned.plan_file));
  if (ComputePlanDigest(planned.plan) != planned.plan.plan_digest) {
    return Fail(ErrorKind::kBadArtifact, "artifact-edited",
                "plan.json is not what its plan_digest says", "run generate-sql again");
  }
  if (planned.plan.project_digest != planned.project.digest) {
    return Fail(ErrorKind::kRefused, "project-changed",
                planned.project.file + " has changed since the plan was made",
                "run compare and generate-sql again, and have the new plan approved");
  }
  const auto found = std::ranges::find(planned.plan.nodes, name, &NodePlan::node);
  if (found == planned.plan.nodes.end()) {
    return Fail(ErrorKind::kRefused, "node-not-planned", "the plan holds nothing for " + name.str(),
                "run compare and generate-sql with this node");
  }
  planned.node = *found;
  return planned;
}

std::uint64_t RowsOf(const PlannedBatch& batch) {
  std::uint64_t rows = 0;
  for (const PlannedStatement& statement : batch.statements) rows += statement.rows;
  return rows;
}

}  // namespace syncgate
