// A thread that forwards connections over one SSH session of its own. It sleeps in poll() until a
// socket or the link has something to do; nothing is polled by time.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "core/result.h"
#include "core/unique_fd.h"
#include "ssh/session.h"
#include "ssh/tunnel_end.h"

namespace syncgate {

class ChannelPump {
 public:
  static Result<std::unique_ptr<ChannelPump>> Start(std::unique_ptr<SshSession> session);
  ChannelPump(const ChannelPump&) = delete;
  ChannelPump& operator=(const ChannelPump&) = delete;
  // Closes all connections and stops the thread, in bounded time also where the link hangs.
  ~ChannelPump();

  // Every connection that `listener` accepts and AcceptedFromThisProcess passes goes to `end`.
  void Listen(UniqueFd listener, TunnelEnd end);

  // One end of a socket pair whose other end goes to `end`; waits until the node has connected.
  // Errors: kTryLater ssh-forward-refused, ssh-link-lost, ssh-timeout; kFixProject
  // ssh-forward-prohibited.
  Result<UniqueFd> Dial(const TunnelEnd& end, std::chrono::milliseconds timeout);

  // Why the last connection was refused or the link was lost.
  std::optional<Error> last_error() const;

 private:
  class Loop;
  explicit ChannelPump(std::unique_ptr<Loop> loop);

  std::unique_ptr<Loop> loop_;
};

}  // namespace syncgate
