// What an audit asks of the order of things.
#pragma once

#include <string>
#include <vector>

#include "artifact/audit.h"

namespace syncgate {

// Documents that are as they were written.
struct AuditedReceipt {
  std::string file;
  Digest sha256;
  ReceiptDoc doc;
};
struct AuditedVerdict {
  std::string file;
  Digest sha256;
  VerdictDoc doc;
};

// That every receipt and verdict names what it is about, that no node went ahead of the one it
// follows unless its gate was overridden, and no rollback ahead of what it takes back. Adds
// findings and notes. `plan` may be nullptr.
void CheckOrder(const PlanDoc* plan, const std::vector<AuditedReceipt>& receipts,
                const std::vector<AuditedVerdict>& verdicts, AuditReport* report);

// diff, plan, then what became of the nodes as time went on. `plan` may be nullptr.
void OrderEntries(const PlanDoc* plan, AuditReport* report);

}  // namespace syncgate
