#include "common/harness.h"

#include <sodium.h>

#include <csignal>
#include <cstdio>
#include <cxxopts.hpp>
#include <exception>
#include <iostream>

#include "artifact/protection.h"
#include "common/messages.h"
#include "host/signals.h"

namespace syncgate {
namespace {

ExitCode ExitFor(const Error& error) {
  if (error.kind != ErrorKind::kInterrupted) return ExitCodeOf(error.kind);
  return StopSignal() == SIGTERM   ? kExitSigterm
         : StopSignal() == SIGALRM ? kExitTimeout
                                   : kExitSigint;
}

int Usage(const std::string& step, const std::string& what) {
  std::cerr << step << ": error: [usage] " << OneLine(what) << "; see '" << "syncgate " << step
            << " --help'\n";
  return kExitUsage;
}

int Run(int argc, char** argv, const StepSpec& spec) {
  cxxopts::Options options("syncgate " + spec.name, spec.summary);
  options.set_width(96);
  AddCommonOptions(options);
  if (spec.add_options) spec.add_options(options);
  cxxopts::ParseResult parsed;
  try {
    parsed = options.parse(argc, argv);
  } catch (const cxxopts::exceptions::exception& error) {
    return Usage(spec.name, error.what());
  }
  if (parsed.count("help") > 0) {
    std::cout << options.help() << "\nExamples\n"
              << spec.examples
              << "\nExit codes: 0 success, 1 failed, 2 differences (--detailed-exitcode), 3 "
                 "refused by a rule, "
                 "4 failed and\npartly changed, 5 state unknown, 6 verification failed, 64 usage, "
                 "65 bad artifact, "
                 "75 try later,\n78 bad project file, 130/143 stopped.\n";
    return kExitSuccess;
  }
  if (parsed.count("version") > 0) {
    std::cout << "syncgate " << SYNCGATE_VERSION << "\n";
    return kExitSuccess;
  }
  if (!parsed.unmatched().empty()) {
    return Usage(spec.name, "unexpected argument '" + parsed.unmatched().front() + "'");
  }
  auto common = ReadCommonOptions(parsed);
  if (!common) return Usage(spec.name, common.error().message);
  StartMessages(spec.name, *common);
  if (auto key = LoadArtifactKey(); !key) {
    Say(key.error());
    return ExitFor(key.error());
  }
  InstallStopSignals();
  auto exit_code = spec.run(*common, parsed);
  if (exit_code) return *exit_code;
  Say(exit_code.error());
  return ExitFor(exit_code.error());
}

}  // namespace

int RunStep(int argc, char** argv, const StepSpec& spec) {
  // An exception here is a bug or a library out of memory: say so, never look like success.
  try {
    if (sodium_init() < 0) return Usage(spec.name, "libsodium could not be started");
    return Run(argc, argv, spec);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: error: [internal] %s; this is a bug, please report it\n",
                 spec.name.c_str(), OneLine(error.what()).c_str());
  } catch (...) {
    std::fprintf(stderr,
                 "%s: error: [internal] unknown exception; this is a bug, please report it\n",
                 spec.name.c_str());
  }
  return kExitFailed;
}

}  // namespace syncgate
