#include "apply-node/run.h"

#include <csignal>
#include <cxxopts.hpp>
#include <optional>

#include "apply-node/gate.h"
#include "apply-node/options.h"
#include "artifact/document_io.h"
#include "artifact/journal.h"
#include "artifact/store.h"
#include "common/header.h"
#include "common/messages.h"
#include "common/store_lock.h"
#include "core/fault.h"
#include "host/signals.h"
#include "node/apply_data.h"
#include "node/audit_copy.h"
#include "node/batch_source.h"
#include "node/config_work.h"
#include "node/moved.h"
#include "node/node_database.h"
#include "node/planned_node.h"
#include "node/receipt.h"
#include "node/undo_data.h"
#include "node/verify.h"

namespace syncgate {
namespace {

class ApplyRun {
 public:
  ApplyRun(const CommonOptions& options, ApplyOptionsGiven given)
      : options_(options), given_(std::move(given)) {}

  Result<ExitCode> Run() {
    planned_ = TRY(LoadPlannedNode(options_));
    receipt_ = NewReceipt(planned_, Direction::kApply);
    TRY(PassGate());
    const FileLock lock = TRY(HoldStore(options_.artifacts, planned_.node.node.str()));
    TRY(Connect());
    source_.emplace(TRY(BatchSource::Open(options_.artifacts, planned_.node)));
    if (with_data_) tables_ = TRY(database_->LoadTables(planned_.node, planned_.project.data));
    if (options_.dry_run) return DryRun();

    // Before anything is recorded: a node that is not to be had now leaves no receipt.
    if (with_config_) TRY(configs_->Hold());
    journal_.emplace(
        TRY(Journal::Open(options_.artifacts, planned_.node.node, planned_.plan_digest())));
    if (with_config_) configs_->BelieveIn(*journal_);
    unfinished_ = !journal_->runs().empty() && journal_->runs().back().result != "success";
    receipt_.sequence = TRY(journal_->BeginRun(Direction::kApply));
    auto moved = Transition();
    if (!moved) return Failed(std::move(moved).error());
    return Succeeded();
  }

 private:
  Result<void> PassGate() {
    auto gate = CheckGate(options_.artifacts, planned_, &receipt_.header.inputs);
    if (gate || given_.override_reason.empty() || gate.error().kind != ErrorKind::kRefused)
      return gate;
    Warn("gate overridden (" + given_.override_reason + "): " + gate.error().message);
    receipt_.override_reason = given_.override_reason;
    receipt_.header.diagnostics.push_back(
        {"gate-overridden", Severity::kWarning, gate.error().message, given_.override_reason});
    return {};
  }

  Result<void> Connect() {
    with_data_ = options_.data && !planned_.node.batches.empty();
    with_config_ = options_.config && !planned_.node.configs.empty();
    const auto access =
        options_.dry_run ? NodeDatabase::Access::kLook : NodeDatabase::Access::kWrite;
    if (options_.data && planned_.spec.mysql)
      database_ = TRY(NodeDatabase::Open(planned_.spec, access));
    if (with_config_ || (with_data_ && planned_.spec.ssh)) host_ = TRY(OpenHost(planned_.spec));
    if (with_config_) configs_.emplace(*host_, planned_);
    return {};
  }

  // A lost connection is made again once: what it left unknown can then be looked at.
  Result<void> Reconnect() {
    configs_->LetGo();
    host_ = TRY(OpenHost(planned_.spec));
    configs_->GoOnWith(*host_);
    return configs_->Hold();
  }

  // The first pass over everything: nothing is written when anything stands at neither of its ends.
  Result<void> Look() {
    if (with_data_) {
      DataApplier applier(*database_, planned_.node, *source_, tables_);
      TRY(applier.Look(&progress_));
      if (progress_.drifted_rows > 0)
        return std::unexpected(DriftError(planned_.node.node, progress_));
    }
    if (with_config_) TRY(configs_->Look());
    return {};
  }

