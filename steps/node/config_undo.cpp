// The way back of ConfigWork.
#include <algorithm>
#include <string>
#include <utility>

#include "common/messages.h"
#include "config/engine.h"
#include "config/node_files.h"
#include "config/target.h"
#include "core/fault.h"
#include "node/config_journal.h"
#include "node/config_work.h"

namespace syncgate {

// Taken back, and at its end again: whoever moved it since has a journal of their own.
void ConfigWork::WarnIfMovedAgain(std::size_t i) {
  const PlannedConfig& config = plan_.configs[i];
  const auto file = ReadTarget(HostOf(config), config.target);
  if (!file || file->digest != config.after_digest) return;
  Warn(plan_.node.str() + ": " + config.target +
       " was taken back, and stands where the plan leads again; it is left alone: roll back with "
       "the artifacts of the run that moved it, or with --from-plan");
}

void ConfigWork::RecordUndone(std::size_t i, Journal& journal) {
  if (unrecorded_) return;
  auto recorded = journal.RecordConfig(RecordOf(plan_.configs[i], outcomes_[i].backup));
  if (!recorded) unrecorded_ = std::move(recorded).error();
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
    if (WordOf(journal, config) != JournalSays::kTakenBack) RecordUndone(i, *journal);
    return {};
  }
  if (progress_[i].not_ours) return {};
  JournalSays says = WordOf(journal, config);
  progress_[i].perhaps_moved = says != JournalSays::kNothing;
  if (says == JournalSays::kNothing && journal_is_whole_) says = JournalSays::kNotMoved;
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
  RecordUndone(i, *journal);
  return {};
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
