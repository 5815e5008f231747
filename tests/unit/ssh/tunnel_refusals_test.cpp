// Who is not let into a tunnel, and how it ends.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>

#include "tunnel_fixture.h"

namespace syncgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

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
  UniqueFd ours(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(ours.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in mine = test::Loopback(FreePort());
  ASSERT_EQ(::bind(ours.get(), reinterpret_cast<sockaddr*>(&mine), sizeof mine), 0);
  const sockaddr_in elsewhere = test::Loopback(server.port());
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
  const UniqueFd fd = Dial(tunnel->port());
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
  const UniqueFd fd = Dial(tunnel->port());
  EXPECT_EQ(ReceiveToEnd(fd.get()), "");
  ASSERT_TRUE(Eventually([&] { return tunnel->last_error().has_value(); }));
  EXPECT_EQ(tunnel->last_error()->code, "ssh-forward-prohibited");
}

TEST_F(TunnelTest, LostLinkClosesTheConnections) {
  const Sshd sshd;
  Server server(Echo);
  const auto tunnel = Open(sshd.Target(), To(server));
  const UniqueFd fd = Dial(tunnel->port());
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
  const UniqueFd fd = Dial(tunnel->port());
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

}  // namespace
}  // namespace syncgate
