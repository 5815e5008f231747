#include "mysql/server_version.h"

#include <cstdio>
#include <tuple>

namespace syncgate {
namespace {

bool Supported(const ServerInfo& server) {
  if (server.flavor == Flavor::kMariaDb) return AtLeast(server, 10, 6);
  if (server.major == 8) return server.minor == 0 || server.minor == 4;
  return server.major == 9;
}

// Servers that speak the protocol and are neither.
bool Imitation(const std::string& version, const std::string& comment) {
  for (const char* name : {"TiDB", "OceanBase", "Vitess", "SingleStore", "Dolt"}) {
    if (version.find(name) != std::string::npos || comment.find(name) != std::string::npos)
      return true;
  }
  return false;
}

}  // namespace

bool AtLeast(const ServerInfo& server, int major, int minor, int patch) {
  return std::tie(server.major, server.minor, server.patch) >= std::tie(major, minor, patch);
}

Result<ServerInfo> ParseServerVersion(const std::string& label, bool mariadb,
                                      const std::string& version, const std::string& comment) {
  ServerInfo server;
  server.flavor = mariadb ? Flavor::kMariaDb : Flavor::kMySql;
  server.version = version;
  // Old MariaDB servers put 5.5.5- in front so that old replicas accept them.
  const std::string digits = version.starts_with("5.5.5-10.") ? version.substr(6) : version;
  const int numbers =
      std::sscanf(digits.c_str(), "%d.%d.%d", &server.major, &server.minor, &server.patch);
  if (numbers < 2 || Imitation(version, comment) || !Supported(server)) {
    return Fail(ErrorKind::kRefused, "server-unsupported",
                label + ": " + (mariadb ? "MariaDB " : "") + version + " (" + comment +
                    ") is not supported",
                "Supported are MySQL 8.0, 8.4 and 9.x and MariaDB 10.6 and later.");
  }
  return server;
}

}  // namespace syncgate
