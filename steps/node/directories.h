// Which directories of a node a plan's files lie in.
#pragma once

#include <set>
#include <string>

#include "artifact/documents.h"
#include "config/node_host.h"
#include "core/result.h"

namespace syncgate {

struct DirectoriesToHold {
  std::set<std::string> plain;  // by the login user
  std::set<std::string> through_sudo;
};

// Each directory once, whatever names it goes by: two ways to one would wait for each other's lock.
// kRefused "config-same-file" where two entries are one file, since each is planned against the
// file as it was.
Result<DirectoriesToHold> DirectoriesOf(NodeHost& host, const NodePlan& plan);

}  // namespace syncgate
