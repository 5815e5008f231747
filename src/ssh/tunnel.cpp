#include "ssh/tunnel.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "core/unique_fd.h"
#include "ssh/pump.h"
#include "ssh/session.h"

namespace syncgate {
namespace {

constexpr int kBacklog = 16;

// Bound to 127.0.0.1 and a free port, which is stored in *port; invalid, with errno, where that
// fails.
UniqueFd ListenOnLoopback(std::uint16_t* port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (!fd.valid() || ::bind(fd.get(), raw, size) != 0 || ::listen(fd.get(), kBacklog) != 0 ||
      ::getsockname(fd.get(), raw, &size) != 0) {
    return UniqueFd();
  }
  *port = ntohs(address.sin_port);
  return fd;
}

}  // namespace

Tunnel::Tunnel(std::unique_ptr<ChannelPump> pump, std::uint16_t port)
    : pump_(std::move(pump)), port_(port) {}
Tunnel::~Tunnel() = default;

Result<std::unique_ptr<Tunnel>> Tunnel::Open(const SshTarget& target, const TunnelEnd& end) {
  std::unique_ptr<SshSession> session = TRY(SshSession::Connect(target));
  std::uint16_t port = 0;
  UniqueFd listener = ListenOnLoopback(&port);
  if (!listener.valid()) {
    return Fail(ErrorKind::kFailed, "ssh-listen",
                "Cannot listen on 127.0.0.1: " + std::generic_category().message(errno) + ".");
  }
  std::unique_ptr<ChannelPump> pump = TRY(ChannelPump::Start(std::move(session)));
  pump->Listen(std::move(listener), end);
  return std::unique_ptr<Tunnel>(new Tunnel(std::move(pump), port));
}

std::optional<Error> Tunnel::last_error() const { return pump_->last_error(); }

}  // namespace syncgate
