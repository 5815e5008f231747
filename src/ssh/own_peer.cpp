#include "ssh/own_peer.h"

#include <dirent.h>
#include <sys/socket.h>

#include <cstdlib>
#include <memory>

namespace syncgate {
namespace {

using NameFunction = int (*)(int, sockaddr*, socklen_t*);

// The address if it is an IPv4 one; else port 0, which no connected socket has.
sockaddr_in AddressOf(int fd, NameFunction name) {
  sockaddr_in address = {};
  socklen_t size = sizeof address;
  if (name(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      address.sin_family != AF_INET) {
    return {};
  }
  return address;
}

bool Same(const sockaddr_in& a, const sockaddr_in& b) {
  return a.sin_port != 0 && a.sin_port == b.sin_port && a.sin_addr.s_addr == b.sin_addr.s_addr;
}

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

bool AcceptedFromThisProcess(int accepted, const sockaddr_in& listener) {
  const sockaddr_in peer = AddressOf(accepted, &::getpeername);
  if (peer.sin_port == 0) return false;
  const std::unique_ptr<DIR, DirectoryCloser> directory(::opendir("/proc/self/fd"));
  if (!directory) return false;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] == '.') continue;
    const int fd = std::atoi(entry->d_name);
    // The connecting side is established before it sends the ACK that makes accept() return: its
    // peer's address is set. Asking for both ends keeps out a process that shares a port number
    // with a socket of ours which is connected elsewhere.
    if (Same(AddressOf(fd, &::getsockname), peer) &&
        Same(AddressOf(fd, &::getpeername), listener)) {
      return true;
    }
  }
  return false;
}

}  // namespace syncgate
