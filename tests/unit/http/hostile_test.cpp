// Answers that no good server gives, byte by byte, and TLS with certificates that do not hold.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>

#include "http/client.h"

namespace syncgate {
namespace {

using std::chrono::milliseconds;

// Answers each path with the bytes below it; argv[1], where given, is a certificate with its key.
constexpr const char* kServer = R"(
import socket, ssl, sys, threading, time
def send(connection, path):
    ok = b"HTTP/1.1 200 OK\r\n"
    chunked = ok + b"Transfer-Encoding: chunked\r\n\r\n"
    whole = {
        "/chunks": chunked + b"2\r\nab\r\n1;ext=1\r\nc\r\n0\r\nTrailer: x\r\n\r\n",
        "/chunks-cut": chunked + b"5\r\nab",
        "/chunks-bad": chunked + b"zz\r\nab\r\n0\r\n\r\n",
        "/length": ok + b"Content-Length: 3\r\n\r\nabcdef",
        "/negative-length": ok + b"Content-Length: -1\r\n\r\nabc",
        "/no-http": b"SSH-2.0-OpenSSH_9.2\r\n",
        "/http-0.9": b"abc",
        "/status": b"HTTP/1.1 99999 X\r\n\r\n",
        "/status-text": b"HTTP/1.1 OK\r\n\r\n",
        "/long-header": ok + b"X: " + b"x" * 500000 + b"\r\n\r\nabc",
        "/nul-header": ok + b"X: a\0b\r\n\r\nabc",
        "/folded": ok + b"X: a\r\n b\r\nContent-Length: 3\r\n\r\nabc",
        "/nothing": b"",
        "/interim": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok + b"Content-Length: 3\r\n\r\nabc",
        "/upgrade": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nPRI",
        "/away": b"HTTP/1.1 302 Found\r\nLocation: http://u:hunter2@elsewhere/\r\nContent-Length: 0\r\n\r\n",
        "/away-file": b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
        "/gzip": ok + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        "/": ok + b"Content-Length: 2\r\n\r\nok",
    }
    if path in whole: return connection.sendall(whole[path])
    if path == "/headers-for-ever":
        connection.sendall(ok)
        while True: connection.sendall(b"X-%d: y\r\n" % time.time() * 100)
    if path == "/interim-for-ever":
        while True: connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
    if path == "/drip":
        connection.sendall(ok + b"Content-Length: 1000\r\n\r\n")
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)
    if path == "/chunks-for-ever":
        connection.sendall(chunked)
        while True: connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
def serve(connection):
    try:
        if context: connection = context.wrap_socket(connection, server_side=True)
        asked = b""
        while b"\r\n\r\n" not in asked:
            got = connection.recv(4096)
            if not got: return
            asked += got
        send(connection, asked.split()[1].decode())
    except OSError: pass
    finally: connection.close()
context = None
if sys.argv[1:]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
while True:
    connection, _ = listening.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
)";

// A server of the script above, for as long as this lives.
class RawServer {
 public:
  explicit RawServer(const std::string& certificate = "") {
    int out[2];
    if (pipe(out) != 0) return;
    pid_ = fork();
    if (pid_ == 0) {
      dup2(out[1], 1);
      close(out[0]);
      close(out[1]);
      const char* argument = certificate.empty() ? nullptr : certificate.c_str();
      execlp("python3", "python3", "-c", kServer, argument, nullptr);
      _exit(127);
    }
    close(out[1]);
    std::string line;
    for (char c = 0; read(out[0], &c, 1) == 1 && c != '\n';) line += c;
    close(out[0]);
    port_ = static_cast<std::uint16_t>(std::atoi(line.c_str()));
  }
  ~RawServer() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  Result<HttpResponse> Get(const std::string& url, const HttpOptions& options = {}) const {
    const auto dial = [this](const std::string&, std::uint16_t) -> Result<int> {
      const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(port_);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
      close(fd);
      return Fail(ErrorKind::kTryLater, "dial", "nothing listens");
    };
    return HttpGet(url, dial, options);
  }

 private:
  pid_t pid_ = 0;
  std::uint16_t port_ = 0;
};

