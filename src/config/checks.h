// What must hold on a node after a configuration has moved: asked of the node, with retries, since
// a service takes a moment to come back.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/node_host.h"
#include "config/spec.h"
#include "core/digest.h"
#include "core/names.h"
#include "core/result.h"
#include "core/secret.h"

namespace syncgate {

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::string location;  // where a redirect would lead; empty: nowhere
};

struct SqlAnswer {
  std::uint64_t rows = 0;
  std::optional<std::string> first;  // the first column of the first row; absent for NULL
};

// The edges that a step supplies: HTTP (http/), JSON (json/) and SQL (mysql/) stay out of this
// folder. An error of kind kFixProject says that no waiting will help.
using HttpGetter = std::function<Result<HttpAnswer>(const CheckSpec& check)>;
// Must be unable to write, and come back in about check.timeout.
using SqlReader = std::function<Result<SqlAnswer>(const CheckSpec& check)>;
// The value at a JSON pointer: a string's text, any other value as JSON. An error where there is
// none.
using JsonPointerReader =
    std::function<Result<std::string>(std::string_view body, std::string_view pointer)>;

struct CheckContext {
  std::string target;   // the configuration file
  Digest after_digest;  // what it must hold
  std::map<ConfigKey, std::string>
      values;                  // what `equals_key` refers to: VisibleValues of the file
  std::vector<Secret> hidden;  // must show in no detail: HiddenValues of the file
  HttpGetter http;
  SqlReader sql;
  JsonPointerReader json;
  std::function<bool()> stop;  // asked often; true: give up soon. May be empty
};

struct CheckResult {
  std::string name;
  std::string kind;  // "file", "http", "command", "sql"
  bool passed = false;
  std::uint64_t attempts = 0;
  std::string detail;  // one line, some hundred bytes at most, no secrets
};

// First the file itself, once, then `checks` in order (kFile among them is that same check, not
// repeated). Returns a result for each, also when stopped: those that had not passed by then are
// reported as not passed.
std::vector<CheckResult> RunChecks(NodeHost& host, const std::vector<CheckSpec>& checks,
                                   const CheckContext& context);

}  // namespace syncgate
