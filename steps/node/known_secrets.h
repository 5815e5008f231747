// Every secret that this run may know, to be kept out of what other programs say.
#pragma once

#include <vector>

#include "core/secret.h"
#include "project/project.h"

namespace syncgate {

// Passwords and SSH keys of the source and of all nodes, as far as they are here (what cannot be
// read is no secret of this run), and what stands in variables of the environment that are called
// like a secret: a CI system masks those in its log, not in artifacts. Of texts with several lines
// each long line counts by itself, too.
std::vector<Secret> KnownSecrets(const Project& project);

}  // namespace syncgate
