#include "artifact/audit_order.h"

#include <algorithm>
#include <tuple>

#include "artifact/store.h"

namespace syncgate {
namespace {

std::size_t PlaceOf(const PlanDoc* plan, const std::string& node) {
  if (plan == nullptr) return 0;
  const auto found = std::ranges::find_if(
      plan->nodes, [&](const NodePlan& planned) { return planned.node.str() == node; });
  return static_cast<std::size_t>(found - plan->nodes.begin());
}

int RankOf(const AuditEntry& entry) {
  if (entry.kind == "verdict") return 1;
  return entry.direction == "rollback" ? 2 : 0;
}

// Whether the gate behind this node wants a verdict on it: the plan has something that only
// verify-config can confirm.
bool WantsVerdict(const NodePlan& plan) {
  return !plan.test.empty() || std::ranges::any_of(plan.configs, [](const PlannedConfig& config) {
    return !config.changes.empty() || (config.checks != "[]" && !config.checks.empty());
  });
}

bool Names(const Header& header, const std::string& input) {
  return std::ranges::find(header.inputs, input, &FileRef::path) != header.inputs.end();
}

class OrderCheck {
 public:
  OrderCheck(const PlanDoc* plan, const std::vector<AuditedReceipt>& receipts,
             const std::vector<AuditedVerdict>& verdicts, AuditReport* report)
      : plan_(plan), receipts_(receipts), verdicts_(verdicts), report_(report) {}

  void Run() {
    for (const AuditedReceipt& receipt : receipts_) CheckReceipt(receipt);
    for (const AuditedVerdict& verdict : verdicts_) {
      const std::string receipt = ReceiptFile(verdict.doc.node, Direction::kApply);
      if (Names(verdict.doc.header, receipt) && Names(verdict.doc.header, kPlanFile)) continue;
      Find(verdict.file, verdict.file + " does not name what it is about");
    }
  }

 private:
  void Find(const std::string& file, const std::string& message) {
    report_->findings.push_back({file, "chain-order", message});
  }

  const NodePlan* PlanOf(const NodeName& node) const {
    if (plan_ == nullptr) return nullptr;
    const auto found = std::ranges::find(plan_->nodes, node, &NodePlan::node);
    return found == plan_->nodes.end() ? nullptr : &*found;
  }
  const AuditedReceipt* ReceiptOf(const NodeName& node) const {
    const auto found =
        std::ranges::find(receipts_, ReceiptFile(node, Direction::kApply), &AuditedReceipt::file);
    return found == receipts_.end() ? nullptr : &*found;
  }

  void CheckReceipt(const AuditedReceipt& receipt) {
    const NodeName& node = receipt.doc.node;
    if (!Names(receipt.doc.header, kPlanFile)) {
      Find(receipt.file, receipt.file + " does not name the plan it is of");
    }
    if (receipt.doc.direction == "rollback") return CheckRollback(receipt);
    const NodePlan* plan = PlanOf(node);
    if (!receipt.doc.override_reason.empty()) {
      report_->notes.push_back("the gate before " + node.str() +
                               " was overridden: " + receipt.doc.override_reason);
    } else if (plan != nullptr && plan->follows) {
      CheckGate(receipt, *plan->follows);
    }
  }

  void CheckRollback(const AuditedReceipt& rollback) {
    const AuditedReceipt* apply = ReceiptOf(rollback.doc.node);
    const bool of_it =
        apply != nullptr && std::ranges::find(rollback.doc.header.inputs, apply->sha256,
                                              &FileRef::sha256) != rollback.doc.header.inputs.end();
    if (!of_it || rollback.doc.sequence > apply->doc.sequence) return;
    Find(rollback.file, rollback.file + " takes back a run that came after it in the journal");
  }

  void CheckGate(const AuditedReceipt& receipt, const NodeName& first) {
    const auto closed = [&](const std::string& why) {
      Find(receipt.file, receipt.doc.node.str() + " went ahead of " + first.str() + ": " + why);
    };
    const std::string file = ReceiptFile(first, Direction::kApply);
    if (!Names(receipt.doc.header, file)) return closed(receipt.file + " does not name " + file);
    const AuditedReceipt* before = ReceiptOf(first);
    if (before == nullptr) return;  // missing or edited: found already
    if (before->doc.header.result != "success" || !before->doc.verified || before->doc.dry_run ||
        before->doc.header.target_state != TargetState::kAfter) {
      return closed(file + " is of an apply that did not succeed");
    }
    const NodePlan* plan = PlanOf(first);
    if (plan == nullptr || !WantsVerdict(*plan)) return;
    const std::string verdict_file = VerdictFile(first);
    if (!Names(receipt.doc.header, verdict_file)) {
      return closed(receipt.file + " does not name " + verdict_file);
    }
    const auto verdict = std::ranges::find(verdicts_, verdict_file, &AuditedVerdict::file);
    if (verdict != verdicts_.end() && verdict->doc.header.result != "success") {
      closed(verdict_file + " says that the checks failed");
    }
  }

  const PlanDoc* plan_;
  const std::vector<AuditedReceipt>& receipts_;
  const std::vector<AuditedVerdict>& verdicts_;
  AuditReport* report_;
};

}  // namespace

void CheckOrder(const PlanDoc* plan, const std::vector<AuditedReceipt>& receipts,
                const std::vector<AuditedVerdict>& verdicts, AuditReport* report) {
  OrderCheck(plan, receipts, verdicts, report).Run();
}

void OrderEntries(const PlanDoc* plan, AuditReport* report) {
  const auto key = [plan](const AuditEntry& entry) {
    const int part = entry.kind == "diff" ? 0 : entry.kind == "plan" ? 1 : 2;
    return std::tuple(part, entry.created_at, PlaceOf(plan, entry.node), RankOf(entry));
  };
  std::ranges::stable_sort(
      report->entries, [&](const AuditEntry& a, const AuditEntry& b) { return key(a) < key(b); });
}

}  // namespace syncgate