  Result<ExitCode> DryRun() {
    if (database_) TRY(database_->RequireWritable());
    TRY(Look());
    std::uint64_t rows = 0;
    for (const RowState state : progress_.states) rows += state == RowState::kMoved ? 1 : 0;
    std::uint64_t files = 0;
    if (with_config_) {
      for (std::size_t i = 0; i < planned_.node.configs.size(); ++i) {
        const bool untouched = configs_->outcomes()[i].state == "untouched";
        files += untouched && !planned_.node.configs[i].changes.empty() ? 1 : 0;
      }
    }
    Info("dry run: would move " + std::to_string(rows) + " rows and " + std::to_string(files) +
         " configuration files on " + planned_.node.node.str() + "; " +
         std::to_string(progress_.states.size() - rows) +
         " rows are there already; nothing was written");
    return rows + files > 0 && options_.detailed_exitcode ? kExitDifferences : kExitSuccess;
  }

  Result<void> Transition() {
    TRY(Look());
    looked_ = true;
    if (with_data_ && planned_.spec.ssh) {
      const auto directory =
          TRY(UploadAuditCopy(*host_, options_.artifacts, planned_.node, planned_.plan_digest()));
      Debug("audit copy of the SQL in " + directory + " on " + planned_.node.node.str());
    }
    // Not yet moving: a busy node is no reason to take back what an earlier run moved.
    if (with_data_) {
      TRY(DataApplier(*database_, planned_.node, *source_, tables_)
              .AwaitCalm(planned_.project.data.max_threads_running));
    }
    if (with_config_) TRY(configs_->Validate());
    moving_ = true;
    if (with_data_) {
      DataApplier applier(*database_, planned_.node, *source_, tables_);
      TRY(applier.Move(*journal_, planned_.project.data.max_threads_running, &progress_));
    }
    FaultPoint("apply.data-done");
    TRY(CheckStop());
    if (with_config_) {
      TRY(configs_->Move(*journal_));
      if (given_.auto_restart) {
        TRY(configs_->Restart(unfinished_, /*stoppable=*/true));
        // --verify asks the same and more, and keeps a verdict.
        const auto ready = given_.verify ? Result<void>() : configs_->AwaitReady(Toward::kAfter);
        TRY(CheckStop());  // a check that was stopped has not failed
        TRY(ready);
      }
      if (!given_.verify) configs_->GiveRoomBack();
    }
    FaultPoint("apply.before-receipt");
    return {};
  }

  Result<ExitCode> Succeeded() {
    // Half a plan (--only) is not the plan: the gate stays closed until a whole run has seen both
    // halves.
    const bool whole = (options_.data || planned_.node.batches.empty()) &&
                       (options_.config || planned_.node.configs.empty());
    receipt_.verified = whole;
    receipt_.header.target_state = whole ? TargetState::kAfter : TargetState::kPartial;
    FileRef receipt_file;
    auto recorded = Record("success", &receipt_file);
    if (!recorded) {
      if (configs_) configs_->GiveRoomBack();
      return Fail(
          ErrorKind::kTargetChanged, "receipt-not-written",
          planned_.node.node.str() +
              " is as planned, but the receipt could not be written: " + recorded.error().message,
          "make room for the artifacts and run apply-node again: it finds its work done");
    }
    if (given_.verify) {
      auto verified = Verify(receipt_file);
      if (!verified) return Failed(std::move(verified).error());
    }
    FaultPoint("apply.receipt-written");
    if (configs_) configs_->GiveRoomBack();
    if (configs_) configs_->RemoveOldBackups();
    Info(receipt_.header.summary);
    const bool changed = progress_.wrote || (configs_ && configs_->wrote());
    return changed && options_.detailed_exitcode ? kExitDifferences : kExitSuccess;
  }

  Result<void> Verify(const FileRef& receipt_file) {
    Verifier verifier(options_, planned_);
    return verifier.Run(receipt_file);
  }

