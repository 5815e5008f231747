// --prod-host: one node looked for on another machine, for this comparison only.
#pragma once

#include <string>

#include "common/options.h"
#include "core/result.h"
#include "project/project.h"

namespace syncgate {

// Puts `host` in the place of the ssh host of the one node that is meant (--node, or the only one
// there is) and returns its name. Port, user, key, jump host and known_hosts stay: the machine must
// prove itself with a key that known_hosts has for `host`. kUsage "node-missing" where several
// nodes could be meant, "option-value" where the host is none or the node has no ssh.
Result<NodeName> UseAdHocHost(const CommonOptions& options, const std::string& host,
                              Project* project);

}  // namespace syncgate
