#include "http/relay.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace syncgate {
namespace {

bool SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// Carries what can be read now. False at the end of the stream, or where a side is broken.
bool Carry(int from, int to) {
  std::array<char, 16384> buffer;
  const ssize_t count = recv(from, buffer.data(), buffer.size(), 0);
  return count > 0 && SendAll(to, {buffer.data(), static_cast<std::size_t>(count)});
}

// Until the inner side closes. The outer side may close first: what it said is still read.
void CarryBoth(int inner, int outer) {
  std::array<pollfd, 2> fds = {{{inner, POLLIN, 0}, {outer, POLLIN, 0}}};
  while (poll(fds.data(), fds.size(), -1) >= 0) {
    if (fds[1].revents != 0 && !Carry(outer, inner)) {
      shutdown(inner, SHUT_WR);
      fds[1].fd = -1;
    }
    if (fds[0].revents != 0 && !Carry(inner, outer)) return;
  }
}

bool IsThisProcess(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == getpid();
}

// A listening socket under a name that the kernel picks.
OwnedFd Listen(std::string* name) {
  OwnedFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address.sun_family;  // no name: the kernel's choice
  if (fd.get() < 0 || bind(fd.get(), generic, size) != 0 || listen(fd.get(), 1) != 0) {
    return OwnedFd();
  }
  size = sizeof address;
  if (getsockname(fd.get(), generic, &size) != 0) return OwnedFd();
  constexpr std::size_t kBefore =
      offsetof(sockaddr_un, sun_path) + 1;  // up to the name, with its NUL
  name->assign(address.sun_path + 1, size - kBefore);
  return fd;
}

}  // namespace

OwnedFd::OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

OwnedFd& OwnedFd::operator=(OwnedFd&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

OwnedFd::~OwnedFd() {
  if (fd_ >= 0) close(fd_);
}

Relay::~Relay() {
  if (!thread_.joinable()) return;
  shutdown(listener_.get(), SHUT_RDWR);
  shutdown(outer_.get(), SHUT_RDWR);
  thread_.join();
}

Result<void> Relay::Start() {
  listener_ = Listen(&name_);
  if (listener_.get() < 0) {
    return Fail(ErrorKind::kFailed, "http-relay",
                std::string("no local socket can be made: ") + std::strerror(errno),
                "is the limit of open files reached?");
  }
  // Signals are for the step's own threads.
  sigset_t all;
  sigset_t old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  thread_ = std::thread([this] { Run(); });
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
  return {};
}

void Relay::Run() {
  while (true) {
    const OwnedFd inner(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (inner.get() < 0) return;
    if (!IsThisProcess(inner.get())) continue;
    CarryBoth(inner.get(), outer_.get());
    return;
  }
}

}  // namespace syncgate
