#include "rollback/run.h"

#include <algorithm>
#include <csignal>
#include <cxxopts.hpp>
#include <optional>

#include "artifact/document_io.h"
#include "artifact/journal.h"
#include "artifact/store.h"
#include "common/header.h"
#include "common/messages.h"
#include "common/store_lock.h"
#include "core/fault.h"
#include "host/signals.h"
#include "node/batch_source.h"
#include "node/config_work.h"
#include "node/moved.h"
#include "node/node_database.h"
#include "node/planned_node.h"
#include "node/receipt.h"
#include "node/undo_data.h"

namespace syncgate {
namespace {

constexpr char kExamples[] =
    "  syncgate rollback --node node2                      # takes back what apply-node moved, "
    "configuration first\n"
    "  syncgate rollback --node node2 --dry-run\n"
    "  syncgate rollback --node node2 --from-plan          # receipt and journal are lost: the "
    "plan's images\n";

void AddOptions(cxxopts::Options& options) {
  options.add_options("rollback")(
      "from-plan",
      "without receipt and journal: every planned change that is at its end goes back to "
      "the plan's before-image; ignored columns of deleted rows cannot be restored")(
      "auto-restart", "run the plan's restart commands after the configuration was taken back");
}

class RollbackRun {
 public:
  RollbackRun(const CommonOptions& options, bool from_plan, bool restart)
      : options_(options),
        images_(from_plan ? ImagesFrom::kPlan : ImagesFrom::kJournal),
        restart_(restart) {}

  Result<ExitCode> Run() {
    planned_ = TRY(LoadPlannedNode(options_));
    receipt_ = NewReceipt(planned_, Direction::kRollback);
    const FileLock lock = TRY(HoldStore(options_.artifacts, planned_.node.node.str()));
    TRY(FindEvidence());
    with_data_ = options_.data && !planned_.node.batches.empty();
    source_.emplace(TRY(BatchSource::Open(options_.artifacts, planned_.node)));
    if (with_data_) {
      database_ =
          TRY(NodeDatabase::Open(planned_.spec, options_.dry_run ? NodeDatabase::Access::kLook
                                                                 : NodeDatabase::Access::kWrite));
      tables_ = TRY(database_->LoadTables(planned_.node, planned_.project.data));
    }
    if (options_.config && !planned_.node.configs.empty()) {
      host_ = TRY(OpenHost(planned_.spec));
      configs_.emplace(*host_, planned_);
      if (journal_) configs_->BelieveIn(*journal_);
    }
    if (options_.dry_run) return DryRun();
    // Before anything is recorded: a node that is not to be had now leaves no receipt.
    if (configs_) TRY(configs_->Hold());
    unfinished_ = !journal_->runs().empty() && journal_->runs().back().result != "success";
    receipt_.sequence = TRY(journal_->BeginRun(Direction::kRollback));
    FaultPoint("rollback.begun");
    // Where there is no room for that, the node is taken back all the same.
    if (const auto begun = Begun(); !begun) Say(begun.error());
    auto undone = Undo();
    if (!undone) return Failed(std::move(undone).error());
    if (!service_) return ServiceFailed();
    receipt_.verified = true;
    receipt_.header.target_state = StateNow();
    if (auto recorded = Record("success"); !recorded) {
      return Fail(
          ErrorKind::kTargetChanged, "receipt-not-written",
          planned_.node.node.str() +
              " was rolled back, but the receipt could not be written: " + recorded.error().message,
          "make room for the artifacts and run rollback again: it finds its work done");
    }
    Info(receipt_.header.summary);
    return Changed() && options_.detailed_exitcode ? kExitDifferences : kExitSuccess;
  }

