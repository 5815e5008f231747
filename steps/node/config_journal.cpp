#include "node/config_journal.h"

namespace syncgate {

JournalConfig RecordOf(const PlannedConfig& config, const std::string& backup) {
  JournalConfig record;
  record.config = config.config;
  record.target = config.target;
  record.backup = backup;
  record.before_digest = config.before_digest;
  record.after_digest = config.after_digest;
  return record;
}

JournalSays WordOf(const Journal* journal, const PlannedConfig& config) {
  JournalSays says = JournalSays::kNothing;
  if (journal == nullptr) return says;
  for (const JournalConfig& record : journal->configs()) {
    if (record.config != config.config) continue;
    says = record.direction == Direction::kApply ? JournalSays::kMoved : JournalSays::kTakenBack;
  }
  return says;
}

}  // namespace syncgate
