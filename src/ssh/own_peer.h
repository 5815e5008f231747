#pragma once

#include <netinet/in.h>

namespace syncgate {

// Is the other end of this accepted loopback TCP connection a socket of this very process?
// Looks through our own descriptors for one that is bound to the peer's address and connected to
// `listener`. A listening port on 127.0.0.1 is open to everybody on the machine, and a database
// behind an SSH tunnel is not to be: the port exists only because MySQL's client libraries cannot
// be handed a connected descriptor, and a unix socket would make caching_sha2_password take the way
// for a secure one and send the password in clear to whatever answers.
bool AcceptedFromThisProcess(int accepted, const sockaddr_in& listener);

}  // namespace syncgate
