#include "apply-node/gate.h"

#include <algorithm>

#include "artifact/document_io.h"
#include "artifact/store.h"

namespace syncgate {
namespace {

// Whether the node's plan has something that only verify-config can confirm.
bool NeedsVerdict(const NodePlan& plan) {
  return !plan.test.empty() || std::ranges::any_of(plan.configs, [](const PlannedConfig& config) {
    return !config.changes.empty() || (config.checks != "[]" && !config.checks.empty());
  });
}

}  // namespace

Result<void> CheckGate(const std::string& artifacts, const PlannedNode& planned,
                       std::vector<FileRef>* inputs) {
  if (!planned.node.follows) return {};
  const NodeName& first = *planned.node.follows;
  const auto closed = [&](const char* code, const std::string& why, const std::string& hint) {
    return Fail(ErrorKind::kRefused, code,
                "the gate before " + planned.node.node.str() + " is closed: " + why, hint);
  };
  const std::string receipt_path = ReceiptFile(first, Direction::kApply);
  if (!HasArtifact(artifacts, receipt_path)) {
    return closed(
        "gate-no-receipt", first.str() + " has not been applied",
        "run apply-node --node " + first.str() + " first, or hand its artifacts to this job");
  }
  FileRef receipt_file;
  const ReceiptDoc receipt = TRY(ReadReceipt(artifacts, receipt_path, &receipt_file));
  if (receipt.plan_digest != planned.plan_digest()) {
    return closed("gate-other-plan",
                  "the receipt of " + first.str() + " is of plan " + receipt.plan_digest.Short() +
                      ", not " + planned.plan_digest().Short(),
                  "apply this plan to " + first.str() + " first");
  }
  if (receipt.node != first || receipt.direction != ToString(Direction::kApply) ||
      receipt.dry_run || receipt.header.result != "success" ||
      receipt.header.target_state != TargetState::kAfter || !receipt.verified) {
    return closed("gate-not-applied", "applying " + first.str() + " did not succeed",
                  "run apply-node --node " + first.str() + " until it does");
  }
  const std::string rollback_path = ReceiptFile(first, Direction::kRollback);
  if (HasArtifact(artifacts, rollback_path)) {
    const ReceiptDoc rollback = TRY(ReadReceipt(artifacts, rollback_path));
    if (rollback.plan_digest == planned.plan_digest() && rollback.sequence > receipt.sequence) {
      return closed("gate-rolled-back", first.str() + " has been rolled back since",
                    "find out why; then apply and verify " + first.str() + " again");
    }
  }
  inputs->push_back(receipt_file);

  const auto first_plan = std::ranges::find(planned.plan.nodes, first, &NodePlan::node);
  if (first_plan == planned.plan.nodes.end() || !NeedsVerdict(*first_plan)) return {};
  const std::string verdict_path = VerdictFile(first);
  const std::string hint = "run verify-config --node " + first.str();
  if (!HasArtifact(artifacts, verdict_path)) {
    return closed("gate-no-verdict", first.str() + " has not been verified", hint);
  }
  FileRef verdict_file;
  const VerdictDoc verdict = TRY(ReadVerdict(artifacts, verdict_path, &verdict_file));
  const bool of_this_receipt = std::ranges::any_of(
      verdict.header.inputs,
      [&](const FileRef& input) { return input.sha256 == receipt_file.sha256; });
  if (verdict.node != first || verdict.plan_digest != planned.plan_digest() || !of_this_receipt) {
    return closed("gate-verdict-old", "the verdict on " + first.str() + " is of another apply",
                  hint + " again");
  }
  if (verdict.header.result != "success") {
    return closed("gate-verdict-failed", "verification of " + first.str() + " failed",
                  "look into " + verdict_path + "; roll " + first.str() +
                      " back or mend it and verify again");
  }
  inputs->push_back(verdict_file);
  return {};
}

}  // namespace syncgate
