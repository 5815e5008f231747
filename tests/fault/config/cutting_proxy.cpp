#include "cutting_proxy.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/loopback.h"

namespace syncgate::test {
namespace {

constexpr int kTick = 50;  // ms between looks at whether to end

void AtOnce(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

CuttingProxy::CuttingProxy(std::uint16_t server) : server_(server) {
  listener_ = ListenOnLoopback(&port_);
  acceptor_ = std::thread([this] { Accept(); });
}

CuttingProxy::~CuttingProxy() {
  ending_ = true;
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
}

void CuttingProxy::CutAfter(From from, int packets) {
  limit_ = 0;
  direction_ = from;
  seen_[0] = seen_[1] = 0;
  limit_ = packets;
}

void CuttingProxy::Accept() {
  while (!ending_) {
    pollfd wait{listener_, POLLIN, 0};
    if (::poll(&wait, 1, kTick) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) threads_.emplace_back([this, client] { Pass(client); });
  }
}

// False: the connection is over.
bool CuttingProxy::PassOne(int from, int to, From direction) {
  char piece[65536];
  const ssize_t got = ::recv(from, piece, sizeof piece, 0);
  if (got <= 0) return false;
  const int number = ++seen_[direction == From::kServer ? 1 : 0];
  const int limit = limit_;
  if (limit > 0 && direction == direction_ && number > limit) {
    limit_ = 0;
    ++cuts_;
    return false;
  }
  return SendAll(to, {piece, static_cast<std::size_t>(got)});
}

void CuttingProxy::Pass(int client) {
  const int cuts = cuts_;
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool open = ConnectToLoopback(server, server_);
  AtOnce(client);
  AtOnce(server);
  while (open && !ending_ && cuts == cuts_) {
    pollfd wait[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (::poll(wait, 2, kTick) <= 0) continue;
    if (wait[0].revents != 0) open = PassOne(client, server, From::kClient);
    if (open && wait[1].revents != 0) open = PassOne(server, client, From::kServer);
  }
  ::close(client);
  ::close(server);
}

}  // namespace syncgate::test