  // Something went wrong after the gate. What this plan has moved on the node is taken back unless
  // that was not wished or cannot be; the receipt says how the node was left.
  Result<ExitCode> Failed(Error error) {
    Say(error);
    RecordError(error, &receipt_);
    receipt_.verified = false;
    ExitCode exit_code = error.kind == ErrorKind::kInterrupted
                             ? (StopSignal() == SIGTERM ? kExitSigterm : kExitSigint)
                             : ExitCodeOf(error.kind);
    const bool ours = AnythingMoved(*journal_).value_or(true) ||
                      (configs_ && (configs_->wrote() || configs_->AnyMoved()));
    const bool unknown = error.kind == ErrorKind::kOutcomeUnknown;
    // What happened to a row is for the database to say; what happened to a file can be seen.
    const bool visible = !unknown || error.code == "config-state-unknown";
    const bool undo =
        moving_ && ours && visible && !given_.keep && error.kind != ErrorKind::kInterrupted;
    receipt_.header.target_state = unknown ? TargetState::kUnknown
                                   : ours  ? TargetState::kPartial
                                           : TargetState::kBefore;
    // Killed while it takes back, this run must not leave an earlier one's receipt of a success.
    if (undo) {
      if (auto noted = WriteOut(nullptr); !noted) Say(noted.error());
    }
    const bool taken_back = undo && TookBack();
    if (taken_back && receipt_.header.target_state == TargetState::kBefore &&
        exit_code == kExitTargetChanged) {
      exit_code = kExitFailed;
    }
    if (taken_back && unknown) exit_code = kExitTryLater;
    // The journal's last run is the one that took everything back, and did.
    const bool back = taken_back && services_well_ && recorded_;
    if (configs_) configs_->GiveRoomBack();
    if (configs_) configs_->RemoveUnusedBackups(*journal_);
    const bool partial = receipt_.header.target_state == TargetState::kPartial;
    if (partial && moving_ && error.kind != ErrorKind::kInterrupted &&
        exit_code != kExitVerification) {
      exit_code = kExitTargetChanged;
    }
    if (receipt_.header.target_state == TargetState::kUnknown) exit_code = kExitTargetUnknown;
    // Where neither has room, the exit code already says how the node was left.
    const auto ended = journal_->End(back ? "success" : receipt_.header.result);
    if (!ended) Say(ended.error());
    if (auto written = WriteOut(nullptr); !written) Say(written.error());
    if (!receipt_.header.summary.empty()) Warn(receipt_.header.summary);
    return exit_code;
  }

  // False where that did not succeed. The receipt says where the node is then.
  bool TookBack() {
    const auto undone = TakeBack();
    if (!undone) {
      Say(undone.error());
      receipt_.header.diagnostics.push_back(ToDiagnostic(undone.error()));
      receipt_.header.target_state = undone.error().kind == ErrorKind::kOutcomeUnknown
                                         ? TargetState::kUnknown
                                         : TargetState::kPartial;
      return false;
    }
    receipt_.header.target_state = StateWhenTakenBack(*journal_, options_.data, options_.config);
    Info(planned_.node.node.str() + (receipt_.header.target_state == TargetState::kBefore
                                         ? " is as it was before"
                                         : " still has the other half of the plan"));
    return true;
  }

  Result<void> Record(const std::string& result, FileRef* file) {
    TRY(journal_->End(result));
    return WriteOut(file);
  }

