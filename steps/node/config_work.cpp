#include "node/config_work.h"

#include <algorithm>
#include <chrono>

#include "common/messages.h"
#include "config/engine.h"
#include "config/values.h"
#include "core/fault.h"

namespace syncgate {
namespace {

constexpr std::chrono::minutes kRestartTimeout{5};

// What a service that will not start may print of its file. Secrets are never written, so the file
// as it stands has all of them.
std::vector<Secret> HiddenOnNode(NodeHost& host, const PlannedConfig& config) {
  const auto file = ReadTarget(host, config.target);
  if (!file) return {};
  return HiddenValues(config.format, file->bytes, [&](const ConfigKey& key) {
    return std::ranges::any_of(config.changes, [&](const ConfigChange& change) {
      return change.key == key && !change.secret;
    });
  });
}

}  // namespace

ConfigWork::ConfigWork(NodeHost& host, const NodePlan& plan, const Digest& plan_digest)
    : host_(host), plan_(plan), plan_digest_(plan_digest) {
  for (const PlannedConfig& config : plan.configs) {
    ConfigOutcome outcome;
    outcome.config = config.config;
    outcome.target = config.target;
    outcome.state = "untouched";
    outcome.before_digest = config.before_digest;
    outcome.after_digest = config.after_digest;
    outcomes_.push_back(std::move(outcome));
  }
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
  return move;
}

Result<void> ConfigWork::Look() {
  for (std::size_t i = 0; i < plan_.configs.size(); ++i) {
    const auto found =
        TRY(ApplyConfig(host_, MoveOf(plan_.configs[i]), plan_digest_, /*dry_run=*/true));
    if (found.state == MoveOutcome::State::kMoved) continue;
    outcomes_[i].state = found.backup.empty() ? "already" : "moved";
    outcomes_[i].backup = found.backup;
  }
  return {};
}

Result<void> ConfigWork::Move(Journal& journal) {
  for (std::size_t i = 0; i < plan_.configs.size(); ++i) {
    const PlannedConfig& config = plan_.configs[i];
    const auto moved = TRY(ApplyConfig(host_, MoveOf(config), plan_digest_, /*dry_run=*/false));
    FaultPoint("config.replaced");
    outcomes_[i].backup = moved.backup;
    // A file found at its end with our backup beside it was moved by an earlier run of this plan.
    const bool ours = moved.state == MoveOutcome::State::kMoved || !moved.backup.empty();
    outcomes_[i].state = ours ? "moved" : "already";
    if (moved.state != MoveOutcome::State::kMoved) continue;
    wrote_ = true;
    JournalConfig record;
    record.config = config.config;
    record.target = config.target;
    record.backup = moved.backup;
    record.before_digest = config.before_digest;
    record.after_digest = config.after_digest;
    TRY(journal.RecordConfig(record));
    Info(plan_.node.str() + ": " + config.config.str() + " written to " + config.target +
         ", backup " + moved.backup);
  }
  return {};
}

Result<void> ConfigWork::Restart(bool unfinished) {
  for (std::size_t i = 0; i < plan_.configs.size(); ++i) {
    const PlannedConfig& config = plan_.configs[i];
    const bool moved = outcomes_[i].state == "moved" || outcomes_[i].state == "restored";
    if (config.restart.empty() || !moved || !(wrote_ || unfinished)) continue;
    Info(plan_.node.str() + ": restarting " + config.config.str());
    TRY(RestartService(host_, config.restart, kRestartTimeout, HiddenOnNode(host_, config)));
    outcomes_[i].restarted = true;
  }
  return {};
}

Result<void> ConfigWork::Undo(Journal* journal, bool dry_run) {
  for (std::size_t i = plan_.configs.size(); i-- > 0;) {
    const PlannedConfig& config = plan_.configs[i];
    ConfigOutcome& outcome = outcomes_[i];
    outcome.state = "untouched";
    if (config.before_digest == config.after_digest) continue;
    const auto found = TRY(ApplyConfig(host_, MoveOf(config), plan_digest_, /*dry_run=*/true));
    if (found.state == MoveOutcome::State::kMoved) {
      outcome.state = "already";  // as it was
      continue;
    }
    if (found.backup.empty()) continue;  // at its end, but not by us
    outcome.backup = found.backup;
    const auto undone = TRY(RollbackConfig(host_, config.target, config.before_digest,
                                           config.after_digest, found.backup, dry_run));
    if (!dry_run) FaultPoint("config.replaced");
    outcome.state = undone.state == MoveOutcome::State::kMoved ? "restored" : "already";
    if (dry_run || undone.state != MoveOutcome::State::kMoved) continue;
    wrote_ = true;
    if (journal != nullptr) {
      JournalConfig record;
      record.config = config.config;
      record.target = config.target;
      record.backup = found.backup;
      record.before_digest = config.before_digest;
      record.after_digest = config.after_digest;
      TRY(journal->RecordConfig(record));
    }
    Info(plan_.node.str() + ": " + config.config.str() + " taken back in " + config.target);
  }
  return {};
}

}  // namespace syncgate
