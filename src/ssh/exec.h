#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "config/node_host.h"
#include "core/result.h"
#include "ssh/session.h"

namespace syncgate {

// Runs a shell line on the node, with `input` on its standard input, and waits. Output is collected
// until the command has ended and, for what it left running behind, one second more. Errors, all
// kTryLater: command-timeout (the command was sent SIGTERM; whether it heeds that is not known),
// ssh-link-lost, ssh-timeout; kFailed command-refused where the server runs no commands;
// kInterrupted interrupted once `stop`, which is asked often and may be empty, says true.
Result<CommandResult> Execute(SshSession* session, const std::string& line,
                              std::chrono::milliseconds timeout, std::string_view input = {},
                              const std::function<bool()>& stop = {});

}  // namespace syncgate
