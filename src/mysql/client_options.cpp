#include "mysql/client_options.h"

#include <sys/socket.h>

#include <cstddef>

namespace syncgate {
namespace {

#ifdef LIBMARIADB
using ClientBool = my_bool;
using PacketSize = std::size_t;
#else
using ClientBool = bool;
using PacketSize = unsigned long;
#endif

void SetFlag(MYSQL* mysql, mysql_option option, bool on) {
  const auto value = static_cast<ClientBool>(on);
  mysql_options(mysql, option, &value);
}

void SetTls(MYSQL* mysql, const MysqlTarget& target) {
  if (target.tls != Tls::kOff && !target.ca_file.empty()) {
    mysql_options(mysql, MYSQL_OPT_SSL_CA, target.ca_file.c_str());
  }
#ifdef LIBMARIADB
  // Connector/C knows "enforce" and "verify", and verify includes the host name. With verify off it
  // still checks the chain where a CA is given, which is what kVerifyCa means.
  SetFlag(mysql, MYSQL_OPT_SSL_ENFORCE, target.tls != Tls::kOff);
  SetFlag(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, target.tls == Tls::kVerifyIdentity);
#else
  unsigned mode = SSL_MODE_DISABLED;
  if (target.tls == Tls::kRequired) mode = SSL_MODE_REQUIRED;
  if (target.tls == Tls::kVerifyCa) mode = SSL_MODE_VERIFY_CA;
  if (target.tls == Tls::kVerifyIdentity) mode = SSL_MODE_VERIFY_IDENTITY;
  mysql_options(mysql, MYSQL_OPT_SSL_MODE, &mode);
  // caching_sha2_password without TLS wants the server's public key; Connector/C asks for it
  // unprompted.
  SetFlag(mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, target.tls == Tls::kOff);
#endif
}

}  // namespace

void SetClientOptions(MYSQL* mysql, const MysqlTarget& target) {
  const auto connect_seconds = static_cast<unsigned>(target.connect_timeout.count());
  const auto io_seconds = static_cast<unsigned>(target.io_timeout.count());
  mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_seconds);
  mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &io_seconds);
  mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &io_seconds);
  mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");

  // Both libraries turn "localhost" into their default socket unless told otherwise.
  const unsigned protocol = target.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  mysql_options(mysql, MYSQL_OPT_PROTOCOL, &protocol);
  const unsigned no_local_infile =
      0;  // on by default in Connector/C: the server could ask for any file
  mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &no_local_infile);
#ifdef LIBMARIADB
  // Off by default in both; Oracle's library prints a warning when the option is only named.
  SetFlag(mysql, MYSQL_OPT_RECONNECT, false);
#endif
  const PacketSize largest_packet = 1024UL * 1024 * 1024;
  mysql_options(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &largest_packet);
  mysql_options4(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "syncgate");
  if (!target.plugin_directory.empty()) {
    mysql_options(mysql, MYSQL_PLUGIN_DIR, target.plugin_directory.c_str());
  }
  SetTls(mysql, target);
}

void ShutDownSocket(MYSQL* mysql) {
#ifdef LIBMARIADB
  const int socket = static_cast<int>(mysql_get_socket(mysql));
#else
  const int socket = static_cast<int>(mysql->net.fd);
#endif
  if (socket >= 0) shutdown(socket, SHUT_RDWR);
}

}  // namespace syncgate
