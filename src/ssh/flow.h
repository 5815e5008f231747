// One forwarded connection: a local socket and an SSH channel, bytes going both ways. Lives in the
// thread of its ChannelPump; nothing here blocks.
//
// Memory is bounded by the two windows of the channel. Towards the node nothing is read from the
// local socket that the channel's window or the link does not take. From the node, what the local
// socket does not take stays in libssh, unconsumed, which stops libssh from granting more window;
// it is taken out only as a whole and only when everything before it is gone, since
// ssh_channel_read grants a new window however much is still buffered.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/unique_fd.h"
#include "ssh/handles.h"
#include "ssh/tunnel_end.h"

namespace syncgate {

class Flow {
 public:
  // Called once: when the channel is open, or with the reason why it will never be.
  using Opened = std::function<void(Result<void>)>;

  Flow(ssh_session session, UniqueFd local, TunnelEnd end, Opened opened);
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;
  ~Flow();

  int socket() const { return local_.get(); }
  // What to poll the local socket for now; 0: do not poll it. `link_busy`: the link takes no more
  // bytes.
  short WantedEvents(bool link_busy) const;
  // Moves what can be moved. `revents` as poll gave them; `scratch` is for the time of the call.
  void Step(short revents, bool link_busy, std::span<char> scratch);
  bool done() const { return done_; }
  // Tells a waiting opener that the link is gone.
  void Abandon(const Error& error);

 private:
  enum class State : std::uint8_t { kOpening, kOpen };

  static int OnData(ssh_session session, ssh_channel channel, void* data, std::uint32_t size,
                    int is_stderr, void* self);
  void TryOpen();
  std::size_t SendToLocal(std::string_view bytes);
  void FlushToLocal();
  void FinishTowardsLocal();
  void ReadLocal(std::span<char> scratch);
  void SendToNode(std::string_view bytes);
  void FinishTowardsNode();

  ssh_session session_;
  UniqueFd local_;
  TunnelEnd end_;
  Opened opened_;
  ChannelHandle channel_;
  ssh_channel_callbacks_struct callbacks_ = {};
  State state_ = State::kOpening;
  bool done_ = false;
  bool local_broken_ = false;    // the local socket takes no more bytes
  bool local_ended_ = false;     // the local socket gives no more bytes
  bool node_told_end_ = false;   // EOF was sent to the node
  bool local_told_end_ = false;  // the local socket was shut down for writing
  std::string to_local_;         // received, not yet taken by the local socket
  std::size_t to_local_at_ = 0;  // start of what is left in it
  std::size_t unread_ = 0;       // bytes left in libssh
  std::string to_node_;          // read from the local socket, not taken by libssh (while rekeying)
};

}  // namespace syncgate
