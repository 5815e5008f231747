// What a MySQL or MariaDB error number means for the caller. Decided by number alone: texts are
// translated, reworded between versions and may hold data.
#pragma once

#include <string>

#include "core/result.h"

namespace syncgate {

// Error numbers that this folder decides on by name. Numbers below 2000 and above 2999 are the
// server's, the others the client library's; both libraries and both servers agree on these.
constexpr unsigned kErrDeadlock = 1213;
constexpr unsigned kErrLockWait = 1205;
constexpr unsigned kErrReplicationConflict = 3101;
constexpr unsigned kErrUnknownThread = 1094;
constexpr unsigned kErrPrivilege = 1227;
constexpr unsigned kErrTls = 2026;

// The error for what `label` ("source", a node's name) answered while `doing` ("SELECT", "login").
// The message holds our words first, then the server's text, shortened and without control
// characters (it goes to CI logs); not for syntax errors, whose text quotes the statement.
Error MapServerError(ServerError server, const std::string& label, const std::string& doing);

// The first word of a statement, in capitals ("INSERT"): names what was being done without its
// data.
std::string StatementVerb(const std::string& sql);

}  // namespace syncgate
