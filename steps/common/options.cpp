#include "common/options.h"

#include <algorithm>
#include <cxxopts.hpp>
#include <utility>

namespace syncgate {

void AddCommonOptions(cxxopts::Options& options) {
  options.add_options("Common")(
      "project", "project file", cxxopts::value<std::string>()->default_value("syncgate.yml"),
      "FILE")("artifacts", "directory of the artifacts",
              cxxopts::value<std::string>()->default_value("syncgate-artifacts"),
              "DIR")("node", "node to work on; compare takes several",
                     cxxopts::value<std::vector<std::string>>(), "NAME")(
      "tables", "only these tables, comma separated", cxxopts::value<std::vector<std::string>>(),
      "A,B")("only", "data or config: leave the other half alone", cxxopts::value<std::string>(),
             "HALF")("dry-run", "do everything up to, not including, the first write")(
      "detailed-exitcode", "exit 2 instead of 0 where differences exist")(
      "log-level", "debug, info, warn or error",
      cxxopts::value<std::string>()->default_value("info"),
      "LEVEL")("log-format", "text or json", cxxopts::value<std::string>()->default_value("text"),
               "FORMAT")("no-color", "never colour the messages")("h,help", "print this help")(
      "version", "print the version");
}

Result<CommonOptions> ReadCommonOptions(const cxxopts::ParseResult& parsed) {
  CommonOptions options;
  options.project = parsed["project"].as<std::string>();
  options.artifacts = parsed["artifacts"].as<std::string>();
  if (parsed.count("node") > 0) {
    for (const auto& text : parsed["node"].as<std::vector<std::string>>()) {
      NodeName name(text);
      // Named twice, it would be compared, counted and planned twice.
      if (std::ranges::find(options.nodes, name) == options.nodes.end()) {
        options.nodes.push_back(std::move(name));
      }
    }
  }
  if (parsed.count("tables") > 0) {
    for (const auto& name : parsed["tables"].as<std::vector<std::string>>()) {
      if (!name.empty()) options.tables.emplace_back(name);
    }
  }
  if (parsed.count("only") > 0) {
    const auto only = parsed["only"].as<std::string>();
    if (only != "data" && only != "config") {
      return Fail(ErrorKind::kUsage, "option-value", "--only takes data or config, not " + only,
                  "leave --only out to work on both");
    }
    options.data = only == "data";
    options.config = only == "config";
  }
  options.dry_run = parsed.count("dry-run") > 0;
  options.detailed_exitcode = parsed.count("detailed-exitcode") > 0;
  options.log_level = parsed["log-level"].as<std::string>();
  options.log_format = parsed["log-format"].as<std::string>();
  options.no_color = parsed.count("no-color") > 0;
  if (options.log_format != "text" && options.log_format != "json") {
    return Fail(ErrorKind::kUsage, "option-value",
                "--log-format takes text or json, not " + options.log_format, "correct the option");
  }
  for (const char* level : {"debug", "info", "warn", "error"}) {
    if (options.log_level == level) return options;
  }
  return Fail(ErrorKind::kUsage, "option-value",
              "--log-level takes debug, info, warn or error, not " + options.log_level,
              "correct the option");
}

Result<NodeName> OneNode(const CommonOptions& options) {
  if (options.nodes.size() == 1) return options.nodes.front();
  return Fail(ErrorKind::kUsage, "node-missing",
              options.nodes.empty() ? "no node is named" : "more than one node is named",
              "name the one node to work on: --node node1");
}

}  // namespace syncgate
