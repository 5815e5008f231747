#include "config/engine.h"

#include <algorithm>
#include <utility>

#include "config/diff.h"
#include "config/node_files.h"
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

// Lets the node's own command judge the new bytes before they take the place of the old ones.
Result<void> Validate(NodeHost& host, const ConfigMove& move, const std::string& path,
                      std::string_view bytes) {
  if (move.validate.empty()) return {};
  const std::vector<std::string> argv = TRY(ValidateCommand(move, path));
  TRY(CreateScratch(host, path, bytes));
  const auto result = host.Run(argv, kValidateTimeout);
  const auto removed = host.Remove(path);
  if (!result) return std::unexpected(result.error());
  if (!removed) return std::unexpected(removed.error());
  if (result->exit_code == 0) return {};
  return Fail(ErrorKind::kRefused, "config-validate-failed",
              move.target + ": " + argv.front() + " refused the new file (exit code " +
                  std::to_string(result->exit_code) +
                  "): " + OutputExcerpt(*result, HiddenIn(move, bytes)),
              "correct the source file; the node's file is as it was");
}

MoveOutcome Outcome(MoveOutcome::State state, std::string backup, const Digest& before,
                    const Digest& after) {
  return {state, std::move(backup), before, after};
}

}  // namespace

std::string OutputExcerpt(const CommandResult& result, const std::vector<Secret>& hidden) {
  const std::string& text = result.errors.empty() ? result.output : result.errors;
  return text.empty() ? "(it printed nothing)" : Excerpt(text, hidden);
}

Result<MoveOutcome> ApplyConfig(NodeHost& host, const ConfigMove& move, const Digest& plan_digest,
                                bool dry_run) {
  using enum MoveOutcome::State;
  const std::string stem = move.target + ".syncgate-" + plan_digest.Short();
  const std::string backup = stem + ".bak";
  const TargetFile file = TRY(ReadTarget(host, move.target));
  switch (PositionOf(file.digest, move.before_digest, move.after_digest)) {
    case Position::kNeither:
      return std::unexpected(DriftError(move, file.bytes));
    case Position::kAfter: {
      const bool ours = TRY(HoldsBackup(host, backup, move.before_digest));
      return Outcome(kAlready, ours ? backup : "", move.before_digest, move.after_digest);
    }
    case Position::kBefore:
      break;
  }
  const std::string bytes = TRY(Predicted(move, file));
  TRY(CheckBackup(host, backup, file.bytes));
  if (dry_run) return Outcome(kMoved, "", move.before_digest, move.after_digest);

  TRY(CreateBackup(host, backup, file.bytes));
  TRY(Validate(host, move, stem + ".check", bytes));
  // Validation takes its time: look again, so that the gap in which a foreign write is lost stays
  // one call wide.
  const TargetFile again = TRY(ReadTarget(host, move.target));
  if (again.digest != move.before_digest) return std::unexpected(DriftError(move, again.bytes));
  TRY(ReplaceAndCheck(host, move.target, again, bytes));
  return Outcome(kMoved, backup, move.before_digest, move.after_digest);
}

Result<MoveOutcome> RollbackConfig(NodeHost& host, const std::string& target,
                                   const Digest& before_digest, const Digest& after_digest,
                                   const std::string& backup, bool dry_run) {
  using enum MoveOutcome::State;
  const TargetFile file = TRY(ReadTarget(host, target));
  // Seen from here the way leads back: before is where the file is to end.
  switch (PositionOf(file.digest, after_digest, before_digest)) {
    case Position::kAfter:
      return Outcome(kAlready, backup, before_digest, after_digest);
    case Position::kNeither:
      return Fail(ErrorKind::kRefused, "config-drift",
                  target + " changed after syncgate wrote it; it is not taken back",
                  "compare it with " + backup + " and decide by hand");
    case Position::kBefore:
      break;
  }
  const std::string bytes = TRY(ReadBackup(host, backup, before_digest));
  if (!dry_run) TRY(ReplaceAndCheck(host, target, file, bytes));
  return Outcome(kMoved, backup, before_digest, after_digest);
}

Result<void> RestartService(NodeHost& host, const std::vector<std::string>& argv,
                            std::chrono::milliseconds timeout, const std::vector<Secret>& hidden) {
  if (argv.empty()) return {};
  const auto result = host.Run(argv, timeout);
  if (result && result->exit_code == 0) return {};
  const std::string why = result ? "exit code " + std::to_string(result->exit_code) + ": " +
                                       OutputExcerpt(*result, hidden)
                                 : result.error().message;
  return Fail(ErrorKind::kTargetChanged, "config-restart-failed",
              "the restart command " + argv.front() + " failed: " + why,
              "the configuration file is written: restart the service by hand, or roll back");
}

}  // namespace syncgate
