#include "node/verify.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "artifact/document_io.h"
#include "artifact/store.h"
#include "common/header.h"
#include "common/links.h"
#include "common/messages.h"
#include "common/specs.h"
#include "config/checks.h"
#include "config/target.h"
#include "config/values.h"
#include "host/run_command.h"
#include "host/signals.h"
#include "http/client.h"
#include "json/json.h"
#include "node/apply_data.h"
#include "node/batch_source.h"
#include "node/node_database.h"

namespace syncgate {
namespace {

constexpr std::chrono::minutes kTestTimeout{30};

HttpGetter GetterOver(NodeHost& host) {
  return [&host](const std::string& url, std::chrono::milliseconds timeout) -> Result<HttpAnswer> {
    const HttpDial dial = [&host](const std::string& name, std::uint16_t port) {
      return host.Dial(name, port);
    };
    auto response = TRY(HttpGet(url, dial, timeout));
    return HttpAnswer{response.status, std::move(response.body)};
  };
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
  const auto specs = ConfigsFor(planned_.project, planned_.node.node);
  for (const PlannedConfig& config : planned_.node.configs) {
    TRY(CheckStop());
    CheckContext context;
    context.target = config.target;
    context.after_digest = config.after_digest;
    // What `equals_key` means is what the file holds now: that it is the planned file is a check of
    // its own.
    const auto spec = std::ranges::find(specs, config.config, &ConfigSpec::name);
    if (auto file = ReadTarget(*host, config.target); file && spec != specs.end()) {
      if (auto values = VisibleValues(*spec, file->bytes)) context.values = std::move(*values);
      context.hidden = HiddenValues(spec->format, file->bytes, [&spec](const ConfigKey& key) {
        return IsVisible(*spec, key);
      });
    }
    context.http = GetterOver(*host);
    context.json = [](std::string_view body, std::string_view pointer) {
      return ReadPointer(body, pointer);
    };
    context.stop = [] { return StopSignal() != 0; };
    const auto checks = TRY(ChecksOf(config.checks, planned_.node.node));
    for (CheckResult& result : RunChecks(*host, checks, context)) {
      Add({config.config.str() + ": " + result.name, result.kind, result.passed, result.attempts,
           std::move(result.detail)});
    }
  }
  return {};
}

// The team's functional test runs here, not on the node; it is told which node and plan it is
// about.
Result<void> Verifier::RunTest() {
  std::vector<std::string> argv = {"env", "-C", planned_.project.directory,
                                   "SYNCGATE_NODE=" + planned_.node.node.str(),
                                   "SYNCGATE_PLAN_DIGEST=" + planned_.plan_digest().hex()};
  argv.insert(argv.end(), planned_.node.test.begin(), planned_.node.test.end());
  CheckOutcome outcome;
  outcome.name = "functional test";
  outcome.kind = "test";
  auto ran = RunCommand(argv, kTestTimeout);
  if (ran) {
    outcome.passed = ran->exit_code == 0;
    outcome.detail = "exit code " + std::to_string(ran->exit_code);
    const std::string& said = ran->errors.empty() ? ran->output : ran->errors;
    if (!outcome.passed) outcome.detail += ": " + OneLine(said.substr(0, 300));
  } else {
    outcome.detail = ran.error().message;
  }
  Add(std::move(outcome));
  return {};
}

Result<void> Verifier::Run(const FileRef& receipt) {
  verdict_ = {};
  verdict_.header = NewHeader("verdict");
  verdict_.header.inputs = {planned_.plan_file, receipt};
  verdict_.node = planned_.node.node;
  verdict_.plan_digest = planned_.plan_digest();
  if (options_.data && !planned_.node.batches.empty()) TRY(CheckRows());
  if (options_.config && !planned_.node.configs.empty()) TRY(CheckConfigs());
  if (!planned_.node.test.empty()) TRY(RunTest());
  TRY(CheckStop());
  std::size_t failed = 0;
  for (const CheckOutcome& check : verdict_.checks) failed += check.passed ? 0 : 1;
  verdict_.header.result = failed == 0 ? "success" : "failed";
  verdict_.header.target_state = failed == 0 ? TargetState::kAfter : TargetState::kUnknown;
  verdict_.header.summary = planned_.node.node.str() + ": " +
                            std::to_string(verdict_.checks.size() - failed) + " of " +
                            std::to_string(verdict_.checks.size()) + " checks passed";
  if (failed > 0) {
    verdict_.header.diagnostics.push_back(
        {"verification-failed", Severity::kError, verdict_.header.summary,
         "look at the checks that failed; roll the node back or mend it"});
  }
  const bool whole = (options_.data || planned_.node.batches.empty()) &&
                     (options_.config || planned_.node.configs.empty());
  if (options_.dry_run) {
    Info("dry run: no verdict is written");
  } else if (whole) {
    TRY(WriteVerdict(options_.artifacts, VerdictFile(planned_.node.node), verdict_));
  } else {
    Info("narrowed with --only: no verdict is written, the gate wants a whole one");
  }
  Info(verdict_.header.summary);
  if (failed == 0) return {};
  return Fail(ErrorKind::kVerification, "verification-failed",
              planned_.node.node.str() + ": " + std::to_string(failed) + " of " +
                  std::to_string(verdict_.checks.size()) + " checks failed",
              "see " + VerdictFile(planned_.node.node) +
                  "; roll the node back or mend it and verify again");
}

}  // namespace syncgate
