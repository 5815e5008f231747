// Names of the files in the artifacts directory, in one place. All are relative to it; every
// document that names a file names it so.
#pragma once

#include <cstdint>
#include <string>

#include "core/digest.h"
#include "core/names.h"
#include "core/result.h"

namespace syncgate {

enum class Direction : std::uint8_t { kApply, kRollback };
const char* ToString(Direction direction);  // "apply", "rollback"

inline constexpr char kDiffFile[] = "diff.json";
inline constexpr char kPlanFile[] = "plan.json";

std::string DiffRowsFile(const NodeName& node);     // diff/<node>.rows.jsonl
std::string PlanDirectory(const NodeName& node);    // plan/<node>: the SQL files
std::string PlanChangesFile(const NodeName& node);  // plan/<node>/changes.rows.jsonl
std::string ReceiptFile(const NodeName& node,
                        Direction direction);  // receipt-<node>[-rollback].json
std::string ReceiptRowsFile(const NodeName& node,
                            Direction direction);  // receipt-<node>[-rollback].rows.jsonl
std::string VerdictFile(const NodeName& node);     // verdict-<node>.json
std::string JunitFile(const NodeName& node);       // verify-<node>.junit.xml
std::string JournalFile(const NodeName& node,
                        const Digest& plan_digest);  // journal/<node>-<plan12>.jsonl

// Makes the directory, for its owner only (0700); one that is there keeps its mode.
Result<void> PrepareStore(const std::string& dir);

// `path` inside `dir`. kBadArtifact "artifact-path" for one that is empty, absolute or leads out of
// it: paths come from documents, and a document is not to be trusted with the rest of the disk.
Result<std::string> PathInStore(const std::string& dir, const std::string& path);

// The same with its parent directories made (0700).
Result<std::string> NewPathInStore(const std::string& dir, const std::string& path);

}  // namespace syncgate
