#include "http/client.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

namespace syncgate {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kPatience{10'000};

constexpr const char* kServer = R"(
import http.server, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/slow": time.sleep(3)
        self.send_response({"/down": 503, "/away": 302}.get(self.path, 200))
        if self.path == "/away": self.send_header("Location", "/ok?token=hunter2")
        if self.path == "/endless":
            self.end_headers()
            try:
                while True: self.wfile.write(b"x" * 65536)
            except OSError: return
        body = ("%s %s" % (self.path, self.headers["Host"])).encode()
        if self.path == "/cut": self.send_header("Content-Length", "999")
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
)";

int Connect(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

class Http : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    int out[2];
    ASSERT_EQ(pipe(out), 0);
    server_ = fork();
    if (server_ == 0) {
      dup2(out[1], 1);
      close(out[0]);
      close(out[1]);
      execlp("python3", "python3", "-c", kServer, nullptr);
      _exit(127);
    }
    close(out[1]);
    std::string line;
    char c = 0;
    while (read(out[0], &c, 1) == 1 && c != '\n') line += c;
    close(out[0]);
    port_ = static_cast<std::uint16_t>(std::atoi(line.c_str()));
    ASSERT_NE(port_, 0);
  }

  static void TearDownTestSuite() {
    kill(server_, SIGKILL);
    waitpid(server_, nullptr, 0);
  }

  // Every name is the test's server.
  HttpDial ToServer() {
    return [this](const std::string& host, std::uint16_t port) -> Result<int> {
      dialled_ = host + " " + std::to_string(port);
      return Connect(port_);
    };
  }

  Result<HttpResponse> Get(const std::string& url, milliseconds timeout = kPatience) {
    return HttpGet(url, ToServer(), {.timeout = timeout});
  }

  static inline pid_t server_ = 0;
  static inline std::uint16_t port_ = 0;
  std::string dialled_;
};

TEST_F(Http, GetsThroughTheDialledConnection) {
  const struct {
    const char* url;
    const char* dialled;
    const char* body;
  } rows[] = {
      {"http://internal-name.invalid:8001/ok?x=1", "internal-name.invalid 8001",
       "/ok?x=1 internal-name.invalid:8001"},
      {"http://127.0.0.1/ok", "127.0.0.1 80", "/ok 127.0.0.1"},
      {"http://[::1]:81/ok", "::1 81", "/ok [::1]:81"},
  };
  for (const auto& row : rows) {
    const auto response = Get(row.url);
    ASSERT_TRUE(response) << row.url << ": " << response.error().message;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, row.body);
    EXPECT_EQ(dialled_, row.dialled);
  }
}

TEST_F(Http, AnyStatusIsAnAnswerAndRedirectsAreNotFollowed) {
  EXPECT_EQ(Get("http://node/down").value().status, 503);
  const auto away = Get("http://node/away").value();
  EXPECT_EQ(away.status, 302);
  EXPECT_EQ(away.location, "http://node/ok");
  EXPECT_EQ(Get("http://node/down").value().location, "");
}

TEST_F(Http, IgnoresProxiesOfTheEnvironment) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  EXPECT_TRUE(Get("http://node:8001/ok"));
  EXPECT_EQ(dialled_, "node 8001");
  unsetenv("http_proxy");
  unsetenv("ALL_PROXY");
}

// An SSH channel is handed over as one end of a socket pair.
TEST_F(Http, TakesALocalSocketPair) {
  std::jthread relay;
  const auto dial = [&](const std::string&, std::uint16_t) -> Result<int> {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("");
    relay = std::jthread([end = ends[1]] {
      const int server = Connect(port_);
      pollfd fds[2] = {{end, POLLIN, 0}, {server, POLLIN, 0}};
      char buffer[4096];
      while (poll(fds, 2, -1) > 0) {
        const int ready = fds[0].revents != 0 ? 0 : 1;
        const ssize_t count = read(fds[ready].fd, buffer, sizeof buffer);
        if (count <= 0) break;
        send(fds[1 - ready].fd, buffer, static_cast<std::size_t>(count), MSG_NOSIGNAL);
      }
      close(end);
      close(server);
    });
    return ends[0];
  };
  const auto response = HttpGet("http://node:8001/ok", dial, {.timeout = kPatience});
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "/ok node:8001");
}

TEST_F(Http, Failures) {
  const HttpDial refused = [](const std::string&, std::uint16_t) -> Result<int> {
    return Fail(ErrorKind::kTryLater, "ssh-dial", "nothing listens there");
  };
  const HttpDial slow = [this](const std::string&, std::uint16_t) -> Result<int> {
    std::this_thread::sleep_for(milliseconds(80));
    return Connect(port_);
  };
  const HttpDial closed = [](const std::string&, std::uint16_t) -> Result<int> {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    close(ends[1]);
    return ends[0];
  };
  const struct {
    const char* name;
    HttpDial dial;
    const char* url;
    milliseconds timeout;
    ErrorKind kind;
    const char* code;
    const char* message;
  } rows[] = {
      {"refused", refused, "http://node/?token=hunter2", kPatience, ErrorKind::kTryLater,
       "http-unreachable", "http://node/ cannot be reached: nothing listens there"},
      {"closed", closed, "http://node/", kPatience, ErrorKind::kTryLater, "http-unreachable", ""},
      {"slow", ToServer(), "http://node/slow", milliseconds(200), ErrorKind::kTryLater,
       "http-timeout", ""},
      {"slow_dial", slow, "http://node/ok", milliseconds(50), ErrorKind::kTryLater, "http-timeout",
       ""},
      {"no_tls_there", ToServer(), "https://node/ok", kPatience, ErrorKind::kTryLater,
       "http-unreachable", ""},
      {"cut", ToServer(), "http://node/cut", kPatience, ErrorKind::kTryLater, "http-unreachable",
       ""},
      {"endless", ToServer(), "http://node/endless", kPatience, ErrorKind::kFailed,
       "http-body-too-large", "more than 1048576 bytes"},
  };
  for (const auto& row : rows) {
    const auto response = HttpGet(row.url, row.dial, {.timeout = row.timeout});
    ASSERT_FALSE(response) << row.name;
    EXPECT_EQ(response.error().kind, row.kind) << row.name << " " << response.error().message;
    EXPECT_EQ(response.error().code, row.code) << row.name;
    EXPECT_NE(response.error().message.find(row.message), std::string::npos)
        << row.name << " " << response.error().message;
    EXPECT_EQ(response.error().message.find("hunter2"), std::string::npos) << row.name;
  }
}

TEST_F(Http, BadUrls) {
  for (const char* url : {"", "node/health", "ftp://node/", "file:///etc/passwd", "http://",
                          "http://user:hunter2@node/", "http://node:99999/", "http://no de/",
                          "http://user:hunter2@no de/", "http://node:0/", "gopher://node/"}) {
    const auto response = Get(url);
    ASSERT_FALSE(response) << url;
    EXPECT_EQ(response.error().code, "http-bad-url") << url;
    EXPECT_EQ(response.error().kind, ErrorKind::kFixProject) << url;
    EXPECT_EQ(response.error().message.find("hunter2"), std::string::npos) << url;
  }
  EXPECT_EQ(dialled_, "");
}

}  // namespace
}  // namespace syncgate
