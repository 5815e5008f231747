// Servers behind a tunnel, and ways to talk through it.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/unique_fd.h"
#include "ssh/tunnel.h"
#include "sshd_fixture.h"
#include "support/loopback.h"

namespace syncgate {

using test::SendAll;

// Serves each connection with `serve` in a thread of its own.
class Server {
 public:
  using Serve = std::function<void(int)>;

  explicit Server(Serve serve, const std::string& path = "") : serve_(std::move(serve)) {
    if (path.empty()) {
      listener_ = UniqueFd(test::ListenOnLoopback(&port_));
    } else {
      listener_ = UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
      sockaddr_un address = {};
      address.sun_family = AF_UNIX;
      path.copy(address.sun_path, sizeof address.sun_path - 1);
      ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
      ::listen(listener_.get(), 64);
    }
    acceptor_ = std::thread([this] { Accept(); });
  }
  ~Server() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
  }
  std::uint16_t port() const { return port_; }
  int served() const { return served_; }
  int ended() const { return ended_; }

 private:
  void Accept() {
    for (;;) {
      const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      ++served_;
      threads_.emplace_back([this, fd] {
        const UniqueFd owner(fd);
        serve_(fd);
        ++ended_;
      });
    }
  }

  Serve serve_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> served_ = 0;
  std::atomic<int> ended_ = 0;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

inline void Echo(int fd) {
  std::vector<char> piece(65536);
  for (;;) {
    const ssize_t got = ::recv(fd, piece.data(), piece.size(), 0);
    if (got <= 0) return;
    SendAll(fd, std::string_view(piece.data(), static_cast<std::size_t>(got)));
  }
}

inline std::string ReceiveToEnd(int fd) {
  std::string bytes;
  std::vector<char> piece(65536);
  for (;;) {
    const ssize_t got = ::recv(fd, piece.data(), piece.size(), 0);
    if (got <= 0) return bytes;
    bytes.append(piece.data(), static_cast<std::size_t>(got));
  }
}

inline std::string Noise(std::size_t size) {
  std::mt19937_64 random(42);
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i + 8 <= size; i += 8) {
    const std::uint64_t word = random();
    bytes.replace(i, 8, reinterpret_cast<const char*>(&word), 8);
  }
  return bytes;
}

inline UniqueFd Dial(std::uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!test::ConnectToLoopback(fd.get(), port)) return UniqueFd();
  return fd;
}

// Sends `bytes`, ends, and returns what comes back, at the same time.
inline std::string RoundTrip(std::uint16_t port, const std::string& bytes) {
  const UniqueFd fd = Dial(port);
  std::thread sender([&] {
    SendAll(fd.get(), bytes);
    ::shutdown(fd.get(), SHUT_WR);
  });
  std::string back = ReceiveToEnd(fd.get());
  sender.join();
  return back;
}

template <typename Condition>
bool Eventually(Condition condition) {
  for (int i = 0; i < 200; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  return false;
}

class TunnelTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { sshd_ = new Sshd; }
  static void TearDownTestSuite() {
    delete sshd_;
    sshd_ = nullptr;
  }
  static std::unique_ptr<Tunnel> Open(const SshTarget& target, const TunnelEnd& end) {
    auto tunnel = Tunnel::Open(target, end);
    if (!tunnel) {
      ADD_FAILURE() << tunnel.error().message;
      return nullptr;
    }
    return std::move(*tunnel);
  }
  static TunnelEnd To(const Server& server) { return {"127.0.0.1", server.port(), {}}; }

  static inline Sshd* sshd_ = nullptr;
};

}  // namespace syncgate
