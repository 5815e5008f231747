#include "compare/configs.h"

#include "common/links.h"
#include "common/specs.h"
#include "config/diff.h"
#include "config/target.h"
#include "host/files.h"

namespace syncgate {

Result<void> CompareConfigs(const Project& project, const NodeSpec& node, NodeDiff* diff) {
  const auto specs = ConfigsFor(project, node.name);
  if (specs.empty()) return {};
  const auto host = TRY(OpenHost(node));
  for (const ConfigSpec& spec : specs) {
    auto source = ReadFile(spec.source, kConfigFileLimit);
    if (!source) {
      return Fail(ErrorKind::kFixProject, "config-source-unreadable",
                  "configuration " + spec.name.str() + ": " + source.error().message,
                  "correct `source` in its entry, or make the file readable");
    }
    const TargetFile target = TRY(ReadTarget(*host, spec.target));
    ConfigDiff compared = TRY(DiffConfig(spec, *source, target.bytes));
    ConfigDiffDoc document;
    document.config = spec.name;
    document.target = spec.target;
    document.format = spec.format;
    document.before_digest = compared.before_digest;
    document.after_digest = compared.after_digest;
    document.changes = std::move(compared.changes);
    diff->configs.push_back(std::move(document));
  }
  return {};
}

}  // namespace syncgate
