// Rules for how a machine and its database are reached.
#include <algorithm>
#include <vector>

#include "json/schema.h"
#include "project/internal.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

// Whether the key is there and, for `agent`, says yes.
bool IsSet(const bj::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && !(value->is_bool() && !value->get_bool());
}

Result<void> ExactlyOne(std::string_view code, const std::string& path, const bj::object& object,
                        const std::vector<const char*>& keys) {
  std::string all;
  std::string found;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    all += std::string(i == 0 ? "" : i + 1 == keys.size() ? " and " : ", ") + keys[i];
    if (IsSet(object, keys[i])) found += (found.empty() ? "" : " and ") + std::string(keys[i]);
  }
  const auto count =
      std::count_if(keys.begin(), keys.end(), [&](const char* key) { return IsSet(object, key); });
  if (count == 1) return {};
  return Unexpected(code, path, "exactly one of " + all, count == 0 ? "none" : found);
}

Result<void> CheckHost(const std::string& path, const bj::object& object) {
  const std::string host = TextOf(object, "host");
  const bool plain = std::none_of(host.begin(), host.end(), [](unsigned char c) {
    return c <= ' ' || c == '@' || c == '/' || c == 0x7F;
  });
  if (plain && !host.starts_with('-')) return {};
  return Unexpected("project-address", JoinPath(path, "host"), "a host name or an address",
                    '"' + host + '"');
}

Result<void> CheckHop(const std::string& path, const bj::object& hop) {
  TRY(CheckHost(path, hop));
  return ExactlyOne("project-credential", path, hop,
                    {"key_file", "key_env", "agent", "password_env"});
}

Result<void> CheckSsh(const std::string& path, const bj::object& ssh) {
  TRY(CheckHop(path, ssh));
  const auto* jump = ssh.if_contains("jump");
  return jump == nullptr ? Result<void>{} : CheckHop(JoinPath(path, "jump"), jump->as_object());
}

Result<void> CheckTls(const std::string& path, const bj::object& mysql, bool ssh) {
  const std::string tls = TextOf(mysql, "tls");
  if (tls == "verify_identity" && (ssh || mysql.contains("socket"))) {
    const std::string why =
        ssh ? " with ssh: the certificate's name cannot be that of a tunnel's end"
            : " with socket: a socket has no host name";
    return Unexpected("project-tls", JoinPath(path, "tls"), "off, required or verify_ca",
                      "\"verify_identity\"" + why);
  }
  if (tls.starts_with("verify_") && !mysql.contains("ca_file")) {
    return Unexpected("project-tls", path, "the key ca_file with tls: " + tls, "none");
  }
  if (tls == "off" && mysql.contains("ca_file")) {
    return Unexpected("project-tls", JoinPath(path, "tls"),
                      "required, verify_ca or verify_identity with ca_file", "off");
  }
  return {};
}

Result<void> CheckMysql(const std::string& path, const bj::object& mysql, bool ssh) {
  TRY(ExactlyOne("project-address", path, mysql, {"host", "socket"}));
  TRY(CheckHost(path, mysql));
  if (mysql.contains("socket")) {
    if (mysql.contains("port")) {
      return Unexpected("project-address", path, "no port with socket", "port");
    }
    const std::string socket = TextOf(mysql, "socket");
    if (!socket.starts_with('/')) {
      return Unexpected("project-address", JoinPath(path, "socket"), "an absolute path",
                        '"' + socket + '"');
    }
  }
  const auto credential = [&](const std::string& at, const bj::object& user) -> Result<void> {
    // The server knows a socket's user without a password (unix_socket, auth_socket).
    const bool any = user.contains("password_env") || user.contains("password_file");
    if (!any && mysql.contains("socket")) return {};
    return ExactlyOne("project-credential", at, user, {"password_env", "password_file"});
  };
  TRY(credential(path, mysql));
  if (const auto* reader = mysql.if_contains("reader")) {
    TRY(credential(JoinPath(path, "reader"), reader->as_object()));
  }
  return CheckTls(path, mysql, ssh);
}

Result<void> CheckEndpoint(const std::string& path, const bj::object& endpoint) {
  const auto* ssh = endpoint.if_contains("ssh");
  if (ssh != nullptr) TRY(CheckSsh(JoinPath(path, "ssh"), ssh->as_object()));
  const auto* mysql = endpoint.if_contains("mysql");
  if (mysql == nullptr) return {};
  return CheckMysql(JoinPath(path, "mysql"), mysql->as_object(), ssh != nullptr);
}

}  // namespace

Result<void> CheckEndpoints(const bj::object& project) {
  if (const auto* source = project.if_contains("source")) {
    TRY(CheckEndpoint("source", source->as_object()));
  } else if (project.contains("data")) {
    return Unexpected("project-node", "", "the key source, for there is data", "none");
  }
  for (const auto& node : project.at("nodes").as_object()) {
    const std::string path = JoinPath("nodes", node.key());
    const bj::object& endpoint = node.value().as_object();
    TRY(CheckEndpoint(path, endpoint));
    if (project.contains("data") && !endpoint.contains("mysql")) {
      return Unexpected("project-node", path, "the key mysql, for there is data", "none");
    }
  }
  return {};
}

}  // namespace syncgate
