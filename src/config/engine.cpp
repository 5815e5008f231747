#include "config/engine.h"

#include <algorithm>
#include <utility>

#include "config/diff.h"
#include "config/node_files.h"
#include "config/sudo_host.h"
#include "config/text.h"
#include "config/values.h"

namespace syncgate {
namespace {

constexpr std::chrono::milliseconds kValidateTimeout{60'000};

// The new bytes, which must be those the plan was approved for.
Result<std::string> Predicted(const ConfigMove& move, const TargetFile& file) {
  const Format* format = TRY(FindFormat(move.format));
  std::string bytes = TRY(format->Edit(file.bytes, EditsOf(move.changes)));
  if (Digest::Of(bytes) == move.after_digest) return bytes;
  return Fail(ErrorKind::kFailed, "config-prediction-wrong",
              move.target + ": the planned edits give another file than the plan says",
              "was the plan made by another version of syncgate? run compare again");
}

std::vector<Secret> HiddenIn(const ConfigMove& move, std::string_view bytes) {
  return HiddenValues(move.format, bytes, [&](const ConfigKey& key) {
    return std::ranges::any_of(move.changes, [&](const ConfigChange& change) {
      return change.key == key && !change.secret;
    });
  });
}

Result<std::vector<std::string>> ValidateCommand(const ConfigMove& move, const std::string& file) {
  std::vector<std::string> argv = move.validate;
  bool named = false;
  for (std::string& word : argv) {
    for (std::size_t at = 0; (at = word.find("%s", at)) != std::string::npos; at += file.size()) {
      word.replace(at, 2, file);
      named = true;
    }
  }
  if (named) return argv;
  return Fail(ErrorKind::kFixProject, "config-validate-no-file",
              "the validate command of " + move.config.str() + " does not name the file to check",
              "write %s where the command takes the file; without it the old file is checked");
}

std::string StemOf(const ConfigMove& move, const Digest& plan_digest) {
  return move.target + ".syncgate-" + plan_digest.Short();
}

Result<MoveOutcome> Look(NodeHost& host, const ConfigMove& move, const Digest& plan_digest,
                         bool back_up) {
  using enum MoveOutcome::State;
  const std::string backup = StemOf(move, plan_digest) + ".bak";
  const TargetFile file = TRY(ReadTarget(host, move.target));
  MoveOutcome outcome{kMoved, backup, move.before_digest, move.after_digest};
  switch (PositionOf(file.digest, move.before_digest, move.after_digest)) {
    case Position::kNeither:
      return std::unexpected(DriftError(move, file.bytes));
    case Position::kAfter:
      outcome.state = kAlready;
      if (!TRY(HoldsBackup(host, backup, move.before_digest))) outcome.backup.clear();
      return outcome;
    case Position::kBefore:
      break;
  }
  TRY(Predicted(move, file));
  if (back_up) {
    TRY(CreateBackup(host, backup, file.bytes));
  } else {
    TRY(CheckBackup(host, backup, file.bytes));
    outcome.backup.clear();
  }
  return outcome;
}

// The bytes that the file had before: of the backup, else the planned edits turned around. That
// these are the very bytes is not hoped for but known by their digest.
Result<std::string> BytesBefore(NodeHost& host, const ConfigMove& move, const TargetFile& file,
                                const std::string& backup) {
  auto kept = ReadBackup(host, backup, move.before_digest);
  if (kept || kept.error().kind != ErrorKind::kRefused) return kept;
  std::vector<ConfigChange> reversed = move.changes;
  for (ConfigChange& change : reversed) std::swap(change.before, change.after);
  const Format* format = TRY(FindFormat(move.format));
  auto bytes = format->Edit(file.bytes, EditsOf(reversed));
  if (bytes && Digest::Of(*bytes) == move.before_digest) return bytes;
  return kept;
}

}  // namespace

std::string OutputExcerpt(const CommandResult& result, const std::vector<Secret>& hidden) {
  const std::string& text = result.errors.empty() ? result.output : result.errors;
  return text.empty() ? "(it printed nothing)" : Excerpt(text, hidden);
}

Result<MoveOutcome> LookAtConfig(NodeHost& host, const ConfigMove& move,
                                 const Digest& plan_digest) {
  return Look(host, move, plan_digest, /*back_up=*/false);
}

Result<void> ValidateConfig(NodeHost& host, const ConfigMove& move, const Digest& plan_digest,
                            const std::vector<Secret>& hidden, const std::function<bool()>& stop) {
  if (move.validate.empty()) return {};
  const std::string path = StemOf(move, plan_digest) + ".check";
  std::vector<std::string> argv = TRY(ValidateCommand(move, path));
  const TargetFile file = TRY(ReadTarget(host, move.target));
  if (PositionOf(file.digest, move.before_digest, move.after_digest) != Position::kBefore)
    return {};
  const std::string bytes = TRY(Predicted(move, file));
  TRY(CreateScratch(host, path, bytes));
  host.set_stop(stop);  // of the command alone: the file is removed whatever happens
  const auto result = host.Run(move.sudo ? WithSudo(argv) : argv, kValidateTimeout);
  host.set_stop({});
  const auto removed = host.Remove(path);
  if (!result) return std::unexpected(result.error());
  if (!removed) return std::unexpected(removed.error());
  if (result->exit_code == 0) return {};
  std::vector<Secret> all = HiddenIn(move, bytes);
  all.insert(all.end(), hidden.begin(), hidden.end());
  return Fail(ErrorKind::kRefused, "config-validate-failed",
              move.target + ": " + argv.front() + " refused the new file (exit code " +
                  std::to_string(result->exit_code) + "): " + OutputExcerpt(*result, all),
              "correct the source file; the node's file is as it was");
}

Result<MoveOutcome> BackUpConfig(NodeHost& host, const ConfigMove& move,
                                 const Digest& plan_digest) {
  return Look(host, move, plan_digest, /*back_up=*/true);
}

Result<void> RemoveBackup(NodeHost& host, const ConfigMove& move, const Digest& plan_digest) {
  const std::string backup = StemOf(move, plan_digest) + ".bak";
  if (!TRY(HoldsBackup(host, backup, move.before_digest))) return {};
  return host.Remove(backup);
}

Result<void> ReplaceConfig(NodeHost& host, const ConfigMove& move) {
  // Looked at again: the gap in which a foreign write is lost stays one call wide.
  const TargetFile file = TRY(ReadTarget(host, move.target));
  if (file.digest != move.before_digest) return std::unexpected(DriftError(move, file.bytes));
  const std::string bytes = TRY(Predicted(move, file));
  return ReplaceAndCheck(host, move.target, file, bytes);
}

Result<MoveOutcome> RollbackConfig(NodeHost& host, const ConfigMove& move,
                                   const Digest& plan_digest, JournalSays journal, bool dry_run) {
  using enum MoveOutcome::State;
  const std::string backup = StemOf(move, plan_digest) + ".bak";
  const bool kept = TRY(HoldsBackup(host, backup, move.before_digest));
  const auto outcome = [&](MoveOutcome::State state) {
    return MoveOutcome{state, kept ? backup : "", move.before_digest, move.after_digest};
  };
  const bool ours = journal == JournalSays::kMoved || (journal != JournalSays::kTakenBack && kept);
  if (!ours) return outcome(kNotOurs);
  const TargetFile file = TRY(ReadTarget(host, move.target));
  // Seen from here the way leads back: before is where the file is to end.
  switch (PositionOf(file.digest, move.after_digest, move.before_digest)) {
    case Position::kAfter:
      return outcome(kAlready);
    case Position::kNeither:
      return Fail(ErrorKind::kRefused, "config-drift",
                  move.target + " changed after syncgate wrote it; it is not taken back",
                  "compare it with " + backup + " and decide by hand");
    case Position::kBefore:
      break;
  }
  if (journal == JournalSays::kNotMoved) {
    return Fail(ErrorKind::kRefused, "config-not-recorded",
                move.target + " stands where the plan leads, and this journal has no word of it: " +
                    "only the backup " + backup + " says that this plan moved it",
                "roll back with the artifacts of the run that moved it; where it was this plan, "
                "whatever they say, with --from-plan");
  }
  const std::string bytes = TRY(BytesBefore(host, move, file, backup));
  if (!dry_run) TRY(ReplaceAndCheck(host, move.target, file, bytes));
  return outcome(kMoved);
}

Result<void> RestartService(NodeHost& host, const std::vector<std::string>& argv,
                            std::chrono::milliseconds timeout, const std::vector<Secret>& hidden) {
  if (argv.empty()) return {};
  const auto result = host.Run(argv, timeout);
  if (result && result->exit_code == 0) return {};
  if (!result && result.error().kind == ErrorKind::kInterrupted) {
    return std::unexpected(result.error());
  }
  // A lost link says nothing about the service, only that we do not know.
  const bool lost = !result && result.error().code != "command-timeout";
  const std::string why = result ? "exit code " + std::to_string(result->exit_code) + ": " +
                                       OutputExcerpt(*result, hidden)
                                 : result.error().message;
  return Fail(lost ? ErrorKind::kTryLater : ErrorKind::kVerification, "config-restart-failed",
              "the restart command " + argv.front() + " failed: " + why,
              "look at the service on the node; target_state says which file it was to run with");
}

}  // namespace syncgate