TEST(HttpHostile, WhatIsRead) {
  const RawServer server;
  const struct {
    const char* path;
    int status;
    const char* body;
  } rows[] = {
      {"/", 200, "ok"},        {"/chunks", 200, "abc"},  {"/length", 200, "abc"},
      {"/folded", 200, "abc"}, {"/interim", 200, "abc"}, {"/gzip", 200, "abc"},
      {"/away-file", 302, ""}, {"/away", 302, ""},       {"/upgrade", 101, "PRI"},
  };
  for (const auto& row : rows) {
    const auto response = server.Get(std::string("http://node") + row.path);
    ASSERT_TRUE(response) << row.path << ": " << response.error().message;
    EXPECT_EQ(response->status, row.status) << row.path;
    EXPECT_EQ(response->body, row.body) << row.path;
    EXPECT_EQ(response->location.find("hunter2"), std::string::npos) << row.path;
  }
}

// Never half an answer for a whole one, and never without end.
TEST(HttpHostile, WhatIsRefused) {
  const RawServer server;
  const struct {
    const char* path;
    const char* code;
  } rows[] = {
      {"/chunks-cut", "http-unreachable"},
      {"/chunks-bad", "http-unreachable"},
      {"/negative-length", "http-unreachable"},
      {"/no-http", "http-unreachable"},
      {"/http-0.9", "http-unreachable"},
      {"/status", "http-unreachable"},
      {"/status-text", "http-unreachable"},
      {"/nul-header", "http-unreachable"},
      {"/nothing", "http-unreachable"},
      {"/long-header", "http-unreachable"},
      {"/headers-for-ever", "http-headers-too-large"},
      {"/interim-for-ever", "http-headers-too-large"},
      {"/chunks-for-ever", "http-body-too-large"},
      {"/drip", "http-timeout"},
  };
  for (const auto& row : rows) {
    const auto began = std::chrono::steady_clock::now();
    const auto response =
        server.Get(std::string("http://node") + row.path, {.timeout = milliseconds(1500)});
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(5000)) << row.path;
    ASSERT_FALSE(response) << row.path << " " << response->status << " " << response->body;
    EXPECT_EQ(response.error().code, row.code) << row.path << ": " << response.error().message;
  }
}

class HttpTls : public testing::Test {
 protected:
  HttpTls() {
    std::string pattern = testing::TempDir() + "syncgate-tls-XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~HttpTls() override {
    if (std::system(("rm -rf '" + directory_ + "'").c_str()) != 0) std::perror("rm");
  }

  // A key and a certificate of its own for `name`, in one file.
  std::string Certificate(const std::string& name) const {
    const std::string file = directory_ + "/" + name + ".pem";
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
        "/CN=" +
        name + " -addext subjectAltName=DNS:" + name + " -keyout '" + file + ".key' -out '" + file +
        ".crt' 2>/dev/null && cat '" + file + ".key' '" + file + ".crt' > '" + file + "'";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return file;
  }

  std::string directory_;
};

TEST_F(HttpTls, ACertificateHoldsOrNothingIsRead) {
  const std::string pem = Certificate("node.test");
  const std::string other = Certificate("other.test");
  const RawServer server(pem);
  const auto answer = server.Get("https://node.test:8443/", {.ca_file = pem + ".crt"});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "ok");

  const struct {
    const char* name;
    const char* url;
    std::string ca_file;
    const char* code;
    ErrorKind kind;
  } rows[] = {
      {"unknown CA", "https://node.test/", "", "http-tls", ErrorKind::kFailed},
      {"another CA", "https://node.test/", other + ".crt", "http-tls", ErrorKind::kFailed},
      {"another name", "https://else.test/", pem + ".crt", "http-tls", ErrorKind::kFailed},
      {"an address", "https://127.0.0.1/", pem + ".crt", "http-tls", ErrorKind::kFailed},
      {"no such file", "https://node.test/", "/nonexistent.pem", "http-ca-file",
       ErrorKind::kFixProject},
      {"http there", "http://node.test/", "", "http-unreachable", ErrorKind::kTryLater},
  };
  for (const auto& row : rows) {
    const auto refused = server.Get(row.url, {.ca_file = row.ca_file});
    ASSERT_FALSE(refused) << row.name;
    EXPECT_EQ(refused.error().code, row.code) << row.name << ": " << refused.error().message;
    EXPECT_EQ(refused.error().kind, row.kind) << row.name;
  }
}

}  // namespace
}  // namespace syncgate
