#include "artifact/audit.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "artifact/audit_journal.h"
#include "artifact/audit_order.h"
#include "artifact/document_io.h"
#include "artifact/lines.h"
#include "artifact/protection.h"
#include "artifact/store.h"

namespace syncgate {
namespace {

namespace fs = std::filesystem;

class Auditor {
 public:
  explicit Auditor(const std::string& dir) : dir_(dir) {}

  AuditReport Run() {
    ListFiles();
    ReadDiffAndPlan();
    for (const std::string& file : Named("receipt-", ".json")) ReadReceiptFile(file);
    for (const std::string& file : Named("verdict-", ".json")) ReadVerdictFile(file);
    if (report_.entries.empty() && report_.findings.empty()) {
      Find(kPlanFile, "artifact-missing", dir_ + " holds no artifact of syncgate");
    }
    CheckJournals();
    CheckInputs();
    CheckOrder(plan_ ? &*plan_ : nullptr, receipts_, verdicts_, &report_);
    CheckKeys();
    CheckStrangers();
    OrderEntries(plan_ ? &*plan_ : nullptr, &report_);
    report_.files = verified_.size();
    return std::move(report_);
  }

 private:
  void Find(const std::string& file, const std::string& code, const std::string& message) {
    report_.findings.push_back({file, code, message});
  }
  void Find(const std::string& file, const Error& error) { Find(file, error.code, error.message); }

  void ListFiles() {
    std::error_code failed;
    for (fs::recursive_directory_iterator entry(dir_, failed), end; !failed && entry != end;
         entry.increment(failed)) {
      const std::string name = entry->path().lexically_relative(dir_).generic_string();
      if (entry->is_directory() && !entry->is_symlink()) continue;
      if (name.starts_with(".lock-")) continue;
      present_.insert(name);
    }
    if (failed) Find(".", "artifact-unreadable", dir_ + ": " + failed.message());
  }

  std::vector<std::string> Named(const std::string& begin, const std::string& end) const {
    std::vector<std::string> found;
    for (const std::string& file : present_) {
      if (file.starts_with(begin) && file.ends_with(end) && file.find('/') == file.npos) {
        found.push_back(file);
      }
    }
    return found;
  }

  template <typename Doc>
  AuditEntry& Enter(const std::string& file, const Inspection& found, const Doc& doc) {
    AuditEntry entry;
    entry.file = file;
    entry.kind = doc.header.kind;
    entry.sha256 = found.file.sha256;
    entry.sealed_by = found.sealed_by;
    entry.run = doc.header.run;
    entry.created_at = doc.header.created_at;
    entry.result = doc.header.result;
    entry.target_state = ToString(doc.header.target_state);
    entry.summary = doc.header.summary;
    inputs_[file] = doc.header.inputs;
    digests_[file] = found.file.sha256;
    verified_.insert(file);
    CheckProtection(file, found.sealed_by);
    report_.entries.push_back(std::move(entry));
    return report_.entries.back();
  }

  // Who has a key is told of everything that it does not open.
  void CheckProtection(const std::string& file, const std::string& sealed_by) {
    if (!sealed_by.empty()) sealed_with_[sealed_by].push_back(file);
    if (sealed_by.empty()) plain_.push_back(file);
    if (ArtifactKey() == nullptr) return;
    if (auto same = RequireSameProtection(dir_ + "/" + file, sealed_by); !same) {
      Find(file, same.error());
    }
  }

  void CheckFile(const FileRef& file, AuditEntry* entry) {
    entry->files.push_back(file);
    std::string sealed_by;
    if (auto verified = VerifyStored(dir_, file, &sealed_by); !verified) {
      return Find(file.path, verified.error());
    }
    digests_[file.path] = file.sha256;
    verified_.insert(file.path);
    // A JUnit file is plain in any case: CI systems read it.
    if (file.kind != "junit" || !sealed_by.empty()) CheckProtection(file.path, sealed_by);
  }

