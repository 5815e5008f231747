#include "ssh/connect_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <future>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>

namespace syncgate {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kPeerGoneMillis = 30000;
constexpr int kKeepaliveIdle = 10;     // seconds
constexpr int kKeepaliveInterval = 5;  // seconds
constexpr int kKeepaliveProbes = 4;

struct Resolved {
  int status = 0;
  std::shared_ptr<addrinfo> list;
};

// getaddrinfo has no time limit of its own; when ours is up the thread is left to end by itself.
std::optional<Resolved> Resolve(std::string host, std::string port, milliseconds timeout) {
  std::promise<Resolved> promise;
  std::future<Resolved> future = promise.get_future();
  std::thread([promise = std::move(promise), host = std::move(host),
               port = std::move(port)]() mutable {
    addrinfo hints = {};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    Resolved resolved;
    resolved.status = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
    if (resolved.status == 0) resolved.list.reset(list, &::freeaddrinfo);
    promise.set_value(std::move(resolved));
  }).detach();
  if (future.wait_for(timeout) != std::future_status::ready) return std::nullopt;
  return future.get();
}

void SetOption(int fd, int level, int name, int value) {
  // Best effort: none of them is needed for correctness.
  (void)::setsockopt(fd, level, name, &value, sizeof value);
}

void Tune(int fd) {
  SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  SetOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  SetOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, kKeepaliveIdle);
  SetOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, kKeepaliveInterval);
  SetOption(fd, IPPROTO_TCP, TCP_KEEPCNT, kKeepaliveProbes);
  SetOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, kPeerGoneMillis);
}

// 0, or the errno of the failed connection.
int ConnectWithin(int fd, const addrinfo& address, milliseconds timeout) {
  if (::connect(fd, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd wait = {fd, POLLOUT, 0};
  const Clock::time_point end = Clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now()).count();
    if (left <= 0) return ETIMEDOUT;
    const int ready = ::poll(&wait, 1, static_cast<int>(left));
    if (ready > 0) break;
    if (ready < 0 && errno != EINTR) return errno;
  }
  int error_number = 0;
  socklen_t size = sizeof error_number;
  ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error_number, &size);
  return error_number;
}

std::unexpected<Error> Unreachable(const std::string& place, const std::string& why) {
  return Fail(ErrorKind::kTryLater, "ssh-unreachable",
              "Cannot connect to " + place + ": " + why + ".",
              "Check host, port and firewall; try again later if they are right.");
}

}  // namespace

Result<UniqueFd> ConnectSocket(const std::string& host, std::uint16_t port, milliseconds timeout) {
  const std::string place = host + ":" + std::to_string(port);
  const Clock::time_point end = Clock::now() + timeout;
  const std::optional<Resolved> resolved = Resolve(host, std::to_string(port), timeout);
  if (!resolved) return Unreachable(place, "the name was not resolved in time");
  if (resolved->status != 0) return Unreachable(place, ::gai_strerror(resolved->status));
  int left_addresses = 0;
  for (const addrinfo* a = resolved->list.get(); a != nullptr; a = a->ai_next) ++left_addresses;
  int why = ETIMEDOUT;
  for (const addrinfo* a = resolved->list.get(); a != nullptr; a = a->ai_next, --left_addresses) {
    UniqueFd fd(::socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd.valid()) continue;
    // An address that does not answer leaves time for the others.
    const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
    why = ConnectWithin(fd.get(), *a, left / left_addresses);
    if (why != 0) continue;
    Tune(fd.get());
    return fd;
  }
  return Unreachable(place, std::generic_category().message(why));
}

}  // namespace syncgate
