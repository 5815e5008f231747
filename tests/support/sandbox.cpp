#include "support/sandbox.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>

namespace syncgate::test {
namespace {

std::string Variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::string() : std::string(value);
}

std::string FlavorInCapitals() {
  return Sandbox::WantedFlavor() == Flavor::kMySql ? "MYSQL" : "MARIADB";
}

// The value of a shell word in single quotes, where '\'' stands for a quote.
std::string Unquoted(const std::string& word) {
  std::string text;
  bool quoted = false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\'') {
      quoted = !quoted;
    } else if (word[i] == '\\' && !quoted && i + 1 < word.size()) {
      text += word[++i];
    } else {
      text += word[i];
    }
  }
  return text;
}

std::string Prefix(Server server) {
  std::string label = LabelOf(server);
  std::ranges::transform(label, label.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return label + "_";
}

}  // namespace

const char* LabelOf(Server server) {
  switch (server) {
    case Server::kSource:
      return "source";
    case Server::kNode1:
      return "node1";
    case Server::kNode2:
      break;
  }
  return "node2";
}

Flavor Sandbox::WantedFlavor() {
  return Variable("SYNCGATE_TEST_FLAVOR") == "mysql" ? Flavor::kMySql : Flavor::kMariaDb;
}

bool Sandbox::Required() { return Variable("SYNCGATE_REQUIRE_" + FlavorInCapitals()) == "1"; }

Result<Sandbox> Sandbox::Load() {
  const std::string flavor = Variable("SYNCGATE_TEST_FLAVOR");
  if (flavor != "mariadb" && flavor != "mysql") {
    return Fail(ErrorKind::kUsage, "no-flavor",
                "SYNCGATE_TEST_FLAVOR must be mariadb or mysql, and is '" + flavor + "'");
  }
  const std::string variable = "SYNCGATE_SANDBOX_" + FlavorInCapitals();
  Sandbox sandbox;
  sandbox.directory_ = Variable(variable);
  std::ifstream file(sandbox.directory_ + "/env");
  if (sandbox.directory_.empty() || !file) {
    return Fail(
        ErrorKind::kFailed, "no-sandbox",
        variable +
            " names no running sandbox; start one with ci/sandbox up --dir DIR and set it to DIR");
  }
  for (std::string line; std::getline(file, line);) {
    const auto equals = line.find('=');
    if (!line.starts_with("export ") || equals == std::string::npos) continue;
    sandbox.env_[line.substr(7, equals - 7)] = Unquoted(line.substr(equals + 1));
  }
  return sandbox;
}

std::string Sandbox::Env(const std::string& name) const {
  const auto found = env_.find(name);
  return found == env_.end() ? std::string() : found->second;
}

std::string Sandbox::Env(Server server, const std::string& name) const {
  return Env(Prefix(server) + name);
}

MysqlTarget Sandbox::Target(Server server, Account account, const std::string& database) const {
  MysqlTarget target;
  target.label = LabelOf(server);
  target.host = Env(server, "HOST").empty() ? "127.0.0.1" : Env(server, "HOST");
  target.port = static_cast<std::uint16_t>(std::stoi(Env(server, "PORT")));
  target.database = database;
  switch (account) {
    case Account::kSync:
      target.user = "sync";
      target.password = Secret(Env(server, "PASSWORD"));
      break;
    case Account::kReadOnly:
      target.user = "sync_ro";
      target.password = Secret(Env(server, "RO_PASSWORD"));
      break;
    case Account::kAdmin:
      target.user = "admin";
      target.password = Secret(Env(server, "ADMIN_PASSWORD"));
      break;
  }
  return target;
}

}  // namespace syncgate::test
