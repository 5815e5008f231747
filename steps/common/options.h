// The options that every step understands.
#pragma once

#include <string>
#include <vector>

#include "core/names.h"
#include "core/result.h"

namespace cxxopts {
class Options;
class ParseResult;
}  // namespace cxxopts

namespace syncgate {

struct CommonOptions {
  std::string project = "syncgate.yml";
  std::string artifacts = "syncgate-artifacts";
  std::vector<NodeName> nodes;    // empty: none named
  std::vector<TableName> tables;  // empty: all
  bool data = true;               // false with --only config
  bool config = true;             // false with --only data
  bool dry_run = false;
  bool detailed_exitcode = false;
  std::string log_level = "info";
  std::string log_format = "text";
  bool no_color = false;
};

void AddCommonOptions(cxxopts::Options& options);

// kUsage for values that no step can use.
Result<CommonOptions> ReadCommonOptions(const cxxopts::ParseResult& parsed);

// The one node a step works on. kUsage "node-missing" where none or several are named.
Result<NodeName> OneNode(const CommonOptions& options);

}  // namespace syncgate
