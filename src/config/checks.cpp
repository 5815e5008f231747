#include "config/checks.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "config/check_attempt.h"
#include "config/target.h"
#include "config/text.h"

namespace syncgate {
namespace {

constexpr std::string_view kStopped = "stopped before it passed";

const char* WordFor(CheckSpec::Kind kind) {
  switch (kind) {
    case CheckSpec::Kind::kHttp:
      return "http";
    case CheckSpec::Kind::kCommand:
      return "command";
    case CheckSpec::Kind::kSql:
      return "sql";
    case CheckSpec::Kind::kFile:
      break;
  }
  return "file";
}

CheckResult CheckFile(NodeHost& host, const CheckContext& context) {
  const auto file = ReadTarget(host, context.target);
  CheckResult result{"file", WordFor(CheckSpec::Kind::kFile), false, 1, {}};
  result.passed = file && file->digest == context.after_digest;
  if (result.passed) {
    result.detail = context.target + " holds the planned bytes";
  } else if (!file) {
    result.detail = Excerpt(file.error().message, context.hidden);
  } else {
    result.detail = context.target + " holds other bytes than planned (SHA-256 " +
                    file->digest.Short() + "...)";
  }
  return result;
}

// Tries one check until it has passed as often in a row as it has to, or is out of attempts.
class Repeater {
 public:
  Repeater(NodeHost& host, const CheckContext& context) : host_(host), context_(context) {}

  CheckResult Run(const CheckSpec& check) {
    CheckResult result{check.name, WordFor(check.kind), false, 0, {}};
    if (check.equals_key && !context_.values.contains(*check.equals_key)) {
      // Waiting cannot change this: secrets and keys outside the allow-list have no value here.
      result.detail = "the value of " + check.equals_key->str() + " is not known to this check";
      return result;
    }
    const auto most = static_cast<std::uint64_t>(std::max(check.attempts, 1));
    const int wanted = std::max(check.passes, 1);
    int in_a_row = 0;
    int best = 0;
    std::string failure;  // of the last attempt that failed
    while (in_a_row < wanted && result.attempts < most) {
      if (Stopped() || (result.attempts > 0 && !Wait(check.interval))) {
        result.detail = std::string(kStopped) + (failure.empty() ? "" : ": " + failure);
        return result;
      }
      Attempt attempt = TryCheck(host_, check, context_);
      ++result.attempts;
      in_a_row = attempt.passed ? in_a_row + 1 : 0;
      best = std::max(best, in_a_row);
      (attempt.passed ? result.detail : failure) = std::move(attempt.detail);
      if (attempt.hopeless) break;
    }
    result.passed = in_a_row >= wanted;
    if (!result.passed) result.detail = InARow(best, wanted) + failure;
    if (result.passed && wanted > 1) result.detail += ", " + std::to_string(wanted) + " in a row";
    return result;
  }

 private:
  // In front of the last failure, where passing once was not enough.
  static std::string InARow(int best, int wanted) {
    if (wanted == 1) return {};
    return "passed " + std::to_string(best) + " in a row, " + std::to_string(wanted) +
           " are wanted; last failure: ";
  }

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

  NodeHost& host_;
  const CheckContext& context_;
};

}  // namespace

std::vector<CheckResult> RunChecks(NodeHost& host, const std::vector<CheckSpec>& checks,
                                   const CheckContext& context) {
  Repeater repeater(host, context);
  std::vector<CheckResult> results = {CheckFile(host, context)};
  for (const CheckSpec& check : checks) {
    if (check.kind != CheckSpec::Kind::kFile) results.push_back(repeater.Run(check));
  }
  return results;
}

}  // namespace syncgate
