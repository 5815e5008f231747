#pragma once

#include "core/result.h"
#include "ssh/target.h"

struct ssh_session_struct;

namespace syncgate {

// Before connecting: is there exactly one credential, and can a key be read? So that a wrong key
// file is told without a connection.
Result<void> CheckCredential(const SshTarget& target);

// Logs in on a session whose host key was checked. No secret stands in an error.
Result<void> Authenticate(ssh_session_struct* session, const SshTarget& target);

}  // namespace syncgate
