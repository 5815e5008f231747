#include "common/links.h"

#include <unistd.h>

#include <utility>

#include "host/environment.h"
#include "host/executable.h"
#include "host/local_host.h"
#include "ssh/remote_host.h"

namespace syncgate {
namespace {

Result<Secret> Resolve(const PasswordSource& ref) {
  if (!ref.env.empty()) return SecretFromEnv(ref.env);
  if (!ref.file.empty()) return SecretFromFile(ref.file);
  return Secret();
}

Result<SshTarget> HopTarget(const SshHop& hop) {
  SshTarget target;
  target.host = hop.host;
  target.port = hop.port;
  target.user = hop.user;
  target.known_hosts = hop.known_hosts;
  switch (hop.auth) {
    case SshAuth::kKeyFile:
      target.key_file = hop.auth_value;
      break;
    case SshAuth::kKeyEnv:
      target.key_text = TRY(SecretFromEnv(hop.auth_value));
      break;
    case SshAuth::kPasswordEnv:
      target.password = TRY(SecretFromEnv(hop.auth_value));
      break;
    case SshAuth::kAgent:
      target.agent = true;
      break;
  }
  return target;
}

Result<SshTarget> TargetOf(const SshSpec& spec) {
  SshTarget target = TRY(HopTarget(spec));
  if (spec.jump) target.jump = std::make_shared<const SshTarget>(TRY(HopTarget(*spec.jump)));
  return target;
}

Tls TlsOf(TlsMode mode) {
  switch (mode) {
    case TlsMode::kOff:
      return Tls::kOff;
    case TlsMode::kRequired:
      return Tls::kRequired;
    case TlsMode::kVerifyCa:
      return Tls::kVerifyCa;
    case TlsMode::kVerifyIdentity:
      return Tls::kVerifyIdentity;
  }
  return Tls::kVerifyIdentity;
}

// A release archive brings its own client library, whose built-in plugin directory is that of the
// machine it was built on; here its plugins may be absent, or another version's.
std::string BundledPlugins() {
  const std::string directory = ExecutableDirectory() + "/../../lib/syncgate/plugin";
  // Not absolute: /proc is missing, and code would be loaded from wherever we were started.
  const bool there = directory.starts_with('/') && ::access(directory.c_str(), X_OK) == 0;
  return there ? directory : std::string();
}

}  // namespace

Result<DatabaseLink> DatabaseLink::Open(const Endpoint& endpoint, const std::string& label,
                                        Login login) {
  if (!endpoint.mysql) {
    return Fail(ErrorKind::kFixProject, "project-mysql-missing", label + " has no mysql block",
                "add one to syncgate.yml, or work with --only config");
  }
  const MysqlSpec& mysql = *endpoint.mysql;
  DatabaseLink link;
  link.database_ = SchemaName(mysql.database);
  MysqlTarget& target = link.target_;
  target.label = label;
  target.plugin_directory = BundledPlugins();
  target.host = mysql.host;
  target.port = mysql.port;
  target.socket = mysql.socket;
  target.database = mysql.database;
  target.tls = TlsOf(mysql.tls);
  target.ca_file = mysql.ca_file;
  const bool reader = login == Login::kReader && mysql.reader.has_value();
  target.user = reader ? mysql.reader->user : mysql.user;
  target.password = TRY(Resolve(reader ? mysql.reader->password : mysql.password));
  if (endpoint.ssh) {
    TunnelEnd end;
    end.host = mysql.host;
    end.port = mysql.port;
    end.socket_path = mysql.socket;
    link.tunnel_ = TRY(Tunnel::Open(TRY(TargetOf(*endpoint.ssh)), end));
    target.host = "127.0.0.1";
    target.port = link.tunnel_->port();
    target.socket.clear();
  }
  return link;
}

Result<std::unique_ptr<MysqlSession>> DatabaseLink::Connect(SessionRole role,
                                                            std::chrono::seconds io_timeout) const {
  MysqlTarget target = target_;
  target.io_timeout = io_timeout;
  auto session = MysqlSession::Connect(target, role);
  if (!session && tunnel_) {
    // The client library only saw its local socket close; the tunnel knows why.
    if (auto cause = tunnel_->last_error()) return std::unexpected(*cause);
  }
  return session;
}

Result<std::unique_ptr<NodeHost>> OpenHost(const NodeSpec& node) {
  if (!node.ssh) return std::make_unique<LocalHost>();
  return TRY(RemoteHost::Connect(TRY(TargetOf(*node.ssh))));
}

}  // namespace syncgate
