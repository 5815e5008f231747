// The files syncgate itself puts beside a target (backup, file to validate), and the replacement of
// the target.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/node_host.h"
#include "config/target.h"
#include "core/digest.h"
#include "core/result.h"

namespace syncgate {

// True if `path` is a regular file with this digest; false for anything else there, or nothing.
Result<bool> HoldsBackup(NodeHost& host, const std::string& path, const Digest& digest);

// Fails where CreateBackup would have to: kRefused "config-backup-differs", "config-path-taken".
Result<void> CheckBackup(NodeHost& host, const std::string& path, std::string_view bytes);

// Makes the backup, 0600. One that a killed run left is kept if whole, and written again if cut
// short: `bytes` are all there, in the target.
Result<void> CreateBackup(NodeHost& host, const std::string& path, std::string_view bytes);

// Errors: kRefused "config-backup-absent", "config-backup-differs".
Result<std::string> ReadBackup(NodeHost& host, const std::string& path, const Digest& digest);

// Makes a short-lived file, 0600, in place of one that a killed run left.
// Errors: kRefused "config-path-taken" for anything that is not a regular file.
Result<void> CreateScratch(NodeHost& host, const std::string& path, std::string_view bytes);

// Removes what killed runs of any plan left beside `target`, by the exact names they give: the file
// to validate and the temporary file of a replacement, both of which may hold secrets. Whoever
// calls this holds the node's lock: an unfinished replacement that still runs there fails then, and
// the old file stays.
Result<void> RemoveLeftovers(NodeHost& host, const std::string& target);

// The backups of `target` that may go so that `keep` remain, `own` (a path) among them: the oldest
// ones, of other plans. Only regular files that are named exactly as syncgate names its backups.
Result<std::vector<std::string>> SurplusBackups(NodeHost& host, const std::string& target,
                                                const std::string& own, std::uint64_t keep);

// Replaces `target`, which holds `old`, and reads it back. Other bytes there: the old ones are put
// back. Errors, target as before: kFailed "config-not-written", the error of Replace.
// kTargetChanged "config-not-restored" where putting back failed; kOutcomeUnknown
// "config-state-unknown" where reading back failed.
Result<void> ReplaceAndCheck(NodeHost& host, const std::string& target, const TargetFile& old,
                             std::string_view bytes);

}  // namespace syncgate
