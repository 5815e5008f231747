#include "node/directories.h"

#include <map>

#include "config/directories.h"
#include "core/file_names.h"

namespace syncgate {

Result<DirectoriesToHold> DirectoriesOf(NodeHost& host, const NodePlan& plan) {
  std::set<std::string> every;
  bool sudo = false;
  for (const PlannedConfig& config : plan.configs) {
    every.insert(ParentOf(config.target));
    sudo = sudo || config.sudo;
  }
  const auto names = TRY(IdentifyDirectories(host, {every.begin(), every.end()}, sudo));
  std::map<std::string, const PlannedConfig*> files;
  std::map<std::string, const PlannedConfig*> holders;  // one through sudo before others
  for (const PlannedConfig& config : plan.configs) {
    const std::string& directory = names.at(ParentOf(config.target));
    const std::string file = directory + config.target.substr(config.target.find_last_of('/'));
    if (const auto [same, fresh] = files.emplace(file, &config); !fresh) {
      return Fail(
          ErrorKind::kRefused, "config-same-file",
          config.target + " and " + same->second->target + " are one file of " + plan.node.str(),
          "let one entry of `configs` have all its keys, and make a new plan");
    }
    const PlannedConfig*& holder = holders[directory];
    if (holder == nullptr || (config.sudo && !holder->sudo)) holder = &config;
  }
  DirectoriesToHold hold;
  for (const auto& [name, config] : holders) {
    (config->sudo ? hold.through_sudo : hold.plain).insert(ParentOf(config->target));
  }
  return hold;
}

}  // namespace syncgate
