// One node's part of an approved plan, checked before anything is believed.
#pragma once

#include <string>

#include "artifact/documents.h"
#include "common/options.h"
#include "core/result.h"
#include "project/project.h"

namespace syncgate {

struct PlannedNode {
  Project project;
  NodeSpec spec;
  PlanDoc plan;
  FileRef plan_file;  // for `inputs`
  NodePlan node;

  const Digest& plan_digest() const { return plan.plan_digest; }
};

// Reads syncgate.yml and plan.json and finds the one node the options name. kBadArtifact
// "artifact-edited" where the plan is not what its digest says; kRefused "project-changed" where
// syncgate.yml is not the one that was planned, "node-not-planned".
Result<PlannedNode> LoadPlannedNode(const CommonOptions& options);

// Rows of a batch.
std::uint64_t RowsOf(const PlannedBatch& batch);

}  // namespace syncgate
