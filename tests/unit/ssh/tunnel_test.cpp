// What goes through a tunnel: bytes, ends, how fast, and at what cost.
#include "ssh/tunnel.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>

#include "tunnel_fixture.h"

namespace syncgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

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
  const UniqueFd fd = Dial(tunnel->port());
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
  UniqueFd fd = Dial(other->port());
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
  UniqueFd fd = Dial(tunnel->port());
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
  const UniqueFd fd = Dial(tunnel->port());
  const long before = ResidentKilobytes();
  std::array<char, 8192> piece{};
  for (int i = 0; i < 1500; ++i) {
    ASSERT_GT(::recv(fd.get(), piece.data(), piece.size(), 0), 0);
    std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_LT(ResidentKilobytes() - before, 32 * 1024);
}

TEST_F(TunnelTest, DoesNotSpinWhenIdle) {
  Server server(Echo);
  const auto tunnel = Open(sshd_->Target(), To(server));
  const UniqueFd fd = Dial(tunnel->port());
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
  const UniqueFd fd = Dial(tunnel->port());
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
  const UniqueFd out = Dial(other->port());
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
