// The plan's SQL on the node it ran on, for whoever looks there later.
#pragma once

#include <string>

#include "artifact/documents.h"
#include "config/node_host.h"
#include "core/result.h"

namespace syncgate {

// Puts the node's .sql files into ~/.syncgate/<first 12 digits of the plan digest>/ there (0700,
// files 0600); files that an earlier run put there are left if they are the same, and refused
// ("audit-copy-differs") if not. Returns the directory.
Result<std::string> UploadAuditCopy(NodeHost& host, const std::string& artifacts,
                                    const NodePlan& plan, const Digest& plan_digest);

}  // namespace syncgate