 private:
  // What tells us what was moved: the journal, checked against the receipt where there is one.
  Result<void> FindEvidence() {
    const NodeName& node = planned_.node.node;
    const bool has_journal =
        HasArtifact(options_.artifacts, JournalFile(node, planned_.plan_digest()));
    if (!has_journal && images_ == ImagesFrom::kJournal) {
      return Fail(
          ErrorKind::kBadArtifact, "journal-missing",
          "there is no journal of this plan for " + node.str() + ": nothing says what was moved",
          "hand the artifacts of the apply to this job; if they are lost, see rollback "
          "--from-plan");
    }
    if (options_.dry_run && !has_journal) return {};
    journal_.emplace(TRY((options_.dry_run ? Journal::OpenToLook : Journal::Open)(
        options_.artifacts, node, planned_.plan_digest())));
    const std::string receipt_path = ReceiptFile(node, Direction::kApply);
    if (!HasArtifact(options_.artifacts, receipt_path)) return {};
    FileRef file;
    const ReceiptDoc applied = TRY(ReadReceipt(options_.artifacts, receipt_path, &file));
    if (applied.plan_digest != planned_.plan_digest()) return {};
    if (applied.journal && has_journal) TRY(journal_->VerifyPrefix(*applied.journal));
    receipt_.header.inputs.push_back(file);
    applied_ = Applied{applied.sequence, applied.header.target_state};
    return {};
  }

  // Killed from here on, this run leaves no receipt that says where the node is. One that it began
  // closes the gate behind the node.
  Result<void> Begun() const {
    ReceiptDoc begun = receipt_;
    begun.header.result = "interrupted";
    begun.header.target_state = TargetState::kUnknown;
    begun.header.summary = planned_.node.node.str() + ": rollback began and has not ended";
    begun.journal = journal_->Reference();
    TRY(WriteReceipt(options_.artifacts, ReceiptFile(planned_.node.node, Direction::kRollback),
                     begun));
    return {};
  }

  // Where a run that failed leaves the node: as the apply did, unless something was moved since.
  TargetState StateLeft(bool changed) const {
    if (images_ == ImagesFrom::kPlan) return changed ? TargetState::kPartial : TargetState::kAfter;
    const auto later = [&](const auto& record) { return record.sequence > applied_->sequence; };
    const bool as_applied = !changed && applied_ &&
                            std::ranges::none_of(journal_->entries(), later) &&
                            std::ranges::none_of(journal_->configs(), later);
    if (as_applied) return applied_->state;
    return AnythingMoved(*journal_).value_or(true) ? TargetState::kPartial : TargetState::kBefore;
  }

  Result<void> LookAtData() {
    if (!with_data_) return {};
    DataUndoer undoer(*database_, planned_.node, *source_, tables_, journal_ ? &*journal_ : nullptr,
                      images_);
    TRY(undoer.Look(&progress_));
    if (progress_.drifted_rows > 0)
      return std::unexpected(DriftError(planned_.node.node, progress_));
    return {};
  }

  Result<ExitCode> DryRun() {
    TRY(LookAtData());
    if (configs_) TRY(configs_->Undo(JournalOrNull(), Files(), true));
    std::uint64_t rows = 0;
    for (const RowState state : progress_.states) rows += state == RowState::kMoved ? 1 : 0;
    std::uint64_t files = 0;
    if (configs_) {
      for (const ConfigOutcome& config : configs_->outcomes())
        files += config.state == "restored" ? 1 : 0;
    }
    Info("dry run: would take back " + std::to_string(rows) + " rows and " + std::to_string(files) +
         " configuration files on " + planned_.node.node.str() + "; nothing was written");
    return rows + files > 0 && options_.detailed_exitcode ? kExitDifferences : kExitSuccess;
  }

  Journal* JournalOrNull() { return journal_ ? &*journal_ : nullptr; }
  TakeBackWhat Files() const {
    return images_ == ImagesFrom::kPlan ? TakeBackWhat::kWhateverIsThere
                                        : TakeBackWhat::kJournalled;
  }

  // Configuration first, data last: the other way round of apply. All is looked at before anything
  // is written. A service that does not come back keeps no row from going back: service_ has it.
  Result<void> Undo() {
    TRY(LookAtData());
    looked_ = true;
    if (configs_) {
      TRY(configs_->Undo(&*journal_, Files(), true));
      TRY(configs_->Undo(&*journal_, Files(), false));
      if (restart_) service_ = configs_->Restart(unfinished_, /*stoppable=*/true);
      if (configs_->unrecorded()) return std::unexpected(*configs_->unrecorded());
    }
    TRY(CheckStop());
    if (with_data_) {
      DataUndoer undoer(*database_, planned_.node, *source_, tables_, &*journal_, images_);
      TRY(undoer.Undo(*journal_, &progress_));
    }
    if (configs_ && !restart_ && configs_->RestartIsDue()) {
      Warn(planned_.node.node.str() +
           ": services still run with the file that was taken back; --auto-restart restarts them");
    }
    if (configs_ && restart_ && service_) service_ = configs_->AwaitReady(Toward::kBefore);
    return {};
  }

