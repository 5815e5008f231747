// The guarded transition for one configuration file: look, and move it from before to after or back
// in one atomic replacement. No function here touches a file that stands at neither end.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "config/node_host.h"
#include "config/target.h"
#include "core/digest.h"
#include "core/result.h"
#include "core/secret.h"

namespace syncgate {

struct MoveOutcome {
  // kNotOurs: it is not this plan that moved the file, if it has moved at all.
  enum class State : std::uint8_t { kMoved, kAlready, kNotOurs };
  State state = State::kAlready;
  // The file that holds the bytes before. Empty: there is none. With kAlready it is set where an
  // earlier run of the same plan left one.
  std::string backup;
  Digest before_digest;
  Digest after_digest;
};

// Moving a file is four calls, so that a node's files can be looked at, and validated, before the
// first one is replaced, and journalled before it is. A killed run is taken up by calling them
// again. Errors, target as before: those of ReadTarget and Format; kRefused "config-drift",
// "config-backup-differs", "config-validate-failed", "config-path-taken"; kFailed
// "config-prediction-wrong", "config-not-written"; kFixProject "config-validate-no-file". Else:
// kTargetChanged "config-not-restored", "config-overwritten", kOutcomeUnknown
// "config-state-unknown".

// Nothing is written; kMoved means "would move".
Result<MoveOutcome> LookAtConfig(NodeHost& host, const ConfigMove& move, const Digest& plan_digest);

// Lets the node's own command judge the new bytes, in `<target>.syncgate-<plan12>.check`, 0600,
// which is removed again. Nothing is done for a file that is not to be moved.
// What it prints is shown without `hidden` and what the new bytes hold. kInterrupted where `stop`
// says so while it runs.
Result<void> ValidateConfig(NodeHost& host, const ConfigMove& move, const Digest& plan_digest,
                            const std::vector<Secret>& hidden = {},
                            const std::function<bool()>& stop = {});

// Makes the backup, `<target>.syncgate-<plan12>.bak`, 0600. kMoved: ReplaceConfig comes next.
Result<MoveOutcome> BackUpConfig(NodeHost& host, const ConfigMove& move, const Digest& plan_digest);

// Takes away the backup of a file that was not moved.
Result<void> RemoveBackup(NodeHost& host, const ConfigMove& move, const Digest& plan_digest);

// Guards once more, replaces the file, reads it back.
Result<void> ReplaceConfig(NodeHost& host, const ConfigMove& move);

// What the journal of a plan says of one file. kNotMoved: nothing, though apply has run with it.
enum class JournalSays : std::uint8_t { kNothing, kMoved, kTakenBack, kNotMoved };

// Puts the bytes from before back, where this plan moved the file (the journal says so, or there is
// no word of it in the journal and its backup lies beside the file) and it stands at after. They
// are taken from the backup, which stays, or made by turning the planned edits around where that
// gives exactly the recorded digest. kMoved: taken back, or with `dry_run` would be; kAlready: it
// is as before. Errors, target as before: those of ReadTarget; kRefused "config-drift",
// "config-backup-absent", "config-backup-differs", and "config-not-recorded" for a file at after
// with its backup, of which the journal says that it was not moved; kFailed "config-not-written".
// Else as above.
Result<MoveOutcome> RollbackConfig(NodeHost& host, const ConfigMove& move,
                                   const Digest& plan_digest, JournalSays journal, bool dry_run);

// Runs `argv` on the node. Errors: kVerification "config-restart-failed"; kTryLater where the link
// was lost: whether the service runs with the file is not known. The same with kInterrupted, where
// the host was told to stop.
Result<void> RestartService(NodeHost& host, const std::vector<std::string>& argv,
                            std::chrono::milliseconds timeout,
                            const std::vector<Secret>& hidden = {});

// The first lines of what a command printed, fit for a message; stderr where there is any.
std::string OutputExcerpt(const CommandResult& result, const std::vector<Secret>& hidden);

}  // namespace syncgate
