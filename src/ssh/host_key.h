#pragma once

#include "core/result.h"
#include "ssh/target.h"

struct ssh_session_struct;

namespace syncgate {

// Before connecting: the file must be there and readable (kFixProject).
Result<void> CheckKnownHostsFile(const SshTarget& target);

// After the key exchange, before any credential is sent: only a key that target.known_hosts holds
// for this host and port passes. SSH_OPTIONS_STRICTHOSTKEYCHECK would check nothing.
Result<void> CheckHostKey(ssh_session_struct* session, const SshTarget& target);

}  // namespace syncgate
