#include "ssh/tunnel.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

#include "ssh/socket_fd.h"
#include "sshd_fixture.h"

namespace syncgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Serves each connection with `serve` in a thread of its own.
class Server {
 public:
  using Serve = std::function<void(int)>;

  explicit Server(Serve serve, const std::string& path = "") : serve_(std::move(serve)) {
    if (path.empty()) {
      listener_ = SocketFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      sockaddr_in address = Loopback(0);
      socklen_t size = sizeof address;
      ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size);
      ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
      port_ = ntohs(address.sin_port);
    } else {
      listener_ = SocketFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
      sockaddr_un address = {};
      address.sun_family = AF_UNIX;
      path.copy(address.sun_path, sizeof address.sun_path - 1);
      ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
    ::listen(listener_.get(), 64);
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
        const SocketFd owner(fd);
        serve_(fd);
        ++ended_;
      });
    }
  }

  Serve serve_;
  SocketFd listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> served_ = 0;
  std::atomic<int> ended_ = 0;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

void SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Echo(int fd) {
  std::vector<char> piece(65536);
  for (;;) {
    const ssize_t got = ::recv(fd, piece.data(), piece.size(), 0);
    if (got <= 0) return;
    SendAll(fd, std::string_view(piece.data(), static_cast<std::size_t>(got)));
  }
}

std::string ReceiveToEnd(int fd) {
  std::string bytes;
  std::vector<char> piece(65536);
  for (;;) {
    const ssize_t got = ::recv(fd, piece.data(), piece.size(), 0);
    if (got <= 0) return bytes;
    bytes.append(piece.data(), static_cast<std::size_t>(got));
  }
}

std::string Noise(std::size_t size) {
  std::mt19937_64 random(42);
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i + 8 <= size; i += 8) {
    const std::uint64_t word = random();
    bytes.replace(i, 8, reinterpret_cast<const char*>(&word), 8);
  }
  return bytes;
}

SocketFd Dial(std::uint16_t port) {
  SocketFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = Loopback(port);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return SocketFd();
  }
  return fd;
}

// Sends `bytes`, ends, and returns what comes back, at the same time.
std::string RoundTrip(std::uint16_t port, const std::string& bytes) {
  const SocketFd fd = Dial(port);
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
    std::this_thread::sleep_for(milliseconds(25));
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

TEST_F(TunnelTest, ExactBytesBothWaysAtOnce) {
  Server server(Echo);
  const auto tunnel = Open(sshd_->Target(), To(server));
  const std::string bytes = Noise(24 << 20);
  EXPECT_TRUE(RoundTrip(tunnel->port(), bytes) == bytes);
  EXPECT_FALSE(tunnel->last_error());
}

TEST_F(TunnelTest, ManyConnectionsAtOnce) {
  Server server(Echo);
  const auto tunnel = Open(sshd_->Target(), To(server));
  const std::string bytes = Noise(1 << 20);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      if (RoundTrip(tunnel->port(), bytes) == bytes) ++good;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 12);
}

TEST_F(TunnelTest, KeysAreExchangedAnewOnTheWay) {
  SshdOptions options;
  options.extra = "RekeyLimit 1M\n";
  const Sshd sshd(options);
  Server server(Echo);
  const auto tunnel = Open(sshd.Target(), To(server));
  const std::string bytes = Noise(16 << 20);
  EXPECT_TRUE(RoundTrip(tunnel->port(), bytes) == bytes);
}

TEST_F(TunnelTest, LatencyOfSmallMessages) {
  Server server(Echo);
  const auto tunnel = Open(sshd_->Target(), To(server));
  const SocketFd fd = Dial(tunnel->port());
  std::array<char, 16> answer{};
  const auto start = steady_clock::now();
  for (int i = 0; i < 200; ++i) {
    SendAll(fd.get(), "ping");
    ASSERT_EQ(::recv(fd.get(), answer.data(), 4, MSG_WAITALL), 4);
  }
  const auto each = (steady_clock::now() - start) / 200;
  RecordProperty(
      "microseconds",
      static_cast<int>(std::chrono::duration_cast<std::chrono::microseconds>(each).count()));
  EXPECT_LT(each, milliseconds(10));
}

TEST_F(TunnelTest, UnixSocketOnTheNode) {
  const TemporaryDirectory directory;
  Server server(Echo, directory / "mysqld.sock");
  const auto tunnel = Open(sshd_->Target(), {"", 0, directory / "mysqld.sock"});
  EXPECT_EQ(RoundTrip(tunnel->port(), "hello"), "hello");
}

TEST_F(TunnelTest, OverAJumpHost) {
  const Sshd jump;
  SshTarget target = sshd_->Target();
  target.jump = std::make_shared<SshTarget>(jump.Target());
  Server server(Echo);
  const auto tunnel = Open(target, To(server));
  const std::string bytes = Noise(12 << 20);
  EXPECT_TRUE(RoundTrip(tunnel->port(), bytes) == bytes);
}

