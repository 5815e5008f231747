#pragma once

#include <string>
#include <vector>

#include "config/node_host.h"
#include "core/result.h"
#include "ssh/session.h"

namespace syncgate {

// NodeHost::Hold over `session`. kTryLater "ssh-link-lost", "ssh-timeout"; kFailed
// "command-refused".
Result<HoldResult> HoldOver(SshSession* session, const std::string& line);

}  // namespace syncgate
