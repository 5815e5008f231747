#include "node/service_checks.h"

#include <utility>

#include "common/messages.h"
#include "common/specs.h"
#include "config/checks.h"
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
                           Toward toward, const HiddenTexts& hidden) {
  std::vector<CheckSpec> checks;
  for (CheckSpec& check : TRY(ChecksOf(config.checks, planned.node.node))) {
    if (check.kind != CheckSpec::Kind::kHttp && check.kind != CheckSpec::Kind::kCommand) continue;
    if (toward == Toward::kBefore) AskOnlyWhatHeldBefore(&check);
    checks.push_back(std::move(check));
  }
  if (checks.empty()) return {};
  SqlProbe sql(planned.spec);  // asked by no check of these kinds
  const Digest& wanted = toward == Toward::kAfter ? config.after_digest : config.before_digest;
  const CheckContext context = ContextOf(host, planned, config, wanted, hidden, sql);
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
