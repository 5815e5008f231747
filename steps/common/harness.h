// What all step programs share: options, messages, signals, the catch-all, the exit code.
#pragma once

#include <functional>
#include <string>

#include "common/options.h"
#include "core/exit_code.h"
#include "core/result.h"

namespace syncgate {

struct StepSpec {
  std::string name;      // "compare"
  std::string summary;   // one sentence
  std::string examples;  // shown at the end of --help
  std::function<void(cxxopts::Options&)> add_options;
  // Does the work. An error ends the process with the exit code of its kind, after it was said.
  std::function<Result<ExitCode>(const CommonOptions&, const cxxopts::ParseResult&)> run;
};

// main() of a step. Never throws; nothing it prints holds a Secret.
int RunStep(int argc, char** argv, const StepSpec& spec);

}  // namespace syncgate
