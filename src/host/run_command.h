#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "config/node_host.h"
#include "core/result.h"

namespace syncgate {

// See LocalHost. kTryLater "command-timeout" after the process group was killed; kFailed
// "command-empty", "command-word-invalid" (a word with a NUL byte), "command-failed" (no process
// could be made).
Result<CommandResult> RunCommand(const std::vector<std::string>& argv,
                                 std::chrono::milliseconds timeout);

}  // namespace syncgate
