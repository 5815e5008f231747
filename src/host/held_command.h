#pragma once

#include <string>
#include <vector>

#include "config/node_host.h"
#include "core/result.h"

namespace syncgate {

// NodeHost::Hold on this machine. kTryLater "command-timeout" where it neither answers nor ends.
Result<HoldResult> HoldCommand(const std::vector<std::string>& argv);

}  // namespace syncgate