  void ReadDiffAndPlan() {
    Inspection found;
    if (present_.contains(kDiffFile)) {
      auto diff = InspectDiff(dir_, kDiffFile, &found);
      if (diff) {
        AuditEntry& entry = Enter(kDiffFile, found, *diff);
        for (const NodeDiff& node : diff->nodes) {
          if (node.rows) CheckFile(*node.rows, &entry);
        }
      } else {
        Find(kDiffFile, diff.error());
      }
    }
    if (!present_.contains(kPlanFile)) return;
    found = {};
    auto plan = InspectPlan(dir_, kPlanFile, &found);
    if (!plan) return Find(kPlanFile, plan.error());
    plan_ = std::move(*plan);
    report_.plan_digest = plan_->plan_digest;
    AuditEntry& entry = Enter(kPlanFile, found, *plan_);
    for (const NodePlan& node : plan_->nodes) {
      for (const FileRef& file : node.sql_files) CheckFile(file, &entry);
      for (const FileRef& file : node.reverse_files) CheckFile(file, &entry);
      if (node.changes) CheckFile(*node.changes, &entry);
    }
    for (const FileRef& file : plan_->reviews) CheckFile(file, &entry);
  }

  void CheckPlan(const std::string& file, const NodeName& node, const Digest& plan_digest) {
    if (!plan_) {
      if (!present_.contains(kPlanFile)) {
        Find(kPlanFile, "artifact-missing", file + " is of a plan that is not here");
      }
      return;
    }
    if (plan_digest != plan_->plan_digest) {
      Find(file, "chain-other-plan",
           file + " is of plan " + plan_digest.Short() + ", not " + plan_->plan_digest.Short());
    } else if (PlanOf(node) == nullptr) {
      Find(file, "chain-other-plan", "the plan holds nothing for " + node.str());
    }
  }

  void ReadReceiptFile(const std::string& file) {
    Inspection found;
    auto doc = InspectReceipt(dir_, file, &found);
    if (!doc) return Find(file, doc.error());
    AuditEntry& entry = Enter(file, found, *doc);
    entry.node = doc->node.str();
    entry.direction = doc->direction;
    entry.override_reason = doc->override_reason;
    entry.approval = doc->approval;
    const Direction direction =
        doc->direction == "rollback" ? Direction::kRollback : Direction::kApply;
    if (ReceiptFile(doc->node, direction) != file) {
      Find(file, "chain-misnamed", file + " is the " + doc->direction + " of " + doc->node.str());
    }
    CheckPlan(file, doc->node, doc->plan_digest);
    if (doc->rows) CheckFile(*doc->rows, &entry);
    if (doc->journal) {
      entry.files.push_back(*doc->journal);
      if (doc->journal->path != JournalFile(doc->node, doc->plan_digest)) {
        Find(file, "chain-misnamed", file + " names the journal of another node or plan");
      }
    }
    receipts_.push_back({file, found.file.sha256, std::move(*doc)});
  }

  void ReadVerdictFile(const std::string& file) {
    Inspection found;
    auto doc = InspectVerdict(dir_, file, &found);
    if (!doc) return Find(file, doc.error());
    AuditEntry& entry = Enter(file, found, *doc);
    entry.node = doc->node.str();
    if (doc->junit) CheckFile(*doc->junit, &entry);
    if (VerdictFile(doc->node) != file) {
      Find(file, "chain-misnamed", file + " is the verdict on " + doc->node.str());
    }
    CheckPlan(file, doc->node, doc->plan_digest);
    const bool failed_checks =
        std::ranges::any_of(doc->checks, [](const CheckOutcome& check) { return !check.passed; });
    if (failed_checks && doc->header.result == "success") {
      Find(file, "chain-verdict", file + " says success although a check failed");
    }
    verdicts_.push_back({file, found.file.sha256, std::move(*doc)});
  }

  void CheckJournals() {
    std::map<std::string, JournalClaim> claims;
    for (const AuditedReceipt& receipt : receipts_) {
      if (!receipt.doc.journal) continue;
      JournalClaim& claim = claims[receipt.doc.journal->path];
      claim.node = receipt.doc.node;
      claim.plan_digest = receipt.doc.plan_digest;
      claim.prefixes.push_back({receipt.file, *receipt.doc.journal});
    }
    for (const std::string& file : present_) {
      if (file.starts_with("journal/")) claims[file];
    }
    for (auto& [file, claim] : claims) {
      JournalAudit audit = AuditJournal(dir_, file, claim);
      if (audit.findings.empty()) verified_.insert(file);
      for (auto& finding : audit.findings) report_.findings.push_back(std::move(finding));
      for (auto& note : audit.notes) report_.notes.push_back(std::move(note));
      if (audit.lines > 0) CheckProtection(file, audit.sealed_by);
    }
  }

