// A journal as an audit sees it: read, never cut, never locked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "artifact/audit.h"

namespace syncgate {

// What receipts say of one journal. Empty: no receipt names it.
struct JournalClaim {
  NodeName node;
  Digest plan_digest;
  struct Prefix {
    std::string receipt;
    FileRef file;
  };
  std::vector<Prefix> prefixes;
};

struct JournalAudit {
  std::vector<AuditFinding> findings;
  std::vector<std::string> notes;
  std::string sealed_by;
  std::uint64_t lines = 0;  // whole ones
};

// Every prefix that a receipt names must be there as it was, and every whole line must be a record,
// as far as it can be opened. What follows the last receipt, and an unfinished last line, are
// noted: a killed run leaves them.
JournalAudit AuditJournal(const std::string& dir, const std::string& file,
                          const JournalClaim& claim);

}  // namespace syncgate
