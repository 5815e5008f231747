// Ending a connection of our own whose COMMIT was not answered.
#pragma once

#include <cstdint>

#include "core/result.h"
#include "data/sql_session.h"

namespace syncgate {

// Kills connection `id`, which must be one that this process opened and lost: never any other. Ids
// start anew when a server restarts, so a connection that now has the id but another user is left
// alone. False: no such connection of ours exists (any more). True does not mean that it is gone
// yet: the advisory lock tells.
Result<bool> KillConnection(SqlSession& admin, std::uint64_t id);

}  // namespace syncgate
