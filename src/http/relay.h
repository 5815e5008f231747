// A connected socket, made reachable to curl. curl has an option that takes a connected socket, but
// libcurl 7.88 (Debian 12) ignores it and connects again (curl issue 10626). So curl connects to a
// local socket of ours, and a thread carries the bytes. For client.cpp only.
#pragma once

#include <string>
#include <thread>

#include "core/result.h"

namespace syncgate {

// A file descriptor that is closed with its owner.
class OwnedFd {
 public:
  explicit OwnedFd(int fd = -1) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept;
  OwnedFd& operator=(OwnedFd&& other) noexcept;
  ~OwnedFd();
  int get() const { return fd_; }

 private:
  int fd_;
};

class Relay {
 public:
  explicit Relay(OwnedFd outer) : outer_(std::move(outer)) {}
  // Ends the thread. The connection made to name() must be closed by then, or nobody may be waiting
  // for it.
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Call once. From here on the first connection that this process makes to name() ends at the
  // outer socket. Errors: kFailed "http-relay" where the system gives no socket.
  Result<void> Start();

  // In the abstract name space of AF_UNIX, without its leading NUL. Other processes are turned
  // away.
  const std::string& name() const { return name_; }

 private:
  void Run();

  OwnedFd outer_;
  OwnedFd listener_;
  std::string name_;
  std::thread thread_;
};

}  // namespace syncgate
