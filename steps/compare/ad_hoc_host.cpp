#include "compare/ad_hoc_host.h"

#include <algorithm>

#include "common/specs.h"

namespace syncgate {
namespace {

// As syncgate.yml takes one, and printable: it stands in the diff.
bool IsHost(const std::string& host) {
  return !host.empty() && host.size() <= 255 && !host.starts_with('-') &&
         std::ranges::all_of(
             host, [](unsigned char c) { return c > ' ' && c < 0x7F && c != '@' && c != '/'; });
}

}  // namespace

Result<NodeName> UseAdHocHost(const CommonOptions& options, const std::string& host,
                              Project* project) {
  if (!IsHost(host)) {
    return Fail(ErrorKind::kUsage, "option-value", "--prod-host takes a host name or an address",
                "user, port and key are those of the node's ssh block");
  }
  const bool only = options.nodes.empty() && project->nodes.size() == 1;
  const NodeName name = only ? project->nodes.front().name : TRY(OneNode(options));
  TRY(RequireNode(*project, name));
  const auto node = std::ranges::find(project->nodes, name, &NodeSpec::name);
  if (!node->ssh) {
    return Fail(ErrorKind::kUsage, "option-value",
                "--prod-host takes the place of an ssh host, and " + name.str() + " has no ssh",
                "name a node with an ssh block");
  }
  node->ssh->host = host;
  return name;
}

}  // namespace syncgate