// We end first and still get the answer; the server ends first and still gets our bytes.
TEST_F(TunnelTest, EachDirectionEndsByItself) {
  Server answers_late([](int fd) {
    const std::string got = ReceiveToEnd(fd);
    std::this_thread::sleep_for(milliseconds(100));
    SendAll(fd, "got " + std::to_string(got.size()));
  });
  const auto tunnel = Open(sshd_->Target(), To(answers_late));
  EXPECT_EQ(RoundTrip(tunnel->port(), std::string(5'000'000, 'x')), "got 5000000");

  std::atomic<std::size_t> received = 0;
  Server ends_first([&received](int fd) {
    SendAll(fd, "bye");
    ::shutdown(fd, SHUT_WR);
    received = ReceiveToEnd(fd).size();
  });
  const auto other = Open(sshd_->Target(), To(ends_first));
  SocketFd fd = Dial(other->port());
  EXPECT_EQ(ReceiveToEnd(fd.get()), "bye");
  SendAll(fd.get(), std::string(3'000'000, 'y'));
  fd.reset();
  EXPECT_TRUE(Eventually([&] { return received == 3'000'000u; })) << received;
}

// The server's side is closed too when we close while it sends.
TEST_F(TunnelTest, ClosingLocallyEndsTheServersSide) {
  Server talks_for_ever([](int fd) {
    const std::string piece(65536, 'z');
    while (::send(fd, piece.data(), piece.size(), MSG_NOSIGNAL) > 0) {
    }
  });
  const auto tunnel = Open(sshd_->Target(), To(talks_for_ever));
  SocketFd fd = Dial(tunnel->port());
  std::array<char, 1000> piece{};
  ASSERT_GT(::recv(fd.get(), piece.data(), piece.size(), 0), 0);
  fd.reset();
  EXPECT_TRUE(Eventually([&] { return talks_for_ever.ended() == 1; }));
}

long ResidentKilobytes() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6);
  }
  return 0;
}

