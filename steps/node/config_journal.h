// What the journal holds of one configuration file of a plan.
#pragma once

#include <string>

#include "artifact/documents.h"
#include "artifact/journal.h"
#include "config/engine.h"

namespace syncgate {

JournalConfig RecordOf(const PlannedConfig& config, const std::string& backup);

// The last word on the file; kNothing without a journal. An apply is recorded before the file is
// replaced, a rollback after it: so "taken back" is certain and "moved" is to be looked at.
JournalSays WordOf(const Journal* journal, const PlannedConfig& config);

}  // namespace syncgate