  // Everything is back, and a service does not run with it.
  Result<ExitCode> ServiceFailed() {
    Say(service_.error());
    RecordError(service_.error(), &receipt_);
    receipt_.header.target_state = StateNow();
    if (auto recorded = Record(receipt_.header.result); !recorded) Say(recorded.error());
    return kExitVerification;
  }

  // With the journal lost, nobody knows of the half that was not looked at.
  TargetState StateNow() const {
    const bool narrowed = (!options_.data && !planned_.node.batches.empty()) ||
                          (!options_.config && !planned_.node.configs.empty());
    if (narrowed && images_ == ImagesFrom::kPlan) return TargetState::kPartial;
    return StateWhenTakenBack(*journal_, options_.data, options_.config);
  }

  bool Changed() const { return progress_.wrote || (configs_ && configs_->wrote()); }

  Result<ExitCode> Failed(Error error) {
    Say(error);
    RecordError(error, &receipt_);
    const bool unknown = error.kind == ErrorKind::kOutcomeUnknown;
    ExitCode exit_code = error.kind == ErrorKind::kInterrupted
                             ? (StopSignal() == SIGTERM ? kExitSigterm : kExitSigint)
                             : ExitCodeOf(error.kind);
    // A file that somebody else overwrote while it was put back is in nobody's count of writes.
    const bool changed = Changed() || error.kind == ErrorKind::kTargetChanged;
    receipt_.header.target_state = unknown ? TargetState::kUnknown : StateLeft(changed);
    if (Changed() && !unknown && error.kind != ErrorKind::kInterrupted)
      exit_code = kExitTargetChanged;
    if (!looked_) {
      for (RowState& state : progress_.states) {
        if (state != RowState::kDrift) state = RowState::kUntouched;
      }
    }
    if (auto recorded = Record(receipt_.header.result); !recorded) Say(recorded.error());
    return exit_code;
  }

  Result<void> Record(const std::string& result) {
    TRY(journal_->End(result));
    return WriteOut();
  }

  Result<void> WriteOut() {
    TRY(RecordRows(options_.artifacts, planned_.node, *source_, progress_, Direction::kRollback,
                   &receipt_));
    if (configs_) receipt_.configs = configs_->outcomes();
    receipt_.journal = journal_->Reference();
    const std::string node = planned_.node.node.str();
    if (receipt_.header.result != "success") {
      receipt_.header.summary =
          node + " not rolled back, target state: " + ToString(receipt_.header.target_state);
    } else if (!Changed()) {
      receipt_.header.summary = node + ": nothing to take back";
    } else {
      receipt_.header.summary = node + ": " + std::to_string(receipt_.moved) + " rows taken back";
      for (const ConfigOutcome& config : receipt_.configs) {
        receipt_.header.summary += ", " + config.config.str() + " " + config.state;
      }
    }
    TRY(WriteReceipt(options_.artifacts, ReceiptFile(planned_.node.node, Direction::kRollback),
                     receipt_));
    return {};
  }

  const CommonOptions& options_;
  const ImagesFrom images_;
  const bool restart_;
  PlannedNode planned_;
  ReceiptDoc receipt_;
  bool with_data_ = false;
  bool looked_ = false;
  bool unfinished_ = false;  // an earlier run of this plan did not end well
  struct Applied {
    std::uint64_t sequence = 0;
    TargetState state = TargetState::kAfter;
  };
  std::optional<Applied> applied_;  // what the receipt of the apply says
  Result<void> service_;            // restarting and asking the services, once the files are back
  std::unique_ptr<NodeHost> host_;
  std::unique_ptr<NodeDatabase> database_;
  std::optional<BatchSource> source_;
  std::vector<LiveTable> tables_;
  std::optional<Journal> journal_;
  std::optional<ConfigWork> configs_;
  DataProgress progress_;
};

}  // namespace

StepSpec RollbackStep() {
  return {
      "rollback",
      "Takes back what apply-node moved on one node; refuses where somebody changed it since.",
      kExamples, AddOptions, [](const CommonOptions& options, const cxxopts::ParseResult& parsed) {
        return RollbackRun(options, parsed.count("from-plan") > 0, parsed.count("auto-restart") > 0)
            .Run();
      }};
}

}  // namespace syncgate
