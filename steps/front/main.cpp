// `syncgate STEP ...`: finds the step's binary and becomes it. A front of its own because a binary
// named `compare` on PATH would hide ImageMagick's.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include "core/exit_code.h"
#include "host/executable.h"

namespace {

struct Step {
  const char* name;
  const char* summary;
};

constexpr std::array<Step, 6> kSteps = {{
    {"compare", "finds what differs between the source and the nodes; writes diff.json"},
    {"generate-sql", "orders and renders the changes; writes plan.json and the SQL files"},
    {"apply-node", "moves one node to the plan, guarded; writes receipt-NODE.json"},
    {"verify-config", "asserts that the plan holds on a node; writes verdict-NODE.json"},
    {"rollback", "takes back what apply-node moved; writes receipt-NODE-rollback.json"},
    {"audit", "prints the chain of a run's artifacts and verifies every digest in it"},
}};

void PrintSteps(std::ostream& out) {
  out << "Usage: syncgate STEP [options]     (syncgate STEP --help for each)\n\nSteps\n";
  for (const Step& step : kSteps) {
    out << "  " << step.name << std::string(15 - std::strlen(step.name), ' ') << step.summary
        << "\n";
  }
}

// Nowhere without /proc, which alone says where we are: what lies where we were started is not
// ours. In libexec when installed, beside the front in a build tree. Beside it only where all steps
// are: the `compare` next to an installed front is ImageMagick's.
std::vector<std::string> StepDirectories(const std::string& here) {
  if (!here.starts_with('/')) return {};
  std::vector<std::string> directories = {here + "/../libexec/syncgate"};
  const bool all_beside = std::ranges::all_of(kSteps, [&](const Step& step) {
    return ::access((here + "/" + step.name).c_str(), X_OK) == 0;
  });
  if (all_beside) directories.push_back(here);
  return directories;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string wish = argc > 1 ? argv[1] : "";
  if (wish == "--help" || wish == "-h" || wish == "help") {
    std::cout << "syncgate moves approved changes, table rows and configuration keys, to "
                 "production nodes.\n\n";
    PrintSteps(std::cout);
    return syncgate::kExitSuccess;
  }
  if (wish == "--version") {
    std::cout << "syncgate " << SYNCGATE_VERSION << "\n";
    return syncgate::kExitSuccess;
  }
  for (const Step& step : kSteps) {
    if (wish != step.name) continue;
    const std::string here = syncgate::ExecutableDirectory();
    errno = ENOENT;
    for (const std::string& directory : StepDirectories(here)) {
      const std::string binary = directory + "/" + wish;
      argv[1] = argv[0];
      ::execv(binary.c_str(), argv + 1);
    }
    std::fprintf(
        stderr,
        "syncgate: error: [step-missing] %s is neither in %s/../libexec/syncgate nor, with "
        "all other steps, beside %s/syncgate: %s\n",
        step.name, here.c_str(), here.c_str(), std::strerror(errno));
    return syncgate::kExitFailed;
  }
  std::cerr << "syncgate: error: [usage] "
            << (wish.empty() ? std::string("no step is named") : "there is no step '" + wish + "'")
            << "\n";
  PrintSteps(std::cerr);
  return syncgate::kExitUsage;
}
