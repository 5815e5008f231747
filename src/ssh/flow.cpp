#include "ssh/flow.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace syncgate {
namespace {

// Below this much waiting for the local socket, more is taken over from libssh.
constexpr std::size_t kWaitingLimit = 256 * 1024;

// The SSH reason codes of RFC 4254, 5.1.
constexpr char kProhibited = '1';

// libssh tells the reason as text only: "Channel opening failure: channel 43 error (2) open
// failed".
Error RefusalOf(const std::string& text, const TunnelEnd& end) {
  const std::size_t at = text.find("error (");
  const char reason = at == std::string::npos ? '?' : text[at + 7];
  if (reason == kProhibited) {
    return Error{
        ErrorKind::kFixProject,
        "ssh-forward-prohibited",
        "The SSH server forbids forwarding to " + ToString(end) + " (" + text + ").",
        "Allow it for this user (AllowTcpForwarding, AllowStreamLocalForwarding, PermitOpen "
        "in sshd_config; authorized_keys).",
        {}};
  }
  return Error{ErrorKind::kTryLater,
               "ssh-forward-refused",
               "The node cannot connect to " + ToString(end) + " (" + text + ").",
               "Check host and port as the node sees them, and that the server runs.",
               {}};
}

}  // namespace

std::string ToString(const TunnelEnd& end) {
  return end.socket_path.empty() ? end.host + ":" + std::to_string(end.port) : end.socket_path;
}

Flow::Flow(ssh_session session, UniqueFd local, TunnelEnd end, Opened opened)
    : session_(session),
      local_(std::move(local)),
      end_(std::move(end)),
      opened_(std::move(opened)),
      channel_(ssh_channel_new(session)) {
  callbacks_.userdata = this;
  callbacks_.channel_data_function = &Flow::OnData;
  ssh_callbacks_init(&callbacks_);
  ssh_set_channel_callbacks(channel_.get(), &callbacks_);
}

Flow::~Flow() {
  // A freed channel lives on in libssh until the node has closed it too; it must not call us then.
  ssh_remove_channel_callbacks(channel_.get(), &callbacks_);
  if (state_ == State::kOpen) CloseChannel(channel_.get());
}

void Flow::Abandon(const Error& error) {
  if (opened_) std::exchange(opened_, {})(std::unexpected(error));
}

short Flow::WantedEvents(bool link_busy) const {
  short events = 0;
  if (!to_local_.empty()) events |= POLLOUT;
  if (state_ == State::kOpen && !local_ended_ && !link_busy && to_node_.empty() &&
      ssh_channel_window_size(channel_.get()) > 0) {
    events |= POLLIN;
  }
  return events;
}

void Flow::Step(short revents, bool link_busy, std::span<char> scratch) {
  if (state_ == State::kOpening) TryOpen();
  if (state_ != State::kOpen || done_) return;
  FlushToLocal();
  if (!link_busy && !to_node_.empty()) SendToNode(std::exchange(to_node_, {}));
  if (!link_busy && to_node_.empty() && (revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
    ReadLocal(scratch);
  }
  FinishTowardsNode();
  FinishTowardsLocal();
}

void Flow::TryOpen() {
  const int rc =
      end_.socket_path.empty()
          ? ssh_channel_open_forward(channel_.get(), end_.host.c_str(), end_.port, "127.0.0.1", 0)
          : ssh_channel_open_forward_unix(channel_.get(), end_.socket_path.c_str(), "127.0.0.1", 0);
  // A lost link is the pump's to tell.
  if (rc == SSH_AGAIN || ssh_is_connected(session_) == 0) return;
  if (rc == SSH_OK) {
    state_ = State::kOpen;
    if (opened_) std::exchange(opened_, {})({});
    return;
  }
  done_ = true;
  Abandon(RefusalOf(ssh_get_error(session_), end_));
}

int Flow::OnData(ssh_session, ssh_channel, void* data, std::uint32_t size, int is_stderr,
                 void* self) {
  auto* flow = static_cast<Flow*>(self);
  // `data` is all that libssh holds, what was left there before included.
  std::string_view bytes(static_cast<const char*>(data), size);
  if (is_stderr != 0 || flow->local_broken_) return static_cast<int>(size);
  if (flow->to_local_.empty()) bytes.remove_prefix(flow->SendToLocal(bytes));
  if (flow->to_local_.size() - flow->to_local_at_ < kWaitingLimit) {
    flow->to_local_.append(bytes);
    bytes = {};
  }
  flow->unread_ = bytes.size();
  return static_cast<int>(size - bytes.size());
}

// How many of `bytes` the socket has taken; all of them where it is broken.
std::size_t Flow::SendToLocal(std::string_view bytes) {
  const std::size_t size = bytes.size();
  while (!bytes.empty()) {
    const ssize_t sent =
        ::send(local_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (sent < 0) {
      local_broken_ = true;
      return size;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return size - bytes.size();
}

void Flow::FlushToLocal() {
  for (;;) {
    to_local_at_ += SendToLocal(std::string_view(to_local_).substr(to_local_at_));
    if (to_local_at_ < to_local_.size()) return;
    to_local_.clear();
    to_local_at_ = 0;
    if (unread_ == 0 || local_broken_) return;
    to_local_.resize(unread_);
    const int got =
        ssh_channel_read(channel_.get(), to_local_.data(), static_cast<std::uint32_t>(unread_), 0);
    to_local_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    unread_ -= to_local_.size();
    if (to_local_.empty()) return;
  }
}

void Flow::ReadLocal(std::span<char> scratch) {
  const std::size_t room =
      std::min<std::size_t>(scratch.size(), ssh_channel_window_size(channel_.get()));
  if (room == 0 || local_ended_) return;
  const ssize_t got = ::recv(local_.get(), scratch.data(), room, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
  if (got < 0) local_broken_ = true;
  if (got <= 0) {
    local_ended_ = true;
    return;
  }
  SendToNode(std::string_view(scratch.data(), static_cast<std::size_t>(got)));
}

void Flow::SendToNode(std::string_view bytes) {
  const int sent =
      ssh_channel_write(channel_.get(), bytes.data(), static_cast<std::uint32_t>(bytes.size()));
  if (sent < 0) {
    // The node has closed the channel (or the link is gone, which the pump notices): no way to go
    // for these bytes, while what it sent before may still be on its way to the local socket.
    local_ended_ = true;
    node_told_end_ = true;
    return;
  }
  // libssh takes nothing while keys are exchanged anew.
  to_node_.assign(bytes.substr(static_cast<std::size_t>(sent)));
}

void Flow::FinishTowardsNode() {
  if (!local_ended_ || !to_node_.empty() || node_told_end_) return;
  ssh_channel_send_eof(channel_.get());
  node_told_end_ = true;
}

void Flow::FinishTowardsLocal() {
  if (local_broken_) done_ = true;
  if (done_ || !to_local_.empty() || unread_ > 0) return;
  const bool closed = ssh_channel_is_closed(channel_.get()) != 0;
  if (!local_told_end_ && (closed || ssh_channel_is_eof(channel_.get()) != 0)) {
    ::shutdown(local_.get(), SHUT_WR);
    local_told_end_ = true;
  }
  if (closed || (local_told_end_ && node_told_end_)) done_ = true;
}

}  // namespace syncgate
