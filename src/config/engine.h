// The guarded transition for one configuration file: look, and move it from before to after or back
// in one atomic replacement. No function here touches a file that stands at neither end.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/node_host.h"
#include "config/target.h"
#include "core/digest.h"
#include "core/result.h"
#include "core/secret.h"

namespace syncgate {

struct MoveOutcome {
  enum class State : std::uint8_t { kMoved, kAlready };
  State state = State::kAlready;
  // The file that holds the bytes before. Empty: there is none, so nothing of this plan has moved
  // the file. With kAlready it is set where an earlier run of the same plan left one.
  std::string backup;
  Digest before_digest;
  Digest after_digest;
};

// Moves the file to after: guard, edit, backup (`<target>.syncgate-<plan12>.bak`, 0600), validate
// (on `<target>.syncgate-<plan12>.check`, 0600, removed again), guard once more, replace, read
// back. A killed run is taken up by calling it again. With `dry_run`: the same up to the first
// write; kMoved then means "would move", and nothing is validated, since that needs a file on the
// node. Errors, target as before: those of ReadTarget and Format; kRefused "config-drift",
// "config-backup-differs", "config-validate-failed", "config-path-taken"; kFailed
// "config-prediction-wrong", "config-not-written"; kFixProject "config-validate-no-file". Else:
// kTargetChanged "config-not-restored", kOutcomeUnknown "config-state-unknown".
Result<MoveOutcome> ApplyConfig(NodeHost& host, const ConfigMove& move, const Digest& plan_digest,
                                bool dry_run);

// Puts the bytes of `backup` back where the file stands at after; the backup stays. kMoved: taken
// back. Errors, target as before: those of ReadTarget; kRefused "config-drift",
// "config-backup-absent", "config-backup-differs"; kFailed "config-not-written". Else as
// ApplyConfig.
Result<MoveOutcome> RollbackConfig(NodeHost& host, const std::string& target,
                                   const Digest& before_digest, const Digest& after_digest,
                                   const std::string& backup, bool dry_run);

// Runs `argv` on the node. Errors: kTargetChanged "config-restart-failed", also where the link was
// lost: the file has been moved by then, and whether the service runs with it is not known.
Result<void> RestartService(NodeHost& host, const std::vector<std::string>& argv,
                            std::chrono::milliseconds timeout,
                            const std::vector<Secret>& hidden = {});

// The first lines of what a command printed, fit for a message; stderr where there is any.
std::string OutputExcerpt(const CommandResult& result, const std::vector<Secret>& hidden);

}  // namespace syncgate
