#include "config/node_host.h"

namespace syncgate {

Result<void> CheckCommand(const std::vector<std::string>& argv) {
  if (argv.empty()) return Fail(ErrorKind::kFailed, "command-empty", "There is no command to run.");
  for (const std::string& word : argv) {
    if (word.find('\0') == std::string::npos) continue;
    return Fail(ErrorKind::kFailed, "command-word-invalid",
                "A word of the command " + argv[0] + " holds a NUL byte.");
  }
  return {};
}

}  // namespace syncgate
