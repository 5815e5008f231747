// Rules for the checks of configurations.
#include <set>

#include "config/match.h"
#include "core/secret_name.h"
#include "json/schema.h"
#include "project/internal.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

std::string Quoted(const std::string& text) { return '"' + text + '"'; }

Result<void> CheckUrl(const std::string& path, const bj::object& http) {
  const std::string url = TextOf(http, "url");
  const bool tls = url.starts_with("https://");
  if (!tls && !url.starts_with("http://")) {
    return Unexpected("project-check", path, "http://... or https://...", Quoted(url));
  }
  const std::string rest = url.substr(url.find("://") + 3);
  // Not quoted: the plan and every message would hold it.
  if (rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string::npos) {
    return Unexpected("project-check", path, "a URL without credentials", "an @ before its host");
  }
  if (http.contains("ca_file") && !tls) {
    return Unexpected("project-check", path, "https:// with ca_file", "http://");
  }
  return {};
}

Result<void> CheckHttp(const std::string& path, const bj::object& http) {
  TRY(CheckUrl(JoinPath(path, "url"), http));
  const std::string pointer = TextOf(http, "pointer");
  if (!pointer.empty() && pointer[0] != '/') {
    return Unexpected("project-check", JoinPath(path, "pointer"), "a JSON pointer such as /status",
                      Quoted(pointer));
  }
  const bool equals = http.contains("equals");
  const bool equals_key = http.contains("equals_key");
  if (equals && equals_key) {
    return Unexpected("project-check", path, "equals or equals_key", "both");
  }
  if (http.contains("pointer") != (equals || equals_key)) {
    return Unexpected("project-check", path, "pointer together with equals or equals_key",
                      equals || equals_key ? "no pointer" : "pointer alone");
  }
  return {};
}

Result<void> CheckSql(const std::string& path, const bj::object& sql, const bj::object& nodes) {
  int expectations = 0;
  for (const char* key : {"equals", "equals_key", "rows"})
    expectations += sql.contains(key) ? 1 : 0;
  if (expectations != 1) {
    return Unexpected("project-check", path, "exactly one of equals, equals_key and rows",
                      expectations == 0 ? "none" : "more");
  }
  if (auto safe = CheckQuery(TextOf(sql, "query")); !safe) {
    return Fail(ErrorKind::kFixProject, "project-query",
                JoinPath(path, "query") + ": " + safe.error().message, safe.error().hint);
  }
  for (const auto& node : nodes) {
    if (node.value().as_object().contains("mysql")) continue;
    return Unexpected("project-check", path, "a mysql block in every node",
                      "none in " + JoinPath("nodes", node.key()));
  }
  return {};
}

std::vector<std::string> Patterns(const bj::object& config, const char* list) {
  std::vector<std::string> patterns;
  for (const auto& pattern : config.at(list).as_array()) {
    patterns.emplace_back(pattern.as_string());
  }
  return patterns;
}

// What a check compares with is shown in artifacts, so it can be no secret.
Result<void> CheckEqualsKey(const std::string& path, const bj::object& probe,
                            const bj::object& config) {
  const std::string text = TextOf(probe, "equals_key");
  if (text.empty()) return {};
  const std::string at = JoinPath(path, "equals_key");
  if (TextOf(config, "format") == "raw") {
    return Unexpected("project-check", at, "equals with format: raw, which has no keys",
                      Quoted(text));
  }
  const ConfigKey key(text);
  const auto keys = Patterns(config, "keys");
  if (IsSecretKey(Patterns(config, "secrets"), key)) {
    return Unexpected("project-check", at, "a key that is no secret", Quoted(text));
  }
  if (!MatchesAny(keys, key)) {
    return Unexpected("project-check", at, "a key that `keys` names", Quoted(text));
  }
  if (IsCalledLikeASecret(text) && !IsNamed(keys, key)) {
    return Unexpected("project-check", at,
                      "a key that is not called like a secret, or that `keys` have by its own name",
                      Quoted(text));
  }
  return {};
}

Result<void> CheckCheck(const std::string& path, const bj::object& check, const bj::object& config,
                        const bj::object& nodes) {
  int kinds = 0;
  for (const char* kind : {"http", "command", "sql"}) kinds += check.contains(kind) ? 1 : 0;
  if (kinds != 1) {
    return Unexpected("project-check", path, "exactly one of http, command and sql",
                      kinds == 0   ? "none"
                      : kinds == 2 ? "both"
                                   : "all");
  }
  if (check.at("passes").as_int64() > check.at("attempts").as_int64()) {
    return Unexpected(
        "project-check", JoinPath(path, "passes"),
        "no more than its attempts, " + std::to_string(check.at("attempts").as_int64()),
        std::to_string(check.at("passes").as_int64()));
  }
  if (const auto* http = check.if_contains("http")) {
    TRY(CheckHttp(JoinPath(path, "http"), http->as_object()));
    return CheckEqualsKey(JoinPath(path, "http"), http->as_object(), config);
  }
  if (const auto* sql = check.if_contains("sql")) {
    TRY(CheckSql(JoinPath(path, "sql"), sql->as_object(), nodes));
    return CheckEqualsKey(JoinPath(path, "sql"), sql->as_object(), config);
  }
  return {};
}

}  // namespace

Result<void> CheckVerify(const bj::object& project) {
  const auto* configs = project.if_contains("configs");
  if (configs == nullptr) return {};
  for (const auto& member : configs->as_object()) {
    const bj::object& config = member.value().as_object();
    const std::string path = JoinPath(JoinPath("configs", member.key()), "verify");
    std::set<std::string> names;
    const auto& checks = config.at("verify").as_array();
    for (std::size_t i = 0; i < checks.size(); ++i) {
      const std::string at = path + "[" + std::to_string(i) + "]";
      const bj::object& check = checks[i].as_object();
      TRY(CheckCheck(at, check, config, project.at("nodes").as_object()));
      if (!names.insert(TextOf(check, "name")).second) {
        return Unexpected("project-check", JoinPath(at, "name"), "a name of its own",
                          Quoted(TextOf(check, "name")) + " again");
      }
    }
  }
  return {};
}

}  // namespace syncgate