  // Whether `file` may be of an earlier `input` than the one here. A failed verdict opens no gate:
  // after it `apply-node --verify` writes its receipt once more. A plan may be applied again after
  // it was rolled back.
  bool MaySupersede(const std::string& file, const std::string& input) const {
    const AuditedReceipt* rollback = ReceiptOf(file);
    const AuditedReceipt* apply = ReceiptOf(input);
    if (apply == nullptr) return false;
    if (rollback != nullptr) {
      return rollback->doc.direction == "rollback" && apply->doc.direction == "apply" &&
             rollback->doc.node == apply->doc.node && rollback->doc.sequence < apply->doc.sequence;
    }
    return std::ranges::any_of(verdicts_, [&](const AuditedVerdict& verdict) {
      return verdict.file == file && verdict.doc.header.result != "success";
    });
  }

  void CheckInputs() {
    for (const auto& [file, inputs] : inputs_) {
      for (const FileRef& input : inputs) CheckInput(file, input);
    }
  }

  void CheckInput(const std::string& file, const FileRef& input) {
    const auto known = digests_.find(input.path);
    if (known == digests_.end()) {
      const bool found_out = std::ranges::any_of(
          report_.findings, [&](const AuditFinding& found) { return found.file == input.path; });
      if (found_out) return;
      auto verified = VerifyStored(dir_, input);
      if (!verified) Find(input.path, verified.error());
    } else if (known->second == input.sha256) {
      return;
    } else if (MaySupersede(file, input.path)) {
      report_.notes.push_back(file + " is of an earlier " + input.path +
                              ", which was written again");
    } else {
      Find(file, "chain-broken",
           file + " was made from another " + input.path + " (" + input.sha256.Short() +
               ") than the one here (" + known->second.Short() +
               "): one of them was edited or written again");
    }
  }

  const NodePlan* PlanOf(const NodeName& node) const {
    if (!plan_) return nullptr;
    const auto found = std::ranges::find(plan_->nodes, node, &NodePlan::node);
    return found == plan_->nodes.end() ? nullptr : &*found;
  }
  const AuditedReceipt* ReceiptOf(const std::string& file) const {
    const auto found = std::ranges::find(receipts_, file, &AuditedReceipt::file);
    return found == receipts_.end() ? nullptr : &*found;
  }
  void CheckKeys() {
    for (const auto& [key, files] : sealed_with_) report_.keys.push_back(key);
    if (sealed_with_.size() > 1) {
      Find(sealed_with_.begin()->second.front(), "chain-keys",
           "the artifacts are encrypted with " + std::to_string(sealed_with_.size()) + " keys");
    }
    if (sealed_with_.empty()) return;
    for (const std::string& file : plain_) {
      Find(file, "chain-keys", file + " is not encrypted, and others here are");
    }
  }

  // A file that no document names is vouched for by nothing: an earlier or a killed run leaves such
  // behind. Among the plan's SQL that is a mismatch: a person could run it.
  void CheckStrangers() {
    std::set<std::string> named = verified_;
    for (const AuditFinding& finding : report_.findings) named.insert(finding.file);
    for (const std::string& file : present_) {
      if (named.contains(file)) continue;
      const bool half_written = file[file.rfind('/') + 1] == '.';
      if (file.starts_with("plan/") && !half_written) {
        Find(file, "chain-unnamed", "no document names " + file);
      } else {
        report_.notes.push_back(file + " is named by no document, so nothing vouches for it");
      }
    }
  }

  const std::string& dir_;
  AuditReport report_;
  std::set<std::string> present_;  // every file, relative
  std::set<std::string> verified_;
  std::map<std::string, std::vector<FileRef>> inputs_;  // of each document
  std::map<std::string, Digest> digests_;               // of what is as it was written
  std::map<std::string, std::vector<std::string>> sealed_with_;
  std::vector<std::string> plain_;
  std::optional<PlanDoc> plan_;
  std::vector<AuditedReceipt> receipts_;
  std::vector<AuditedVerdict> verdicts_;
};

}  // namespace

Result<AuditReport> AuditStore(const std::string& dir) {
  std::error_code failed;
  if (!fs::is_directory(dir, failed)) {
    return Fail(ErrorKind::kUsage, "artifacts-missing", dir + " is no directory",
                "name the artifacts directory of a run");
  }
  return Auditor(dir).Run();
}

}  // namespace syncgate
