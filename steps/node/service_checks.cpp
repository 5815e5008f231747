#include "node/service_checks.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "common/messages.h"
#include "common/specs.h"
#include "config/checks.h"
#include "config/target.h"
#include "config/values.h"
#include "host/signals.h"
#include "json/json.h"
#include "node/probes.h"

namespace syncgate {
namespace {

void AskOnlyWhatHeldBefore(CheckSpec* check) {
  if (check->equals) {
    check->equals.reset();
    check->pointer.reset();
  }
  check->output_contains.reset();
}

}  // namespace

Result<void> CheckServices(NodeHost& host, const PlannedNode& planned, const PlannedConfig& config,
                           Toward toward, std::vector<Secret> hidden) {
  std::vector<CheckSpec> checks;
  for (CheckSpec& check : TRY(ChecksOf(config.checks, planned.node.node))) {
    if (check.kind != CheckSpec::Kind::kHttp && check.kind != CheckSpec::Kind::kCommand) continue;
    if (toward == Toward::kBefore) AskOnlyWhatHeldBefore(&check);
    checks.push_back(std::move(check));
  }
  if (checks.empty()) return {};
  const TargetFile file = TRY(ReadTarget(host, config.target));
  CheckContext context;
  context.target = config.target;
  context.hidden = std::move(hidden);
  context.after_digest = toward == Toward::kAfter ? config.after_digest : config.before_digest;
  const auto specs = ConfigsFor(planned.project, planned.node.node);
  const auto spec = std::ranges::find(specs, config.config, &ConfigSpec::name);
  if (spec != specs.end()) {
    if (auto values = VisibleValues(*spec, file.bytes)) context.values = std::move(*values);
    std::ranges::move(HiddenValues(spec->format, file.bytes,
                                   [&spec](const ConfigKey& key) { return IsVisible(*spec, key); }),
                      std::back_inserter(context.hidden));
  }
  context.http = GetterOver(host, planned.project.directory);
  context.json = [](std::string_view body, std::string_view pointer) {
    return ReadPointer(body, pointer);
  };
  context.stop = [] { return StopSignal() != 0; };
  for (const CheckResult& result : RunChecks(host, checks, context)) {
    const std::string line = planned.node.node.str() + ": " + config.config.str() + ": " +
                             result.kind + " check " + result.name;
    if (result.passed) {
      Debug(line + " passed: " + result.detail);
      continue;
    }
    return Fail(
        ErrorKind::kVerification, "service-not-ready",
        line + " did not pass (" + std::to_string(result.attempts) + " attempts): " + result.detail,
        toward == Toward::kAfter
            ? "correct the value, or the service; target_state says how the node was left"
            : "the old file is back and the service does not answer as it should: look at it");
  }
  return {};
}

}  // namespace syncgate
