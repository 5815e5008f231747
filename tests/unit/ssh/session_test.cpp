#include "ssh/session.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "sshd_fixture.h"

namespace syncgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;
using testing::Not;

class SessionTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { sshd_ = new Sshd; }
  static void TearDownTestSuite() {
    delete sshd_;
    sshd_ = nullptr;
  }
  // The code of the error that connecting ends in, "" for none.
  static std::string CodeOf(const SshTarget& target, Error* error = nullptr) {
    auto session = SshSession::Connect(target);
    if (session) return "";
    if (error != nullptr) *error = session.error();
    return session.error().code;
  }
  std::string KnownHostsWith(const std::string& text) {
    WriteText(directory_ / "known_hosts", text);
    return directory_ / "known_hosts";
  }

  TemporaryDirectory directory_;
  static inline Sshd* sshd_ = nullptr;
};

TEST_F(SessionTest, LogsInWithKeyFile) {
  auto session = SshSession::Connect(sshd_->Target());
  ASSERT_TRUE(session) << session.error().message;
  EXPECT_THAT((*session)->where(), HasSubstr("@127.0.0.1:"));
}

TEST_F(SessionTest, UnknownHostKeyIsRefusedWithItsFingerprint) {
  SshTarget target = sshd_->Target();
  target.known_hosts = KnownHostsWith("# nobody\n");
  Error error;
  EXPECT_EQ(CodeOf(target, &error), "ssh-host-key-unknown");
  EXPECT_EQ(error.kind, ErrorKind::kRefused);
  std::string fingerprint;
  Shell("ssh-keygen -lf " + sshd_->directory() / "host_ed25519.pub", &fingerprint);
  const std::size_t at = fingerprint.find("SHA256:");
  EXPECT_THAT(error.message, HasSubstr(fingerprint.substr(at, fingerprint.find(' ', at) - at)));
  EXPECT_THAT(error.message, HasSubstr("127.0.0.1:" + std::to_string(sshd_->port())));
  EXPECT_THAT(error.message, HasSubstr(target.known_hosts));
  EXPECT_THAT(error.hint, HasSubstr("ssh-keyscan"));
}

TEST_F(SessionTest, KeyOfAnotherPortIsUnknown) {
  SshTarget target = sshd_->Target();
  target.known_hosts =
      KnownHostsWith("[127.0.0.1]:1 " + ReadText(sshd_->directory() / "host_ed25519.pub"));
  EXPECT_EQ(CodeOf(target), "ssh-host-key-unknown");
}

TEST_F(SessionTest, ChangedHostKeyIsRefused) {
  const std::string other = directory_ / "other";
  Shell("ssh-keygen -q -t ed25519 -N '' -f " + other);
  SshTarget target = sshd_->Target();
  target.known_hosts = KnownHostsWith("[127.0.0.1]:" + std::to_string(sshd_->port()) + " " +
                                      ReadText(other + ".pub"));
  Error error;
  EXPECT_EQ(CodeOf(target, &error), "ssh-host-key-changed");
  EXPECT_EQ(error.kind, ErrorKind::kRefused);
}

TEST_F(SessionTest, RevokedHostKeyIsRefusedThoughItStandsThereToo) {
  const std::string line = sshd_->KnownHostsLine("ed25519");
  SshTarget target = sshd_->Target();
  target.known_hosts = KnownHostsWith(line + "@revoked " + line);
  EXPECT_EQ(CodeOf(target), "ssh-host-key-revoked");
}

TEST_F(SessionTest, HashedKnownHostsWork) {
  SshTarget target = sshd_->Target();
  target.known_hosts = KnownHostsWith(sshd_->KnownHostsLine("ed25519"));
  Shell("ssh-keygen -q -H -f " + target.known_hosts + " 2>/dev/null");
  ASSERT_THAT(ReadText(target.known_hosts), Not(HasSubstr("127.0.0.1")));
  EXPECT_EQ(CodeOf(target), "");
}

TEST_F(SessionTest, OddPathsOfKnownHostsWork) {
  SshTarget target = sshd_->Target();
  target.known_hosts = directory_ / "100%d known %h hosts";
  WriteText(target.known_hosts, sshd_->KnownHostsLine("ed25519"));
  EXPECT_EQ(CodeOf(target), "");
}

