#include "node/verify.h"

#include <algorithm>

#include "artifact/document_io.h"
#include "artifact/store.h"
#include "common/header.h"
#include "common/links.h"
#include "common/messages.h"
#include "common/specs.h"
#include "config/checks.h"
#include "config/sudo_host.h"
#include "host/signals.h"
#include "node/apply_data.h"
#include "node/batch_source.h"
#include "node/functional_test.h"
#include "node/node_database.h"
#include "report/junit.h"

namespace syncgate {
namespace {

bool Failed(const CheckOutcome& check) { return !check.passed; }

// Rows and files say where the node is; a service that does not answer does not move it.
bool IsAfter(const std::vector<CheckOutcome>& checks) {
  return std::ranges::all_of(checks, [](const CheckOutcome& check) {
    return check.passed || (check.kind != "rows" && check.kind != "file");
  });
}

}  // namespace

void Verifier::Add(CheckOutcome outcome) {
  const std::string line = planned_.node.node.str() + ": " + outcome.kind + " check " +
                           outcome.name + " " + (outcome.passed ? "passed" : "FAILED") +
                           (outcome.detail.empty() ? "" : ": " + outcome.detail);
  outcome.passed ? Info(line) : Warn(line);
  verdict_.checks.push_back(std::move(outcome));
}

Result<void> Verifier::CheckRows() {
  auto source = TRY(BatchSource::Open(options_.artifacts, planned_.node));
  const auto database = TRY(NodeDatabase::Open(planned_.spec, NodeDatabase::Access::kLook));
  const auto tables = TRY(database->LoadTables(planned_.node, planned_.project.data));
  DataProgress progress;
  DataApplier applier(*database, planned_.node, source, tables);
  TRY(applier.Look(&progress));
  std::uint64_t holds = 0;
  for (const RowState state : progress.states) holds += state == RowState::kAlready ? 1 : 0;
  CheckOutcome outcome;
  outcome.name = "planned rows";
  outcome.kind = "rows";
  outcome.passed = holds == progress.states.size();
  outcome.detail = std::to_string(holds) + " of " + std::to_string(progress.states.size()) +
                   " rows are as planned";
  for (const DriftedRow& row : progress.drifted) {
    if (outcome.detail.size() > 400) break;
    outcome.detail += "; " + OneLine(row.table.str() + " (" + row.key + ")") + " is not";
  }
  Add(std::move(outcome));
  return {};
}

Result<void> Verifier::CheckConfigs() {
  const auto host = TRY(OpenHost(planned_.spec));
  SqlProbe sql(planned_.spec);
  SudoHost sudo(*host);  // for the file alone: commands stay the login user's
  const auto files = [&](const PlannedConfig& config) -> NodeHost& {
    if (config.sudo) return sudo;
    return *host;
  };
  hidden_.LearnFrom(
      *host);  // all first: what a check of one file prints may hold values of another
  for (const PlannedConfig& config : planned_.node.configs) {
    TRY(CheckStop());
    TRY(CheckConfig(config, files(config), sql));
  }
  return {};
}

Result<void> Verifier::CheckConfig(const PlannedConfig& config, NodeHost& host, SqlProbe& sql) {
  const CheckContext context = ContextOf(host, planned_, config, config.after_digest, hidden_, sql);
  const auto checks = TRY(ChecksOf(config.checks, planned_.node.node));
  for (CheckResult& result : RunChecks(host, checks, context)) {
    CheckOutcome outcome;
    outcome.name = config.config.str() + ": " + result.name;
    outcome.kind = result.kind;
    outcome.passed = result.passed;
    outcome.attempts = result.attempts;
    outcome.detail = std::move(result.detail);
    Add(std::move(outcome));
  }
  return {};
}

bool Verifier::Writes() const {
  const bool whole = (options_.data || planned_.node.batches.empty()) &&
                     (options_.config || planned_.node.configs.empty());
  return whole && !options_.dry_run;
}

Result<void> Verifier::Begin() {
  if (!Writes()) return {};
  VerdictDoc begun = verdict_;
  begun.header.result = "interrupted";
  begun.header.target_state = TargetState::kUnknown;
  begun.header.summary = planned_.node.node.str() + ": verification began and has not ended";
  TRY(WriteVerdict(options_.artifacts, VerdictFile(planned_.node.node), begun));
  return {};
}

Result<void> Verifier::RunChecksInOrder() {
  if (options_.data && !planned_.node.batches.empty()) TRY(CheckRows());
  if (options_.config && !planned_.node.configs.empty()) TRY(CheckConfigs());
  TRY(CheckStop());
  if (planned_.node.test.empty()) return {};
  // A test may print any file, whichever half is looked at.
  if (!hidden_.learnt() && !planned_.project.configs.empty()) {
    hidden_.LearnFrom(*TRY(OpenHost(planned_.spec)));
  }
  Add(RunFunctionalTest(planned_, hidden_.all()));
  return CheckStop();
}

// Result, state and summary from what was found.
void Verifier::Conclude(const Result<void>& made) {
  const auto total = verdict_.checks.size();
  const auto failed = static_cast<std::size_t>(std::ranges::count_if(verdict_.checks, Failed));
  Header& header = verdict_.header;
  header.summary = planned_.node.node.str() + ": " + std::to_string(total - failed) + " of " +
                   std::to_string(total) + " checks passed";
  if (!made) {
    header.result = ResultWord(made.error());
    header.target_state = TargetState::kUnknown;
    header.summary +=
        header.result == "interrupted" ? ", then stopped" : ", the others could not be made";
    header.diagnostics.push_back(ToDiagnostic(made.error()));
    return;
  }
  header.result = failed == 0 ? "success" : "failed";
  header.target_state = IsAfter(verdict_.checks) ? TargetState::kAfter : TargetState::kUnknown;
  if (failed == 0) return;
  header.diagnostics.push_back({"verification-failed", Severity::kError, header.summary,
                                "look at the checks that failed; roll the node back or mend it"});
}

Result<void> Verifier::Write() {
  if (options_.dry_run) {
    Info("dry run: no verdict is written");
  } else if (Writes()) {
    // The verdict is last: it opens the gate.
    verdict_.junit = TRY(WriteJunit(options_.artifacts, JunitFile(planned_.node.node), verdict_));
    TRY(WriteVerdict(options_.artifacts, VerdictFile(planned_.node.node), verdict_));
  } else {
    Info("narrowed with --only: no verdict is written, the gate wants a whole one");
  }
  return {};
}

Result<void> Verifier::Run(const FileRef& receipt) {
  verdict_ = {};
  verdict_.header = NewHeader("verdict");
  verdict_.header.inputs = {planned_.plan_file, receipt};
  verdict_.node = planned_.node.node;
  verdict_.plan_digest = planned_.plan_digest();
  TRY(Begin());
  auto made = RunChecksInOrder();
  Conclude(made);
  if (auto written = Write(); !written) {
    if (made) return written;
    Say(written.error());
  }
  if (!made) return made;
  Info(verdict_.header.summary);
  const auto first = std::ranges::find_if(verdict_.checks, Failed);
  if (first == verdict_.checks.end()) return {};
  return Fail(
      ErrorKind::kVerification, "verification-failed",
      verdict_.header.summary + "; " + first->kind + " check " + first->name + ": " + first->detail,
      "see " + VerdictFile(planned_.node.node) +
          "; roll the node back or mend it and verify again");
}

}  // namespace syncgate
