// The servers of ci/sandbox, as tests see them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "core/result.h"
#include "data/sql_session.h"
#include "mysql/target.h"

namespace syncgate::test {

enum class Server : std::uint8_t { kSource, kNode1, kNode2 };
inline constexpr std::array kServers = {Server::kSource, Server::kNode1, Server::kNode2};

// kSync reads and writes the test's databases, kReadOnly (sync_ro) reads them, kAdmin may do
// everything.
enum class Account : std::uint8_t { kSync, kReadOnly, kAdmin };

// One running sandbox. The flavour is SYNCGATE_TEST_FLAVOR, mariadb or mysql; there is no default,
// so that a test named mysql/ cannot run on MariaDB. Its directory is SYNCGATE_SANDBOX_MARIADB or
// SYNCGATE_SANDBOX_MYSQL.
class Sandbox {
 public:
  // kFailed "no-sandbox" says how to start one. kUsage "no-flavor": SYNCGATE_TEST_FLAVOR is not
  // set.
  static Result<Sandbox> Load();
  // What this test run is for: from SYNCGATE_TEST_FLAVOR.
  static Flavor WantedFlavor();
  // Whether a missing sandbox fails the test instead of skipping it: SYNCGATE_REQUIRE_MARIADB=1,
  // ..._MYSQL=1.
  static bool Required();

  const std::string& directory() const { return directory_; }
  // A variable of the sandbox's env file; empty where it has none.
  std::string Env(const std::string& name) const;
  // The same of one server: Env(Server::kNode1, "SSH_PORT") is NODE1_SSH_PORT.
  std::string Env(Server server, const std::string& name) const;
  const std::map<std::string, std::string>& env() const { return env_; }

  // Over TCP without TLS. The label is "source", "node1" or "node2".
  MysqlTarget Target(Server server, Account account, const std::string& database) const;

 private:
  std::string directory_;
  std::map<std::string, std::string> env_;
};

const char* LabelOf(Server server);  // "source", "node1", "node2"

}  // namespace syncgate::test
