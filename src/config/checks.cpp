#include "config/checks.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "config/engine.h"
#include "config/target.h"
#include "config/text.h"

namespace syncgate {
namespace {

constexpr std::string_view kStopped = "stopped before it passed";

struct Attempt {
  bool passed = false;
  std::string detail;
};

class Runner {
 public:
  Runner(NodeHost& host, const CheckContext& context) : host_(host), context_(context) {}

  CheckResult File() {
    const auto file = ReadTarget(host_, context_.target);
    CheckResult result{"file", "file", false, 1, {}};
    result.passed = file && file->digest == context_.after_digest;
    if (result.passed) {
      result.detail = context_.target + " holds the planned bytes";
    } else if (!file) {
      result.detail = Shown(file.error().message);
    } else {
      result.detail = context_.target + " holds other bytes than planned (SHA-256 " +
                      file->digest.Short() + "...)";
    }
    return result;
  }

  CheckResult Run(const CheckSpec& check) {
    const bool http = check.kind == CheckSpec::Kind::kHttp;
    CheckResult result{check.name, http ? "http" : "command", false, 0, {}};
    if (check.equals_key && !context_.values.contains(*check.equals_key)) {
      // Waiting cannot change this: secrets and keys outside the allow-list have no value here.
      result.detail = "the value of " + check.equals_key->str() + " is not known to this check";
      return result;
    }
    const auto most = static_cast<std::uint64_t>(std::max(check.attempts, 1));
    while (result.attempts < most && !result.passed) {
      if (Stopped() || (result.attempts > 0 && !Wait(check.interval))) {
        result.detail = std::string(kStopped) + (result.detail.empty() ? "" : ": " + result.detail);
        break;
      }
      ++result.attempts;
      Attempt attempt = http ? Http(check) : Command(check);
      result.passed = attempt.passed;
      result.detail = std::move(attempt.detail);
    }
    return result;
  }

 private:
  std::string Shown(std::string_view text) const { return Excerpt(text, context_.hidden); }

  bool Stopped() const { return context_.stop && context_.stop(); }

  // False if asked to stop meanwhile.
  bool Wait(std::chrono::milliseconds time) const {
    constexpr std::chrono::milliseconds kSlice{50};
    const auto end = std::chrono::steady_clock::now() + time;
    while (!Stopped()) {
      const auto left = end - std::chrono::steady_clock::now();
      if (left <= left.zero()) return true;
      std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kSlice));
    }
    return false;
  }

  Attempt Http(const CheckSpec& check) const {
    const auto answer = context_.http(check.url, check.timeout);
    if (!answer) return {false, Shown(answer.error().message)};
    const std::string status = "status " + std::to_string(answer->status);
    // The body is not shown: an error page may hold anything.
    if (answer->status != check.status) {
      return {false, status + ", expected " + std::to_string(check.status)};
    }
    if (!check.pointer) return {true, status};
    return Pointer(check, answer->body);
  }

  Attempt Pointer(const CheckSpec& check, const std::string& body) const {
    const auto value = context_.json(body, *check.pointer);
    if (!value) return {false, Shown(value.error().message)};
    std::optional<std::string> expected = check.equals;
    if (check.equals_key) expected = context_.values.at(*check.equals_key);
    const bool passed = !expected || *value == *expected;
    std::string detail = *check.pointer + " is \"" + Shown(*value) + "\"";
    if (!passed) detail += ", expected \"" + Shown(*expected) + "\"";
    return {passed, std::move(detail)};
  }

  Attempt Command(const CheckSpec& check) const {
    const auto result = host_.Run(check.argv, check.timeout);
    if (!result) return {false, Shown(result.error().message)};
    const std::string code = "exit code " + std::to_string(result->exit_code);
    if (result->exit_code != check.exit_code) {
      return {false, code + ", expected " + std::to_string(check.exit_code) + ": " +
                         OutputExcerpt(*result, context_.hidden)};
    }
    if (check.output_contains && result->output.find(*check.output_contains) == std::string::npos) {
      return {false, code + ", but the output does not contain \"" + Shown(*check.output_contains) +
                         "\": " + Shown(result->output)};
    }
    return {true, code};
  }

  NodeHost& host_;
  const CheckContext& context_;
};

}  // namespace

std::vector<CheckResult> RunChecks(NodeHost& host, const std::vector<CheckSpec>& checks,
                                   const CheckContext& context) {
  Runner runner(host, context);
  std::vector<CheckResult> results = {runner.File()};
  for (const CheckSpec& check : checks) {
    if (check.kind != CheckSpec::Kind::kFile) results.push_back(runner.Run(check));
  }
  return results;
}

}  // namespace syncgate