TEST_F(SessionTest, MissingKnownHostsFileIsToBeFixed) {
  SshTarget target = sshd_->Target();
  target.known_hosts = directory_ / "absent";
  Error error;
  EXPECT_EQ(CodeOf(target, &error), "ssh-known-hosts-missing");
  EXPECT_EQ(error.kind, ErrorKind::kFixProject);
  target.known_hosts = "";
  EXPECT_EQ(CodeOf(target), "ssh-known-hosts-missing");
}

// The server has two keys and would offer ed25519 first; we know the other one only.
TEST_F(SessionTest, PrefersTheTypesOfKeyThatAreKnown) {
  SshdOptions options;
  options.host_keys = {"ed25519", "ecdsa"};
  const Sshd sshd(options);
  for (const char* type : {"ed25519", "ecdsa"}) {
    SshTarget target = sshd.Target();
    target.known_hosts = KnownHostsWith(sshd.KnownHostsLine(type));
    EXPECT_EQ(CodeOf(target), "") << type;
  }
}

TEST_F(SessionTest, OnlyAnotherTypeOfKeyIsKnown) {
  const std::string other = directory_ / "other";
  Shell("ssh-keygen -q -t ecdsa -N '' -f " + other);
  SshTarget target = sshd_->Target();
  target.known_hosts = KnownHostsWith("[127.0.0.1]:" + std::to_string(sshd_->port()) + " " +
                                      ReadText(other + ".pub"));
  Error error;
  EXPECT_EQ(CodeOf(target, &error), "ssh-host-key-unknown");
  EXPECT_THAT(error.message, HasSubstr("another type"));
}

TEST_F(SessionTest, WrongKeyIsNotLetIn) {
  SshTarget target = sshd_->Target();
  target.key_file = directory_ / "wrong";
  Shell("ssh-keygen -q -t ed25519 -N '' -f " + target.key_file);
  Error error;
  EXPECT_EQ(CodeOf(target, &error), "ssh-auth-failed");
  EXPECT_EQ(error.kind, ErrorKind::kFixProject);
}

TEST_F(SessionTest, WrongPasswordIsNotLetInAndNotTold) {
  SshTarget target = sshd_->Target();
  target.key_file = "";
  target.password = Secret("tell-nobody-42");
  Error error;
  EXPECT_EQ(CodeOf(target, &error), "ssh-auth-failed");
  EXPECT_THAT(error.message + error.hint, Not(HasSubstr("tell-nobody-42")));
}

TEST_F(SessionTest, UnreadableKeysAreToldBeforeConnecting) {
  SshTarget target = sshd_->Target();
  target.port = 1;  // nobody listens: it must not come to that
  Error error;
  target.key_file = directory_ / "absent";
  EXPECT_EQ(CodeOf(target, &error), "ssh-key-unreadable");
  target.key_file = directory_ / "garbage";
  WriteText(target.key_file, "no key\n");
  EXPECT_EQ(CodeOf(target, &error), "ssh-key-unreadable");
  target.key_file = directory_ / "encrypted";
  Shell("ssh-keygen -q -t ed25519 -N 'a phrase' -f " + target.key_file);
  EXPECT_EQ(CodeOf(target, &error), "ssh-key-unreadable");
  EXPECT_THAT(error.message, HasSubstr("passphrase"));
}

TEST_F(SessionTest, KeyFromTextAsCiSystemsMangleIt) {
  SshTarget target = sshd_->Target();
  std::string text = ReadText(target.key_file);
  target.key_file = "";
  target.key_text = Secret(text);
  EXPECT_EQ(CodeOf(target), "");
  while (text.ends_with('\n')) text.pop_back();
  target.key_text = Secret(text);
  EXPECT_EQ(CodeOf(target), "");
  std::string crlf;
  for (const char c : text) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  target.key_text = Secret(crlf);
  EXPECT_EQ(CodeOf(target), "");
  target.key_text = Secret("nonsense");
  Error error;
  EXPECT_EQ(CodeOf(target, &error), "ssh-key-unreadable");
  EXPECT_THAT(error.message, Not(HasSubstr("nonsense")));
}

TEST_F(SessionTest, CredentialsAreNeverGuessed) {
  ::unsetenv("SSH_AUTH_SOCK");
  SshTarget target = sshd_->Target();
  const std::string key = target.key_file;
  target.key_file = "";
  EXPECT_EQ(CodeOf(target), "ssh-no-credential");
  target.agent = true;
  EXPECT_EQ(CodeOf(target), "ssh-no-credential");
  target.key_file = key;
  EXPECT_EQ(CodeOf(target), "ssh-no-credential");  // two of them
}

