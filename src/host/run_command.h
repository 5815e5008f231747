#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/node_host.h"
#include "core/result.h"

namespace syncgate {

// See LocalHost; `input` is its standard input. kTryLater "command-timeout" after the process group
// was killed; kInterrupted "interrupted" where `stop` said so, and the command goes on; kFailed
// "command-empty", "command-word-invalid" (a word with a NUL byte), "command-failed" (no process
// could be made).
Result<CommandResult> RunCommand(const std::vector<std::string>& argv,
                                 std::chrono::milliseconds timeout, std::string_view input = {},
                                 const std::function<bool()>& stop = {});

struct CommandOptions {
  std::chrono::milliseconds timeout{0};
  // Between SIGTERM and SIGKILL, both to the process group, once the time is up or `stop` says so.
  std::chrono::milliseconds grace{0};
  std::string directory{};                           // to run in; empty: ours
  std::map<std::string, std::string> environment{};  // beside ours; wins over it
  // stdout and stderr in the order in which they were written, as `output`; more than
  // kCommandOutputLimit of it is cut at its beginning instead of its end: a test says last what
  // went wrong.
  bool one_stream = false;
  std::string_view input{};         // standard input; must outlive the call
  std::function<bool()> stop{};     // asked often; may be empty
  bool leave_when_stopped = false;  // it goes on, unheard, instead of being ended
};

struct CommandRun {
  CommandResult result;  // what it wrote, also where it was ended
  bool timed_out = false;
  bool stopped = false;
};

// Errors: those of above but for command-timeout.
Result<CommandRun> RunCommand(const std::vector<std::string>& argv, const CommandOptions& options);

}  // namespace syncgate
