// Which server answers, and whether syncgate knows it.
#pragma once

#include <string>

#include "core/result.h"
#include "data/sql_session.h"

namespace syncgate {

// `version` and `comment` as VERSION() and @@version_comment give them. An unsupported server is
// kRefused "server-unsupported".
Result<ServerInfo> ParseServerVersion(const std::string& label, bool mariadb,
                                      const std::string& version, const std::string& comment);

// Whether the server is at least that version of its flavour.
bool AtLeast(const ServerInfo& server, int major, int minor, int patch = 0);

}  // namespace syncgate
