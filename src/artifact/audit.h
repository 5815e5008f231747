// The chain of a run's artifacts, checked from end to end: every document is as it was written,
// names its inputs as they are, and nothing went before its turn. Needs neither the project nor a
// key; with the key it also checks what only its holders can have written.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "artifact/documents.h"
#include "core/result.h"

namespace syncgate {

// One document of the chain, in the order diff, plan, then node by node: receipt, verdict,
// rollback.
struct AuditEntry {
  std::string file;
  std::string kind;
  std::string node;       // receipts and verdicts
  std::string direction;  // receipts
  Digest sha256;
  std::string sealed_by;  // id of the key; empty: plain
  RunInfo run;
  std::string created_at;
  std::string result;
  std::string target_state;
  std::string summary;
  std::string override_reason;       // receipts
  std::optional<Approval> approval;  // receipts
  std::vector<FileRef> files;        // that it names beside its inputs
};

struct AuditFinding {
  std::string file;
  std::string code;
  std::string message;
};

struct AuditReport {
  std::vector<AuditEntry> entries;
  std::vector<AuditFinding> findings;  // empty: the chain holds
  std::vector<std::string> notes;      // what a reader should know and is no mismatch
  Digest plan_digest;                  // empty: there is no plan that can be read
  std::uint64_t files = 0;             // that were read and are as they should be
  std::vector<std::string> keys;       // ids of the keys that something is sealed with
};

// `dir` is an artifacts directory. An error only where it cannot be read at all (kUsage
// "artifacts-missing"); everything else is a finding.
Result<AuditReport> AuditStore(const std::string& dir);

// The report as one JSON document, for programs.
std::string ToJsonText(const AuditReport& report);

// The plain text of a sealed file, document or journal, in pieces; a plain one comes as it is.
// `file` is a path, or one relative to the artifacts directory `dir`. Errors: those of reading it.
using UseText = std::function<Result<void>(std::string_view)>;
Result<void> DecryptArtifact(const std::string& dir, const std::string& file, const UseText& use);

}  // namespace syncgate