  // Files first, rows last, as rollback does it. A service that does not come back then is said,
  // and stops nothing.
  Result<void> TakeBack() {
    Info("taking back what was applied to " + planned_.node.node.str());
    if (with_config_ && !host_->Stat("/")) TRY(Reconnect());
    const auto begun = journal_->BeginRun(Direction::kRollback);
    if (begun) receipt_.sequence = *begun;
    // Files go back also where that cannot be recorded; rows would not, see below.
    if (!begun && configs_) configs_->RecordNoMore(begun.error());
    Result<void> service;
    if (with_config_) {
      TRY(configs_->Undo(&*journal_, TakeBackWhat::kJournalled, false));
      // Services that still run with the old file are left in peace.
      if (given_.auto_restart && (configs_->restarted() || unfinished_)) {
        service = configs_->Restart(unfinished_, /*stoppable=*/false);
      }
    }
    if (!begun && RowsMoved(*journal_).value_or(true)) return std::unexpected(begun.error());
    recorded_ = begun && !(configs_ && configs_->unrecorded());
    if (with_data_ && begun) {
      DataUndoer undoer(*database_, planned_.node, *source_, tables_, &*journal_,
                        ImagesFrom::kJournal);
      DataProgress undone;
      TRY(undoer.Look(&undone));
      if (undone.drifted_rows > 0) return std::unexpected(DriftError(planned_.node.node, undone));
      TRY(undoer.Undo(*journal_, &undone));
      progress_.batches_done = 0;
      for (RowState& state : progress_.states) {
        if (state != RowState::kDrift) state = RowState::kUntouched;
      }
    }
    if (with_config_ && service) service = configs_->AwaitReady(Toward::kBefore);
    services_well_ = service.has_value();
    if (!service) {
      Say(service.error());
      receipt_.header.diagnostics.push_back(ToDiagnostic(service.error()));
    }
    return {};
  }

  Result<void> WriteOut(FileRef* file) {
    if (!looked_) {
      for (RowState& state : progress_.states) {
        if (state == RowState::kMoved) state = RowState::kUntouched;
      }
    }
    receipt_.moved = receipt_.already = 0;
    TRY(RecordRows(options_.artifacts, planned_.node, *source_, progress_, Direction::kApply,
                   &receipt_));
    if (configs_) receipt_.configs = configs_->outcomes();
    receipt_.journal = journal_->Reference();
    const bool changed = progress_.wrote || (configs_ && configs_->wrote());
    const std::string node = planned_.node.node.str();
    if (receipt_.header.result != "success") {
      receipt_.header.summary =
          node + " not applied, target state: " + ToString(receipt_.header.target_state);
    } else if (!changed) {
      receipt_.header.summary = node + ": nothing to do";
    } else {
      receipt_.header.summary = node + ": " + std::to_string(receipt_.moved) + " rows moved, " +
                                std::to_string(receipt_.already) + " already there";
      for (const ConfigOutcome& config : receipt_.configs) {
        receipt_.header.summary += ", " + config.config.str() + " " + config.state;
      }
    }
    const auto written = TRY(WriteReceipt(
        options_.artifacts, ReceiptFile(planned_.node.node, Direction::kApply), receipt_));
    if (file != nullptr) *file = written;
    return {};
  }

  const CommonOptions& options_;
  const ApplyOptionsGiven given_;
  PlannedNode planned_;
  ReceiptDoc receipt_;
  bool with_data_ = false;
  bool with_config_ = false;
  bool unfinished_ = false;    // an earlier run of this plan did not end well
  bool looked_ = false;        // the first pass found no drift
  bool services_well_ = true;  // after what was applied was taken back
  bool recorded_ = true;       // the journal has a run for that
  bool moving_ = false;        // this run may have written
  std::unique_ptr<NodeHost> host_;
  std::unique_ptr<NodeDatabase> database_;
  std::optional<BatchSource> source_;
  std::vector<LiveTable> tables_;
  std::optional<Journal> journal_;
  std::optional<ConfigWork> configs_;
  DataProgress progress_;
};

}  // namespace

StepSpec ApplyNodeStep() {
  return {"apply-node",
          "Moves one node to the approved plan: guarded, journalled, verified in place.",
          kApplyExamples, AddApplyOptions,
          [](const CommonOptions& options, const cxxopts::ParseResult& parsed) -> Result<ExitCode> {
            return ApplyRun(options, TRY(ReadApplyOptions(parsed))).Run();
          }};
}

}  // namespace syncgate
