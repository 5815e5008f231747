#include "node/config_work.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "common/messages.h"
#include "config/node_files.h"
#include "config/target.h"
#include "core/fault.h"
#include "core/file_names.h"
#include "host/signals.h"
#include "node/directories.h"

namespace syncgate {
namespace {

constexpr std::chrono::minutes kRestartTimeout{5};
constexpr int kLocked = 75;

JournalConfig RecordOf(const PlannedConfig& config, const std::string& backup) {
  JournalConfig record;
  record.config = config.config;
  record.target = config.target;
  record.backup = backup;
  record.before_digest = config.before_digest;
  record.after_digest = config.after_digest;
  return record;
}

// An apply is recorded before the file is replaced, a rollback after it: so "taken back" is certain
// and "moved" is to be looked at.
JournalSays WordOf(const Journal* journal, const PlannedConfig& config) {
  JournalSays says = JournalSays::kNothing;
  if (journal == nullptr) return says;
  for (const JournalConfig& record : journal->configs()) {
    if (record.config != config.config) continue;
    says = record.direction == Direction::kApply ? JournalSays::kMoved : JournalSays::kTakenBack;
  }
  return says;
}

}  // namespace

ConfigWork::ConfigWork(NodeHost& host, const PlannedNode& planned)
    : host_(&host),
      sudo_(std::make_unique<SudoHost>(host)),
      planned_(planned),
      plan_(planned.node),
      progress_(planned.node.configs.size()),
      hidden_(planned) {
  for (const PlannedConfig& config : plan_.configs) {
    ConfigOutcome outcome;
    outcome.config = config.config;
    outcome.target = config.target;
    outcome.state = "untouched";
    outcome.before_digest = config.before_digest;
    outcome.after_digest = config.after_digest;
    outcomes_.push_back(std::move(outcome));
  }
}

NodeHost& ConfigWork::HostOf(const PlannedConfig& config) {
  if (config.sudo) return *sudo_;
  return *host_;
}

ConfigMove ConfigWork::MoveOf(const PlannedConfig& config) const {
  ConfigMove move;
  move.config = config.config;
  move.target = config.target;
  move.format = config.format;
  move.before_digest = config.before_digest;
  move.after_digest = config.after_digest;
  move.changes = config.changes;
  move.validate = config.validate;
  move.sudo = config.sudo;
  return move;
}

// One command for all of them, since sshd allows few at a time.
Result<void> ConfigWork::HoldDirectories(NodeHost& host, const std::set<std::string>& directories) {
  if (directories.empty()) return {};
  std::vector<std::string> argv;
  std::string where;
  for (const std::string& directory : directories) {  // in one order for all runs
    // flock would make a file of a path that is not there; with "/." it cannot. It waits a little,
    // for the connection of a run that was killed to end.
    for (const std::string& word :
         {std::string("flock"), std::string("-w"), std::string("5"), std::string("-E"),
          std::to_string(kLocked), std::string("--"), directory + "/."}) {
      argv.push_back(word);
    }
    where += (where.empty() ? "" : ", ") + directory;
  }
  argv.emplace_back("cat");
  auto result = TRY(host.Hold(argv));
  if (result.held) {
    held_.push_back(std::move(result.held));
    return {};
  }
  where += " on " + plan_.node.str();
  if (result.ended.exit_code == kLocked) {
    return Fail(ErrorKind::kTryLater, "node-locked", "another run of syncgate works in " + where,
                "wait for it and run again");
  }
  // What is wrong with a target says it better, where that is the reason.
  for (const PlannedConfig& config : plan_.configs) TRY(ReadTarget(HostOf(config), config.target));
  if (result.ended.exit_code == 127) {
    return Fail(ErrorKind::kFixProject, "node-lock-missing",
                plan_.node.str() + " has no flock, which keeps two runs apart",
                "install util-linux on the node");
  }
  return Fail(ErrorKind::kFailed, "node-lock-failed",
              "cannot lock " + where + " (exit code " + std::to_string(result.ended.exit_code) +
                  "): " + OutputExcerpt(result.ended, {}),
              "flock has to work for the login user in that directory");
}

Result<void> ConfigWork::Hold() {
  const DirectoriesToHold directories = TRY(DirectoriesOf(*host_, plan_));
  TRY(HoldDirectories(*host_, directories.plain));
  TRY(HoldDirectories(*sudo_, directories.through_sudo));
  for (const PlannedConfig& config : plan_.configs) {
    TRY(RemoveLeftovers(HostOf(config), config.target));
  }
  return {};
}

void ConfigWork::LetGo() {
  held_.clear();
  sudo_.reset();
  host_ = nullptr;
}

void ConfigWork::GoOnWith(NodeHost& host) {
  host_ = &host;
  sudo_ = std::make_unique<SudoHost>(host);
}

Result<void> ConfigWork::Look() {
  for (std::size_t i = 0; i < plan_.configs.size(); ++i) {
    const PlannedConfig& config = plan_.configs[i];
    const auto found = TRY(LookAtConfig(HostOf(config), MoveOf(config), planned_.plan_digest()));
    progress_[i].surely_not_moved = found.state == MoveOutcome::State::kMoved;
    if (progress_[i].surely_not_moved) continue;
    // A file found at its end with our backup beside it was moved by an earlier run of this plan.
    outcomes_[i].state = found.backup.empty() ? "already" : "moved";
    outcomes_[i].backup = found.backup;
    progress_[i].journalled = !found.backup.empty();
  }
  return {};
}

Result<void> ConfigWork::Validate() {
  hidden_.LearnFrom(*host_);
  for (const PlannedConfig& config : plan_.configs) {
    TRY(ValidateConfig(HostOf(config), MoveOf(config), planned_.plan_digest(), hidden_.all()));
    FaultPoint("config.validated");
  }
  return {};
}

Result<void> ConfigWork::MoveOne(std::size_t i, Journal& journal) {
  const PlannedConfig& config = plan_.configs[i];
  NodeHost& host = HostOf(config);
  const auto found = TRY(BackUpConfig(host, MoveOf(config), planned_.plan_digest()));
  FaultPoint("config.backed-up");
  outcomes_[i].backup = found.backup;
  const bool moves = found.state == MoveOutcome::State::kMoved;
  // Also where an earlier run moved it whose journal is lost: rollback reads this one.
  if (moves || (!found.backup.empty() && WordOf(&journal, config) != JournalSays::kMoved)) {
    TRY(journal.RecordConfig(RecordOf(config, found.backup)));
  }
  FaultPoint("config.journalled");
  progress_[i].journalled = !found.backup.empty();
  if (!moves) {
    outcomes_[i].state = found.backup.empty() ? "already" : "moved";
    return {};
  }
  progress_[i].surely_not_moved = false;
  if (auto replaced = ReplaceConfig(host, MoveOf(config)); !replaced) {
    const ErrorKind kind = replaced.error().kind;
    progress_[i].surely_not_moved =
        kind != ErrorKind::kOutcomeUnknown && kind != ErrorKind::kTargetChanged;
    return replaced;
  }
  FaultPoint("config.replaced");
  wrote_ = true;
  progress_[i].restart_due = true;
  outcomes_[i].state = "moved";
  Info(plan_.node.str() + ": " + config.config.str() + " written to " + config.target +
       ", backup " + found.backup);
  return {};
}

Result<void> ConfigWork::SetRoomAside() {
  std::uint64_t most = 0;
  for (const PlannedConfig& config : plan_.configs) {
    most = std::max(most, TRY(HostOf(config).Stat(config.target)).size);
  }
  std::set<std::string> directories;
  for (const PlannedConfig& config : plan_.configs) {
    if (!directories.insert(ParentOf(config.target)).second) continue;
    // By the name of a file to validate, which is in use no more, so that a later run clears it
    // away.
    const std::string path =
        config.target + ".syncgate-" + planned_.plan_digest().Short() + ".check";
    TRY(CreateScratch(HostOf(config), path, std::string(most, '#')));
    room_.emplace(path, &config);
  }
  return {};
}

void ConfigWork::GiveRoomBack() {
  for (const auto& [path, config] : room_) {
    if (host_ == nullptr) break;
    const auto removed = HostOf(*config).Remove(path);
    if (!removed) Warn(plan_.node.str() + ": " + path + " stays: " + removed.error().message);
  }
  room_.clear();
}

Result<void> ConfigWork::Move(Journal& journal) {
  const bool nothing = std::ranges::all_of(outcomes_, [](const ConfigOutcome& outcome) {
    return outcome.state != "untouched";  // Look found it at its end
  });
  if (!nothing) {
    for (const PlannedConfig& config : plan_.configs) {
      TRY(BackUpConfig(HostOf(config), MoveOf(config), planned_.plan_digest()));
    }
    TRY(SetRoomAside());
  }
  for (std::size_t i = 0; i < plan_.configs.size(); ++i) TRY(MoveOne(i, journal));
  return {};
}

Result<void> ConfigWork::Restart(bool unfinished, bool stoppable) {
  Result<void> first;
  std::map<std::vector<std::string>, bool> done;  // command -> whether it succeeded
  for (std::size_t i = 0; i < plan_.configs.size(); ++i) {
    const PlannedConfig& config = plan_.configs[i];
    FileProgress& progress = progress_[i];
    progress.just_restarted = false;
    if (config.restart.empty()) continue;
    if (!progress.restart_due && !(unfinished && progress.journalled)) continue;
    const std::vector<std::string> argv = config.sudo ? WithSudo(config.restart) : config.restart;
    if (!done.contains(argv)) {
      if (stoppable) TRY(CheckStop());
      restarted_ = true;
      Info(plan_.node.str() + ": restarting " + config.config.str());
      hidden_.LearnFrom(*host_);
      if (stoppable) host_->set_stop([] { return StopSignal() != 0; });
      auto result = RestartService(*host_, argv, kRestartTimeout, hidden_.all());
      host_->set_stop({});
      done[argv] = result.has_value();
      if (!result && result.error().kind == ErrorKind::kInterrupted) return result;
      if (!result && first) first = std::move(result);
      FaultPoint("config.restarted");
    }
    if (!done[argv]) continue;
    progress.restart_due = false;
    progress.just_restarted = true;
    outcomes_[i].restarted = true;
  }
  return first;
}

bool ConfigWork::RestartIsDue() const {
  for (std::size_t i = 0; i < progress_.size(); ++i) {
    if (progress_[i].restart_due && !plan_.configs[i].restart.empty()) return true;
  }
  return false;
}

Result<void> ConfigWork::AwaitReady(Toward toward) {
  for (std::size_t i = 0; i < plan_.configs.size(); ++i) {
    if (!progress_[i].just_restarted) continue;
    const PlannedConfig& config = plan_.configs[i];
    auto ready = CheckServices(HostOf(config), planned_, config, toward, hidden_);
    if (ready) continue;
    TRY(host_->Stat("/"));  // where the link is lost, that is the reason
    return ready;
  }
  return {};
}

// Taken back, and at its end again: whoever moved it since has a journal of their own.
void ConfigWork::WarnIfMovedAgain(std::size_t i) {
  const PlannedConfig& config = plan_.configs[i];
  const auto file = ReadTarget(HostOf(config), config.target);
  if (!file || file->digest != config.after_digest) return;
  Warn(plan_.node.str() + ": " + config.target +
       " was taken back, and stands where the plan leads again; it is left alone: roll back with "
       "the artifacts of the run that moved it, or with --from-plan");
}

Result<void> ConfigWork::UndoOne(std::size_t i, Journal* journal, TakeBackWhat what, bool dry_run) {
  const PlannedConfig& config = plan_.configs[i];
  ConfigOutcome& outcome = outcomes_[i];
  outcome.state = "untouched";
  if (config.before_digest == config.after_digest) return {};
  if (progress_[i].surely_not_moved) {
    // Whatever stands there is somebody else's, and keeps no other file from going back. Its backup
    // must not speak for it in a later run either.
    if (dry_run || journal == nullptr) return {};
    if (WordOf(journal, config) == JournalSays::kTakenBack) return {};
    return journal->RecordConfig(RecordOf(config, outcome.backup));
  }
  const JournalSays says = WordOf(journal, config);
  progress_[i].journalled = says != JournalSays::kNothing;
  const JournalSays counts = what == TakeBackWhat::kWhateverIsThere ? JournalSays::kMoved : says;
  const auto undone =
      TRY(RollbackConfig(HostOf(config), MoveOf(config), planned_.plan_digest(), counts, dry_run));
  if (undone.state == MoveOutcome::State::kNotOurs) {
    if (says == JournalSays::kTakenBack && dry_run) WarnIfMovedAgain(i);
    return {};
  }
  outcome.backup = undone.backup;
  outcome.state = undone.state == MoveOutcome::State::kMoved ? "restored" : "already";
  if (dry_run) return {};
  if (undone.state == MoveOutcome::State::kMoved) {
    FaultPoint("config.replaced");
    wrote_ = true;
    progress_[i].restart_due = true;
    Info(plan_.node.str() + ": " + config.config.str() + " taken back in " + config.target);
  }
  if (journal == nullptr) return {};
  if (undone.state != MoveOutcome::State::kMoved && says != JournalSays::kMoved) return {};
  return journal->RecordConfig(RecordOf(config, undone.backup));
}

Result<void> ConfigWork::Undo(Journal* journal, TakeBackWhat what, bool dry_run) {
  GiveRoomBack();
  // What an earlier pass only looked at is not restored, and may never be.
  const auto forget = [&] {
    for (ConfigOutcome& outcome : outcomes_) {
      if (outcome.state == "restored") outcome.state = "untouched";
    }
  };
  if (!dry_run) forget();
  for (std::size_t i = plan_.configs.size(); i-- > 0;) {
    auto undone = UndoOne(i, journal, what, dry_run);
    if (undone) continue;
    if (dry_run) forget();
    return undone;
  }
  return {};
}

bool ConfigWork::AnyMoved() const {
  return std::ranges::any_of(outcomes_,
                             [](const ConfigOutcome& outcome) { return outcome.state == "moved"; });
}

void ConfigWork::RemoveUnusedBackups(const Journal& journal) {
  for (std::size_t i = 0; i < plan_.configs.size() && host_ != nullptr; ++i) {
    const PlannedConfig& config = plan_.configs[i];
    if (!progress_[i].surely_not_moved || WordOf(&journal, config) != JournalSays::kNothing)
      continue;
    const auto removed = RemoveBackup(HostOf(config), MoveOf(config), planned_.plan_digest());
    if (!removed) {
      Warn(plan_.node.str() + ": the backup of " + config.target +
           " stays: " + removed.error().message);
      continue;
    }
    outcomes_[i].backup.clear();
  }
}

void ConfigWork::RemoveOldBackups() {
  for (std::size_t i = 0; i < plan_.configs.size(); ++i) {
    const PlannedConfig& config = plan_.configs[i];
    if (config.keep == 0) continue;
    NodeHost& host = HostOf(config);
    const auto warn = [&](const Error& error) {
      Warn(plan_.node.str() + ": " + config.config.str() + ": old backups stay: " + error.message);
    };
    const auto surplus = SurplusBackups(host, config.target, outcomes_[i].backup, config.keep);
    if (!surplus) {
      warn(surplus.error());
      continue;
    }
    for (const std::string& path : *surplus) {
      const auto removed = host.Remove(path);
      removed ? Info(plan_.node.str() + ": old backup " + path + " removed")
              : warn(removed.error());
    }
  }
}

}  // namespace syncgate
