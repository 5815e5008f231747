#include <algorithm>
#include <charconv>

#include "json/schema.h"
#include "project/internal.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

void Default(bj::object& object, std::string_view key, bj::value value) {
  if (!object.contains(key)) object.emplace(key, std::move(value));
}

bool IsThisMachine(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

// "host", "user@host", "host:port", "[::1]:22" -> a mapping.
Result<bj::object> ParseJump(const std::string& path, std::string_view text) {
  const auto wrong = [&] {
    return Unexpected("project-address", path, "host, user@host or user@host:port",
                      '"' + std::string(text) + '"');
  };
  bj::object jump;
  std::string_view host = text;
  if (const auto at = host.rfind('@'); at != host.npos) {
    if (at == 0) return wrong();
    jump["user"] = host.substr(0, at);
    host.remove_prefix(at + 1);
  }
  std::string_view port;
  const auto colon = host.rfind(':');
  const bool bracket = host.starts_with('[');
  if (bracket) {
    const auto close = host.find(']');
    if (close == host.npos) return wrong();
    port = host.substr(close + 1);
    host = host.substr(1, close - 1);
    if (!port.empty() && !port.starts_with(':')) return wrong();
  } else if (colon != host.npos) {
    port = host.substr(colon);
    host = host.substr(0, colon);
  }
  if (host.empty() || (!bracket && host.find(':') != host.npos)) return wrong();
  jump["host"] = host;
  if (port.empty()) return jump;
  std::uint16_t number = 0;
  const auto parsed = std::from_chars(port.data() + 1, port.data() + port.size(), number);
  if (parsed.ec != std::errc{} || parsed.ptr != port.data() + port.size() || number == 0)
    return wrong();
  jump["port"] = number;
  return jump;
}

// A jump host is entered as the node is, unless its mapping says otherwise.
void InheritHop(const bj::object& from, bj::object* jump) {
  const char* const credentials[] = {"key_file", "key_env", "agent", "password_env"};
  const bool own = std::any_of(std::begin(credentials), std::end(credentials),
                               [&](const char* key) { return jump->contains(key); });
  for (const char* key : credentials) {
    if (!own && from.contains(key)) jump->emplace(key, from.at(key));
  }
  for (const char* key : {"user", "known_hosts"}) Default(*jump, key, from.at(key));
  Default(*jump, "port", 22);
}

Result<void> FillSsh(const std::string& path, bj::object& ssh) {
  Default(ssh, "port", 22);
  Default(ssh, "known_hosts", "~/.ssh/known_hosts");
  auto* jump = ssh.if_contains("jump");
  if (jump == nullptr) return {};
  if (jump->is_string()) {
    *jump = TRY(ParseJump(JoinPath(path, "jump"), std::string_view(jump->get_string())));
  }
  InheritHop(ssh, &jump->as_object());
  return {};
}

void FillMysql(bj::object& mysql, bool ssh) {
  const std::string host = TextOf(mysql, "host");
  if (!host.empty()) Default(mysql, "port", 3306);
  Default(mysql, "tls", ssh || host.empty() || IsThisMachine(host) ? "off" : "required");
}

Result<void> FillEndpoint(const std::string& path, bj::object& endpoint) {
  auto* ssh = endpoint.if_contains("ssh");
  if (ssh != nullptr) TRY(FillSsh(JoinPath(path, "ssh"), ssh->as_object()));
  if (auto* mysql = endpoint.if_contains("mysql")) FillMysql(mysql->as_object(), ssh != nullptr);
  return {};
}

void FillTest(bj::value* test) {
  if (test->is_array()) *test = bj::object{{"argv", bj::array(test->get_array())}};
  Default(test->as_object(), "timeout_ms", 1800000);
}

void FillTable(bj::value& table) {
  if (table.is_null()) table.emplace_object();
  bj::object& object = table.as_object();
  Default(object, "where", "");
  Default(object, "columns", bj::array{});
  Default(object, "ignore_columns", bj::array{});
  Default(object, "sensitive_columns", bj::array{});
  Default(object, "deletes", false);
  Default(object, "triggers", "refuse");
  Default(object, "time_zone", "+00:00");
}

void FillData(bj::object& data) {
  Default(data, "tables", bj::object{});
  Default(data, "exclude", bj::array{});
  Default(data, "sensitive_columns", bj::array{});
  if (auto* tables = data.at("tables").if_object()) {
    for (auto& table : *tables) FillTable(table.value());
  }
  Default(data, "limits", bj::object{});
  Default(data.at("limits").as_object(), "changes", 100000);
  Default(data.at("limits").as_object(), "deletes", 1000);
  Default(data.at("limits").as_object(), "threads_running", 25);
}

void FillConfig(bj::object& config) {
  for (const char* key : {"keys", "secrets", "validate", "restart", "verify"}) {
    Default(config, key, bj::array{});
  }
  Default(config, "deletes", false);
  FillChecks(&config.at("verify").as_array());
}

}  // namespace

std::string TextOf(const bj::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<void> FillDefaults(bj::object* project) {
  if (auto* source = project->if_contains("source"))
    TRY(FillEndpoint("source", source->as_object()));
  for (auto& node : project->at("nodes").as_object()) {
    TRY(FillEndpoint(JoinPath("nodes", node.key()), node.value().as_object()));
    if (auto* test = node.value().as_object().if_contains("test")) FillTest(test);
  }
  Default(*project, "artifacts", bj::object{});
  Default(project->at("artifacts").as_object(), "encryption", "optional");
  if (auto* data = project->if_contains("data")) FillData(data->as_object());
  if (auto* configs = project->if_contains("configs")) {
    for (auto& config : configs->as_object()) FillConfig(config.value().as_object());
  }
  return {};
}

}  // namespace syncgate
