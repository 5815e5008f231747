#include "generate-sql/config_planner.h"

#include <algorithm>

#include "common/messages.h"
#include "common/specs.h"

namespace syncgate {

Result<std::vector<PlannedConfig>> PlanConfigs(const Project& project, const NodeDiff& node) {
  std::vector<PlannedConfig> planned;
  const auto specs = ConfigsFor(project, node.node);
  for (const ConfigDiffDoc& diff : node.configs) {
    const auto spec = std::ranges::find(specs, diff.config, &ConfigSpec::name);
    if (spec == specs.end()) {
      return Fail(
          ErrorKind::kBadArtifact, "artifact-invalid",
          "the diff holds configuration " + diff.config.str() + ", which syncgate.yml does not",
          "run compare again");
    }
    if (diff.before_digest.empty()) {
      const bool differs = !diff.changes.empty();
      Info(node.node.str() + ": " + diff.config.str() + " is a secret as a whole and " +
           (differs ? "differs from the source" : "as on the source") +
           "; it is only compared, and in no plan");
      continue;
    }
    PlannedConfig config;
    config.config = diff.config;
    config.target = diff.target;
    config.format = diff.format;
    config.before_digest = diff.before_digest;
    config.after_digest = diff.after_digest;
    for (const ConfigChange& change : diff.changes) {
      if (!change.secret) {
        config.changes.push_back(change);
        continue;
      }
      Warn(node.node.str() + ": " + diff.config.str() + ": " + change.key.str() +
           " differs; it is a secret and is never written");
    }
    config.validate = spec->validate;
    config.restart = spec->restart;
    config.keep = spec->keep;
    config.sudo = spec->sudo;
    config.checks = std::ranges::find(project.configs, diff.config, &ProjectConfig::name)->checks;
    planned.push_back(std::move(config));
  }
  return planned;
}

}  // namespace syncgate