TEST_F(SessionTest, AgentLogsIn) {
  std::string output;
  const std::string socket = directory_ / "agent";
  ASSERT_EQ(Shell("ssh-agent -s -a " + socket, &output), 0);
  const std::size_t at = output.find("SSH_AGENT_PID=") + 14;
  const std::string pid = output.substr(at, output.find(';', at) - at);
  ::setenv("SSH_AUTH_SOCK", socket.c_str(), 1);
  SshTarget target = sshd_->Target();
  Shell("ssh-add -q " + target.key_file + " 2>/dev/null");
  target.key_file = "";
  EXPECT_EQ(CodeOf(target), "");  // unasked, since there is nothing else
  target.agent = true;
  EXPECT_EQ(CodeOf(target), "");
  Shell("ssh-add -q -D 2>/dev/null");
  EXPECT_EQ(CodeOf(target), "ssh-auth-failed");
  ::unsetenv("SSH_AUTH_SOCK");
  Shell("kill " + pid);
}

TEST_F(SessionTest, NobodyListens) {
  SshTarget target = sshd_->Target();
  target.port = FreePort();
  Error error;
  EXPECT_EQ(CodeOf(target, &error), "ssh-unreachable");
  EXPECT_EQ(error.kind, ErrorKind::kTryLater);
}

TEST_F(SessionTest, NameDoesNotResolve) {
  SshTarget target = sshd_->Target();
  target.host = "no-such-host.invalid";
  target.connect_timeout = milliseconds(3000);
  EXPECT_EQ(CodeOf(target), "ssh-unreachable");
}

TEST_F(SessionTest, HostThatIsNone) {
  SshTarget target = sshd_->Target();
  target.host = "root@127.0.0.1";
  EXPECT_EQ(CodeOf(target), "ssh-host-invalid");
  target.host = "$(id)";
  EXPECT_EQ(CodeOf(target), "ssh-host-invalid");
}

// Accepts by the kernel, and says nothing.
TEST_F(SessionTest, SilentServerIsGivenUpInTime) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(fd, 4), 0);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  SshTarget target = sshd_->Target();
  target.port = ntohs(address.sin_port);
  target.connect_timeout = milliseconds(1200);
  const auto start = steady_clock::now();
  EXPECT_EQ(CodeOf(target), "ssh-unreachable");
  const auto took = steady_clock::now() - start;
  EXPECT_GE(took, milliseconds(1000));
  EXPECT_LE(took, milliseconds(2500));
  ::close(fd);
}

TEST_F(SessionTest, StoppedServerIsGivenUpInTime) {
  const Sshd sshd;
  ::kill(sshd.pid(), SIGSTOP);
  SshTarget target = sshd.Target();
  target.connect_timeout = milliseconds(1000);
  const auto start = steady_clock::now();
  EXPECT_EQ(CodeOf(target), "ssh-unreachable");
  EXPECT_LE(steady_clock::now() - start, milliseconds(2500));
  ::kill(sshd.pid(), SIGCONT);
}

TEST_F(SessionTest, GoesOverOneAndTwoJumpHosts) {
  const Sshd first;
  const Sshd second;
  SshTarget middle = second.Target();
  middle.jump = std::make_shared<SshTarget>(first.Target());
  SshTarget target = sshd_->Target();
  target.jump = std::make_shared<SshTarget>(middle);
  auto session = SshSession::Connect(target);
  ASSERT_TRUE(session) << session.error().message;
}

TEST_F(SessionTest, HostKeysAreCheckedBehindAJumpHostToo) {
  const Sshd jump;
  SshTarget target = sshd_->Target();
  target.jump = std::make_shared<SshTarget>(jump.Target());
  target.known_hosts = KnownHostsWith("");
  EXPECT_EQ(CodeOf(target), "ssh-host-key-unknown");
  target = sshd_->Target();
  SshTarget other = jump.Target();
  other.known_hosts = sshd_->Target().known_hosts;
  target.jump = std::make_shared<SshTarget>(other);
  EXPECT_EQ(CodeOf(target), "ssh-host-key-unknown");
}

TEST_F(SessionTest, JumpHostCannotGoOn) {
  const Sshd jump;
  SshTarget target = sshd_->Target();
  target.jump = std::make_shared<SshTarget>(jump.Target());
  target.port = FreePort();
  Error error;
  EXPECT_EQ(CodeOf(target, &error), "ssh-forward-refused");
  EXPECT_EQ(error.kind, ErrorKind::kTryLater);
}

}  // namespace
}  // namespace syncgate
