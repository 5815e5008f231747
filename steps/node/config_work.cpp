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
#include "node/config_journal.h"
#include "node/directories.h"

namespace syncgate {
namespace {

constexpr std::chrono::minutes kRestartTimeout{5};
constexpr int kLocked = 75;

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

void ConfigWork::BelieveIn(const Journal& journal) {
  believed_ = &journal;
  journal_is_whole_ = std::ranges::any_of(
      journal.runs(), [](const JournalRun& run) { return run.direction == Direction::kApply; });
}

// Whether the backup of a file at its end says that this plan moved it there.
bool ConfigWork::BackupSpeaks(const PlannedConfig& config) const {
  const JournalSays says = WordOf(believed_, config);
  return says == JournalSays::kMoved || (says == JournalSays::kNothing && !journal_is_whole_);
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
    const bool ours = !found.backup.empty() && BackupSpeaks(config);
    outcomes_[i].state = ours ? "moved" : "already";
    if (ours) outcomes_[i].backup = found.backup;
    progress_[i].perhaps_moved = !found.backup.empty();
    progress_[i].not_ours = !ours;
  }
  return {};
}

Result<void> ConfigWork::Validate() {
  hidden_.LearnFrom(*host_);
  for (const PlannedConfig& config : plan_.configs) {
    TRY(ValidateConfig(HostOf(config), MoveOf(config), planned_.plan_digest(), hidden_.all(),
                       [] { return StopSignal() != 0; }));
    FaultPoint("config.validated");
  }
  return {};
}

Result<void> ConfigWork::MoveOne(std::size_t i, Journal& journal) {
  const PlannedConfig& config = plan_.configs[i];
  NodeHost& host = HostOf(config);
  const auto found = TRY(BackUpConfig(host, MoveOf(config), planned_.plan_digest()));
  FaultPoint("config.backed-up");
  const bool moves = found.state == MoveOutcome::State::kMoved;
  const bool ours = moves || (!found.backup.empty() && BackupSpeaks(config));
  outcomes_[i].backup = ours ? found.backup : "";
  // Also where an earlier run moved it whose journal is lost: rollback reads this one.
  if (moves || (ours && WordOf(&journal, config) != JournalSays::kMoved)) {
    TRY(journal.RecordConfig(RecordOf(config, found.backup)));
  }
  FaultPoint("config.journalled");
  progress_[i].perhaps_moved = !found.backup.empty();
  progress_[i].not_ours = !ours;
  if (!moves) {
    outcomes_[i].state = ours ? "moved" : "already";
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
    if (!progress.restart_due && !(unfinished && progress.perhaps_moved)) continue;
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

}  // namespace syncgate
