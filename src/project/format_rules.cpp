// Rules for what the format of a configuration takes for keys (src/formats/README.md).
#include <algorithm>

#include "json/schema.h"
#include "project/internal.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// The whole file is one key: it is moved, or it is a secret and only reported.
Result<void> CheckRaw(const std::string& path, const bj::object& config) {
  if (!config.at("keys").as_array().empty()) {
    return Unexpected("project-pattern", JoinPath(path, "keys"),
                      "no keys with format: raw, which is the whole file", "keys");
  }
  for (const bj::value& pattern : config.at("secrets").as_array()) {
    // A pattern for keys would protect nothing here.
    if (pattern.as_string() == "*") continue;
    return Unexpected("project-pattern", JoinPath(path, "secrets"),
                      "\"*\" or none with format: raw: the whole file is a secret or it is not",
                      Quoted(std::string_view(pattern.as_string())));
  }
  if (config.at("deletes").as_bool()) {
    return Unexpected("project-config", JoinPath(path, "deletes"),
                      "no deletes with format: raw, which never removes a file", "true");
  }
  return {};
}

// A ~ that is part of a name stands in a pointer as ~0; * and ? may stand for its digit.
bool HasBareTilde(std::string_view pattern) {
  for (std::size_t at = pattern.find('~'); at != pattern.npos; at = pattern.find('~', at + 1)) {
    if (at + 1 == pattern.size() ||
        std::string_view("01*?").find(pattern[at + 1]) == pattern.npos) {
      return true;
    }
  }
  return false;
}

// A pattern that no pointer can match is a mistake; among the secrets a dangerous one.
Result<void> CheckPointers(const std::string& path, const bj::array& patterns) {
  for (const bj::value& value : patterns) {
    const std::string_view pattern = value.as_string();
    if (pattern.find_first_of("/*?") != 0) {
      return Unexpected(
          "project-pattern", path,
          "a JSON pointer such as /server/bot_id, or a pattern that begins with * or ?",
          Quoted(pattern));
    }
    // Of an empty name; nobody means that.
    if (pattern.ends_with('/')) {
      return Unexpected("project-pattern", path,
                        "no / at the end: all that stands in /server is /server/*",
                        Quoted(pattern));
    }
    if (HasBareTilde(pattern)) {
      return Unexpected("project-pattern", path,
                        "~0 for a ~ within a name, and ~1 for a /, as JSON pointers have them",
                        Quoted(pattern));
    }
  }
  return {};
}

// As CheckPointers, of KEY.
Result<void> CheckNames(const std::string& path, const bj::array& patterns) {
  for (const bj::value& value : patterns) {
    const std::string_view pattern = value.as_string();
    const bool possible = std::ranges::all_of(pattern, [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
             std::string_view("_.-*?").find(c) != std::string_view::npos;
    });
    if (possible) continue;
    return Unexpected("project-pattern", path,
                      "a name such as DB_PASSWORD (letters, digits, '_', '.', '-'), with * and ?",
                      Quoted(pattern));
  }
  return {};
}

}  // namespace

Result<void> CheckFormat(const std::string& path, const bj::object& config) {
  const std::string format = TextOf(config, "format");
  if (format == "raw") return CheckRaw(path, config);
  if (config.contains("check")) {
    return Unexpected("project-config", JoinPath(path, "check"),
                      "check together with format: raw; every other format is checked as it is",
                      "format: " + format);
  }
  if (config.at("keys").as_array().empty()) {
    return Unexpected("project-pattern", JoinPath(path, "keys"),
                      "at least one pattern: what it does not name is never touched", "none");
  }
  if (format == "dotenv") {
    for (const char* list : {"keys", "secrets"}) {
      TRY(CheckNames(JoinPath(path, list), config.at(list).as_array()));
    }
  }
  if (format != "json" && format != "yaml") return {};
  for (const char* list : {"keys", "secrets"}) {
    TRY(CheckPointers(JoinPath(path, list), config.at(list).as_array()));
  }
  for (const bj::value& check : config.at("verify").as_array()) {
    const auto* http = check.as_object().if_contains("http");
    const std::string key = http == nullptr ? "" : TextOf(http->as_object(), "equals_key");
    if (key.empty() || key.starts_with('/')) continue;
    return Unexpected("project-check", JoinPath(path, "verify") + ": equals_key",
                      "the JSON pointer of a key, such as /server/bot_id", Quoted(key));
  }
  return {};
}

}  // namespace syncgate
