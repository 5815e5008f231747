// Which directories of a node are one and the same, by whatever names.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/node_host.h"
#include "core/result.h"

namespace syncgate {

// A name for each of `directories`, the same for two that are one directory. Each is its own name
// where the node does not tell: a directory is not there, or has no `stat`.
Result<std::map<std::string, std::string>> IdentifyDirectories(
    NodeHost& host, const std::vector<std::string>& directories, bool sudo);

}  // namespace syncgate
