#include "apply-node/options.h"

namespace syncgate {

void AddApplyOptions(cxxopts::Options& options) {
  options.add_options("apply-node")(
      "verify", "verify afterwards as verify-config does; a failure is taken back")(
      "auto-restart", "run the plan's restart commands after the configuration was written")(
      "on-failure", "rollback or keep what was applied before the failure",
      cxxopts::value<std::string>()->default_value("rollback"), "WHAT")(
      "override-gate", "apply although the gate is closed; the reason stands in the receipt",
      cxxopts::value<std::string>(), "REASON");
}

Result<ApplyOptionsGiven> ReadApplyOptions(const cxxopts::ParseResult& parsed) {
  ApplyOptionsGiven given;
  given.verify = parsed.count("verify") > 0;
  given.auto_restart = parsed.count("auto-restart") > 0;
  const auto on_failure = parsed["on-failure"].as<std::string>();
  if (on_failure != "rollback" && on_failure != "keep") {
    return Fail(ErrorKind::kUsage, "option-value",
                "--on-failure takes rollback or keep, not " + on_failure, "correct the option");
  }
  given.keep = on_failure == "keep";
  if (parsed.count("override-gate") == 0) return given;
  given.override_reason = parsed["override-gate"].as<std::string>();
  if (given.override_reason.empty()) {
    return Fail(ErrorKind::kUsage, "option-value", "--override-gate wants a reason",
                "say why; it stands in the receipt");
  }
  return given;
}

}  // namespace syncgate