// libssh grants window whenever it is read from; see flow.h.
TEST_F(TunnelTest, SlowReaderDoesNotGrowMemory) {
  Server talks([](int fd) {
    const std::string piece(65536, 'z');
    while (::send(fd, piece.data(), piece.size(), MSG_NOSIGNAL) > 0) {
    }
  });
  const auto tunnel = Open(sshd_->Target(), To(talks));
  const SocketFd fd = Dial(tunnel->port());
  const long before = ResidentKilobytes();
  std::array<char, 8192> piece{};
  for (int i = 0; i < 1500; ++i) {
    ASSERT_GT(::recv(fd.get(), piece.data(), piece.size(), 0), 0);
    std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_LT(ResidentKilobytes() - before, 32 * 1024);
}

TEST_F(TunnelTest, AnotherProcessIsNotLetIn) {
  Server server(Echo);
  const auto tunnel = Open(sshd_->Target(), To(server));
  std::string output;
  const std::string line =
      "python3 -c 'import socket\n"
      "s = socket.create_connection((\"127.0.0.1\", " +
      std::to_string(tunnel->port()) +
      "))\n"
      "try:\n"
      "  s.sendall(b\"hello\"); print(\"answer\", s.recv(100))\n"
      "except OSError: print(\"closed\")' 2>&1";
  ASSERT_EQ(Shell(line, &output), 0) << output;
  EXPECT_THAT(output, testing::AnyOf(HasSubstr("answer b''"), HasSubstr("closed")));
  EXPECT_EQ(server.served(), 0);
  EXPECT_EQ(RoundTrip(tunnel->port(), "hello"), "hello");
}

// The other process comes from the port number of a socket of ours that is connected elsewhere.
TEST_F(TunnelTest, AnotherProcessWithAPortNumberOfOurs) {
  Server server(Echo);
  const auto tunnel = Open(sshd_->Target(), To(server));
  SocketFd ours(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(ours.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in mine = Loopback(FreePort());
  ASSERT_EQ(::bind(ours.get(), reinterpret_cast<sockaddr*>(&mine), sizeof mine), 0);
  const sockaddr_in elsewhere = Loopback(server.port());
  ASSERT_EQ(::connect(ours.get(), reinterpret_cast<const sockaddr*>(&elsewhere), sizeof elsewhere),
            0);
  ASSERT_TRUE(Eventually([&] { return server.served() == 1; }));
  std::string output;
  Shell(
      "python3 -c 'import socket\n"
      "s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
      "s.bind((\"127.0.0.1\", " +
          std::to_string(ntohs(mine.sin_port)) +
          "))\n"
          "s.connect((\"127.0.0.1\", " +
          std::to_string(tunnel->port()) +
          "))\n"
          "try:\n"
          "  s.sendall(b\"hello\"); print(\"answer\", s.recv(100))\n"
          "except OSError: print(\"closed\")' 2>&1",
      &output);
  EXPECT_THAT(output, testing::AnyOf(HasSubstr("answer b''"), HasSubstr("closed")));
  EXPECT_EQ(server.served(), 1);
}

TEST_F(TunnelTest, RefusedByTheNode) {
  const auto tunnel = Open(sshd_->Target(), {"127.0.0.1", FreePort(), {}});
  const SocketFd fd = Dial(tunnel->port());
  EXPECT_EQ(ReceiveToEnd(fd.get()), "");
  ASSERT_TRUE(Eventually([&] { return tunnel->last_error().has_value(); }));
  EXPECT_EQ(tunnel->last_error()->code, "ssh-forward-refused");
  EXPECT_EQ(tunnel->last_error()->kind, ErrorKind::kTryLater);
}

TEST_F(TunnelTest, ForbiddenByTheServer) {
  SshdOptions options;
  options.extra = "AllowTcpForwarding no\n";
  const Sshd sshd(options);
  const auto tunnel = Open(sshd.Target(), {"127.0.0.1", 3306, {}});
  const SocketFd fd = Dial(tunnel->port());
  EXPECT_EQ(ReceiveToEnd(fd.get()), "");
  ASSERT_TRUE(Eventually([&] { return tunnel->last_error().has_value(); }));
  EXPECT_EQ(tunnel->last_error()->code, "ssh-forward-prohibited");
}

TEST_F(TunnelTest, LostLinkClosesTheConnections) {
  const Sshd sshd;
  Server server(Echo);
  const auto tunnel = Open(sshd.Target(), To(server));
  const SocketFd fd = Dial(tunnel->port());
  SendAll(fd.get(), "x");
  char answer = 0;
  ASSERT_EQ(::recv(fd.get(), &answer, 1, 0), 1);
  for (const pid_t pid : sshd.Serving()) ::kill(pid, SIGKILL);
  EXPECT_EQ(ReceiveToEnd(fd.get()), "");
  ASSERT_TRUE(Eventually([&] { return tunnel->last_error().has_value(); }));
  EXPECT_EQ(tunnel->last_error()->code, "ssh-link-lost");
  EXPECT_FALSE(Dial(tunnel->port()).valid());
}

TEST_F(TunnelTest, EndsInTimeWhereTheLinkHangs) {
  Server server(Echo);
  const Sshd sshd;  // goes first: the server's threads wait for it
  auto tunnel = Open(sshd.Target(), To(server));
  const SocketFd fd = Dial(tunnel->port());
  SendAll(fd.get(), "x");
  char answer = 0;
  ASSERT_EQ(::recv(fd.get(), &answer, 1, 0), 1);
  for (const pid_t pid : sshd.Serving()) ::kill(pid, SIGSTOP);
  ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
  const std::string bytes(1 << 20, 'x');
  for (int i = 0; i < 50; ++i) {
    (void)::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    std::this_thread::sleep_for(milliseconds(5));
  }
  const auto start = steady_clock::now();
  tunnel.reset();
  EXPECT_LT(steady_clock::now() - start, milliseconds(1500));
}

TEST_F(TunnelTest, DoesNotSpinWhenIdle) {
  Server server(Echo);
  const auto tunnel = Open(sshd_->Target(), To(server));
  const SocketFd fd = Dial(tunnel->port());
  SendAll(fd.get(), "x");
  char answer = 0;
  ASSERT_EQ(::recv(fd.get(), &answer, 1, 0), 1);
  const std::clock_t before = std::clock();
  std::this_thread::sleep_for(milliseconds(500));
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 20);
}

// A figure, not a promise: build for release and look at it.
TEST_F(TunnelTest, Throughput) {
  constexpr std::size_t kBytes = 128u << 20;
  Server source([](int fd) {
    const std::string piece(1 << 20, 'z');
    for (std::size_t i = 0; i < kBytes / piece.size(); ++i) SendAll(fd, piece);
  });
  const auto tunnel = Open(sshd_->Target(), To(source));
  const SocketFd fd = Dial(tunnel->port());
  const auto start = steady_clock::now();
  std::vector<char> piece(1 << 18);
  std::size_t total = 0;
  for (ssize_t got = 0; (got = ::recv(fd.get(), piece.data(), piece.size(), 0)) > 0;) {
    total += static_cast<std::size_t>(got);
  }
  const std::chrono::duration<double> took = steady_clock::now() - start;
  EXPECT_EQ(total, kBytes);
  std::printf("from the node: %.0f MB/s\n", static_cast<double>(kBytes) / 1e6 / took.count());

  Server sink([](int sink_fd) {
    std::vector<char> into(1 << 18);
    std::size_t received = 0;
    for (ssize_t got = 0; (got = ::recv(sink_fd, into.data(), into.size(), 0)) > 0;) {
      received += static_cast<std::size_t>(got);
    }
    SendAll(sink_fd, std::to_string(received));
  });
  const auto other = Open(sshd_->Target(), To(sink));
  const SocketFd out = Dial(other->port());
  const auto begin = steady_clock::now();
  const std::string block(1 << 20, 'y');
  for (std::size_t i = 0; i < kBytes / block.size(); ++i) SendAll(out.get(), block);
  ::shutdown(out.get(), SHUT_WR);
  EXPECT_EQ(ReceiveToEnd(out.get()), std::to_string(kBytes));
  const std::chrono::duration<double> up = steady_clock::now() - begin;
  std::printf("to the node: %.0f MB/s\n", static_cast<double>(kBytes) / 1e6 / up.count());
}

}  // namespace
}  // namespace syncgate
