// A port on 127.0.0.1 that leads to a database as the node sees it. For MySQL's client libraries,
// which cannot be handed a connected descriptor; anything else should use RemoteHost::Dial.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/result.h"
#include "ssh/target.h"
#include "ssh/tunnel_end.h"

namespace syncgate {

class ChannelPump;

class Tunnel {
 public:
  // Logs in (errors as SshSession::Connect) and listens on a port the kernel chooses. Only
  // connections made by this very process are taken; others are closed at once (own_peer.h). Each
  // connection gets a channel of its own; that the node cannot reach `end` shows when one is made:
  // the connection is closed and last_error() tells why.
  static Result<std::unique_ptr<Tunnel>> Open(const SshTarget& target, const TunnelEnd& end);
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;
  ~Tunnel();

  // Connect to 127.0.0.1 (not "localhost", which MySQL's clients take for a unix socket).
  std::uint16_t port() const { return port_; }
  // kTryLater ssh-forward-refused, ssh-link-lost (all connections were closed, the tunnel is of no
  // use any more); kFixProject ssh-forward-prohibited.
  std::optional<Error> last_error() const;

 private:
  Tunnel(std::unique_ptr<ChannelPump> pump, std::uint16_t port);

  std::unique_ptr<ChannelPump> pump_;
  std::uint16_t port_;
};

}  // namespace syncgate
