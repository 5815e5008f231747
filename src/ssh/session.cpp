#include "ssh/session.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "core/unique_fd.h"
#include "ssh/authenticate.h"
#include "ssh/connect_socket.h"
#include "ssh/deadline.h"
#include "ssh/handles.h"
#include "ssh/host_key.h"
#include "ssh/pump.h"

namespace syncgate {

// In the order they are made; destroyed the other way round: the session uses what the pump feeds.
struct SshSession::Parts {
  std::unique_ptr<ChannelPump> jump;
  UniqueFd socket;  // a duplicate of libssh's, which libssh closes whenever it likes
  SessionHandle session;
  std::string where;
};

namespace {

// What AES in hardware does fastest first; CBC modes are not offered.
constexpr const char* kCiphers =
    "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,"
    "aes256-ctr,aes192-ctr,aes128-ctr";

// libssh expands %-escapes in paths.
std::string EscapePath(const std::string& path) {
  std::string escaped;
  for (const char c : path) escaped.append(c == '%' ? 2 : 1, c);
  // A leading ~ was resolved by the project file; here it is a name.
  return escaped.starts_with('~') ? "./" + escaped : escaped;
}

Result<void> SetOptions(ssh_session session, const SshTarget& target) {
  int off = 0;
  unsigned int port = target.port;
  long timeout_us = static_cast<long>(target.connect_timeout.count() * 1000);
  const std::string known_hosts = EscapePath(target.known_hosts);
  // First of all: no ~/.ssh/config, no /etc/ssh/ssh_config.
  bool good = ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &off) == SSH_OK;
  good = good && ssh_options_set(session, SSH_OPTIONS_KNOWNHOSTS, known_hosts.c_str()) == SSH_OK;
  good = good && ssh_options_set(session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null") == SSH_OK;
  good = good && ssh_options_set(session, SSH_OPTIONS_PORT, &port) == SSH_OK;
  good = good && ssh_options_set(session, SSH_OPTIONS_TIMEOUT_USEC, &timeout_us) == SSH_OK;
  good = good && ssh_options_set(session, SSH_OPTIONS_CIPHERS_C_S, kCiphers) == SSH_OK;
  good = good && ssh_options_set(session, SSH_OPTIONS_CIPHERS_S_C, kCiphers) == SSH_OK;
  good = good && (target.user.empty() ||
                  ssh_options_set(session, SSH_OPTIONS_USER, target.user.c_str()) == SSH_OK);
  if (!good) {
    return Fail(ErrorKind::kFailed, "ssh-options",
                std::string("libssh rejects an option: ") + ssh_get_error(session));
  }
  if (target.host.find('@') == std::string::npos &&
      ssh_options_set(session, SSH_OPTIONS_HOST, target.host.c_str()) == SSH_OK) {
    return {};
  }
  return Fail(ErrorKind::kFixProject, "ssh-host-invalid",
              "\"" + target.host + "\" is not a host name or an address that libssh accepts.",
              "Use letters, digits, '-' and '.' only, and `user` for the user.");
}

void SetNonBlocking(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

Error HandshakeError(ssh_session session, const SshTarget& target, bool timed_out) {
  const std::string place = target.host + ":" + std::to_string(target.port);
  const std::string why = timed_out ? "it did not finish the key exchange within " +
                                          std::to_string(target.connect_timeout.count()) + " ms"
                                    : ssh_get_error(session);
  return Error{ErrorKind::kTryLater,
               "ssh-unreachable",
               "No SSH session with " + place + ": " + why + ".",
               "Check that an SSH server answers there; try again later if it does.",
               {}};
}

}  // namespace

SshSession::SshSession(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SshSession::~SshSession() = default;

ssh_session_struct* SshSession::raw() const { return parts_->session.get(); }
int SshSession::socket() const { return parts_->socket.get(); }
const std::string& SshSession::where() const { return parts_->where; }

Error SshSession::LinkError(bool timed_out) const {
  if (timed_out) {
    return Error{ErrorKind::kTryLater,
                 "ssh-timeout",
                 where() + " did not answer in time.",
                 "Try again later.",
                 {}};
  }
  return Error{ErrorKind::kTryLater,
               "ssh-link-lost",
               "The SSH link to " + where() + " was lost: " + ssh_get_error(raw()) + ".",
               "Try again later.",
               {}};
}

Result<std::unique_ptr<SshSession>> SshSession::Connect(const SshTarget& target) {
  TRY(CheckKnownHostsFile(target));
  TRY(CheckCredential(target));
  auto parts = std::make_unique<Parts>();
  const std::string place = target.host + ":" + std::to_string(target.port);
  parts->where = target.user.empty() ? place : target.user + "@" + place;
  parts->session.reset(ssh_new());
  if (!parts->session) return Fail(ErrorKind::kFailed, "ssh-options", "libssh gives no session.");
  ssh_session session = parts->session.get();
  TRY(SetOptions(session, target));

  auto started = std::chrono::steady_clock::now();
  UniqueFd socket;
  if (target.jump) {
    std::unique_ptr<SshSession> there = TRY(Connect(*target.jump));
    parts->jump = TRY(ChannelPump::Start(std::move(there)));
    started = std::chrono::steady_clock::now();
    socket = TRY(parts->jump->Dial({target.host, target.port, {}}, target.connect_timeout));
  } else {
    socket = TRY(ConnectSocket(target.host, target.port, target.connect_timeout));
  }
  parts->socket = UniqueFd(::fcntl(socket.get(), F_DUPFD_CLOEXEC, 3));
  if (!parts->socket.valid()) {
    return Fail(ErrorKind::kFailed, "ssh-options",
                "Cannot duplicate a socket: " + std::generic_category().message(errno) + ".");
  }
  const socket_t fd = socket.release();  // libssh's from here on
  ssh_options_set(session, SSH_OPTIONS_FD, &fd);

  const auto used = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - started);
  Deadline deadline(parts->socket.get(), target.connect_timeout - used);
  if (ssh_connect(session) != SSH_OK) {
    return std::unexpected(HandshakeError(session, target, deadline.expired()));
  }
  // libssh has made it blocking; a send that blocks would stop the other direction as well.
  SetNonBlocking(parts->socket.get());
  TRY(CheckHostKey(session, target));
  Result<void> let_in = Authenticate(session, target);
  if (deadline.expired()) return std::unexpected(HandshakeError(session, target, true));
  if (!let_in) return std::unexpected(std::move(let_in).error());
  return std::unique_ptr<SshSession>(new SshSession(std::move(parts)));
}

}  // namespace syncgate
