// The configuration half of apply-node and rollback: the files of one node, moved and taken back.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "artifact/documents.h"
#include "artifact/journal.h"
#include "config/engine.h"
#include "config/node_host.h"
#include "config/sudo_host.h"
#include "core/result.h"
#include "node/hidden_texts.h"
#include "node/planned_node.h"
#include "node/service_checks.h"

namespace syncgate {

// Whose word counts when a file is taken back: the journal's, or nobody's (--from-plan).
enum class TakeBackWhat : std::uint8_t { kJournalled, kWhateverIsThere };

class ConfigWork {
 public:
  // `planned` must outlive this, `host` until LetGo.
  ConfigWork(NodeHost& host, const PlannedNode& planned);

  // Keeps other runs, of other machines too, away from the directories of the files until this
  // goes, and clears away what killed runs left there. kTryLater "node-locked"; kFixProject
  // "node-lock-missing"; kFailed "node-lock-failed"; kRefused "config-same-file".
  Result<void> Hold();

  // The connection was lost: lets go of it, and goes on with another. Call Hold again.
  void LetGo();
  void GoOnWith(NodeHost& host);

  // The first pass: kRefused "config-drift" and the like where a file stands at neither end.
  // Nothing is written.
  Result<void> Look();

  // The node's own checks of all new files. The files stay as they are.
  Result<void> Validate();

  // Moves every file, journalled before it is. outcomes() says how far it came. Room on the disk is
  // set aside first, so that the files can go back on one that is full by then; GiveRoomBack when
  // they need not any more (Undo does so itself).
  Result<void> Move(Journal& journal);
  void GiveRoomBack();

  // Restarts the services of the files that this run moved or took back, and with `unfinished`, an
  // earlier run that did not end well, of those that the plan had moved. Each command runs once.
  // All of them are tried; the first error is returned. kInterrupted: with
  // `stoppable`, a stop was asked for, also while a command ran.
  Result<void> Restart(bool unfinished, bool stoppable);

  // Whether the services that the last Restart restarted are ready; the first one that is not.
  Result<void> AwaitReady(Toward toward);

  // Takes back what this plan moved, in reverse order; with `dry_run` only says so in outcomes().
  // `journal` may be null with kWhateverIsThere and a dry run. What it has no room for keeps no
  // file from going back: see unrecorded(). A file that it calls moved is looked at anyway.
  Result<void> Undo(Journal* journal, TakeBackWhat what, bool dry_run);
  // `journal`, before this run has begun there, must outlive this. Where apply has run with it and
  // it has no word of a file, it was not moved, whatever the backup beside it looks like: a run
  // that was killed may have left that.
  void BelieveIn(const Journal& journal);
  // From now on, Undo records nothing.
  void RecordNoMore(Error why) { unrecorded_ = std::move(why); }
  // Why the journal does not hold all of what Undo did.
  const std::optional<Error>& unrecorded() const { return unrecorded_; }

  // Removes the backups of files that this run did not move, and no other of this plan either: they
  // would speak for whoever makes the same change later, and have it taken back.
  void RemoveUnusedBackups(const Journal& journal);

  // Removes backups beyond `keep` of the entries that have it. What cannot be removed is a warning.
  void RemoveOldBackups();

  const std::vector<ConfigOutcome>& outcomes() const { return outcomes_; }
  bool wrote() const { return wrote_; }
  // Whether a file stands at its end because of this plan.
  bool AnyMoved() const;
  // Whether this run wrote a file whose service was not restarted with it.
  bool RestartIsDue() const;
  bool restarted() const { return restarted_; }  // in this run, or it was tried

 private:
  // Beside NodePlan::configs.
  struct FileProgress {
    bool perhaps_moved = false;     // by this plan, at some time: its service may want a restart
    bool surely_not_moved = false;  // this run saw it at before, and did not replace it
    bool not_ours = false;          // this run saw it at its end, where others moved it
    bool restart_due = false;       // written in this run, the service not restarted since
    bool just_restarted = false;    // by the last Restart
  };

  NodeHost& HostOf(const PlannedConfig& config);
  bool BackupSpeaks(const PlannedConfig& config) const;
  ConfigMove MoveOf(const PlannedConfig& config) const;
  Result<void> HoldDirectories(NodeHost& host, const std::set<std::string>& directories);
  Result<void> SetRoomAside();
  Result<void> MoveOne(std::size_t i, Journal& journal);
  void WarnIfMovedAgain(std::size_t i);
  void RecordUndone(std::size_t i, Journal& journal);
  Result<void> UndoOne(std::size_t i, Journal* journal, TakeBackWhat what, bool dry_run);

  NodeHost* host_;
  std::unique_ptr<SudoHost> sudo_;
  const PlannedNode& planned_;
  const NodePlan& plan_;
  std::vector<std::unique_ptr<HeldCommand>> held_;
  std::vector<ConfigOutcome> outcomes_;               // beside NodePlan::configs
  std::vector<FileProgress> progress_;                // the same
  std::map<std::string, const PlannedConfig*> room_;  // files that hold room, and for whom
  HiddenTexts hidden_;
  std::optional<Error> unrecorded_;
  const Journal* believed_ = nullptr;
  bool journal_is_whole_ = false;
  bool wrote_ = false;
  bool restarted_ = false;
};

}  // namespace syncgate
