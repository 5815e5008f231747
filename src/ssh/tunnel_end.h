#pragma once

#include <cstdint>
#include <string>

namespace syncgate {

// Where a forwarded connection goes, as seen from the node: host and port, or a unix socket there.
struct TunnelEnd {
  std::string host;
  std::uint16_t port = 0;
  std::string socket_path;  // not empty: instead of host and port
};

std::string ToString(const TunnelEnd& end);

}  // namespace syncgate
