// What apply-node takes beside the options of every step.
#pragma once

#include <cxxopts.hpp>
#include <string>

#include "core/result.h"

namespace syncgate {

inline constexpr char kApplyExamples[] =
    "  syncgate apply-node --node node1 --dry-run          # says what would happen, drift "
    "included\n"
    "  syncgate apply-node --node node1 --auto-restart\n"
    "  syncgate apply-node --node node2 --verify           # gate open only after node1 was "
    "applied and verified\n";

struct ApplyOptionsGiven {
  bool verify = false;
  bool auto_restart = false;
  bool keep = false;            // --on-failure keep
  std::string override_reason;  // empty: the gate is not overridden
};

void AddApplyOptions(cxxopts::Options& options);
// kUsage "option-value".
Result<ApplyOptionsGiven> ReadApplyOptions(const cxxopts::ParseResult& parsed);

}  // namespace syncgate
