#include "config/check_attempt.h"

#include <utility>

#include "config/engine.h"
#include "config/text.h"

namespace syncgate {
namespace {

class Trial {
 public:
  Trial(NodeHost& host, const CheckSpec& check, const CheckContext& context)
      : host_(host), check_(check), context_(context) {}

  Attempt Http() const {
    const auto answer = context_.http(check_);
    if (!answer) return Failed(answer.error());
    std::string status = "status " + std::to_string(answer->status);
    // The body is not shown: an error page may hold anything.
    if (answer->status != check_.status) {
      status += ", expected " + std::to_string(check_.status);
      if (!answer->location.empty()) {
        status += " (a redirect to " + Shown(answer->location) + " is not followed)";
      }
      return {false, std::move(status)};
    }
    if (!check_.pointer) return {true, std::move(status)};
    const auto value = context_.json(answer->body, *check_.pointer);
    if (!value) return Failed(value.error());
    return Compare(*check_.pointer, *value);
  }

  Attempt Sql() const {
    const auto answer = context_.sql(check_);
    if (!answer) return Failed(answer.error());
    const std::string rows = std::to_string(answer->rows) + (answer->rows == 1 ? " row" : " rows");
    if (check_.rows) {
      if (answer->rows == *check_.rows) return {true, rows};
      return {false, rows + ", expected " + std::to_string(*check_.rows)};
    }
    const std::string expected = ", expected \"" + Shown(Expected().value_or("")) + "\"";
    if (answer->rows == 0) return {false, "no row" + expected};
    if (!answer->first) return {false, "the first column is NULL" + expected};
    return Compare("the first column", *answer->first);
  }

  Attempt Command() const {
    const auto result = host_.Run(check_.argv, check_.timeout);
    if (!result) return Failed(result.error());
    const std::string code = "exit code " + std::to_string(result->exit_code);
    if (result->exit_code != check_.exit_code) {
      return {false, code + ", expected " + std::to_string(check_.exit_code) + ": " +
                         OutputExcerpt(*result, context_.hidden)};
    }
    if (check_.output_contains &&
        result->output.find(*check_.output_contains) == std::string::npos) {
      return {false, code + ", but the output does not contain \"" +
                         Shown(*check_.output_contains) + "\": " + Shown(result->output)};
    }
    return {true, code};
  }

 private:
  std::string Shown(std::string_view text) const { return Excerpt(text, context_.hidden); }

  Attempt Failed(const Error& error) const {
    return {false, Shown(error.message), error.kind == ErrorKind::kFixProject};
  }

  std::optional<std::string> Expected() const {
    return check_.equals_key ? context_.values.at(*check_.equals_key) : check_.equals;
  }

  Attempt Compare(const std::string& what, const std::string& value) const {
    const std::optional<std::string> expected = Expected();
    const bool passed = !expected || value == *expected;
    std::string detail = what + " is \"" + Shown(value) + "\"";
    if (!passed) detail += ", expected \"" + Shown(*expected) + "\"";
    return {passed, std::move(detail)};
  }

  NodeHost& host_;
  const CheckSpec& check_;
  const CheckContext& context_;
};

}  // namespace

Attempt TryCheck(NodeHost& host, const CheckSpec& check, const CheckContext& context) {
  const Trial trial(host, check, context);
  switch (check.kind) {
    case CheckSpec::Kind::kHttp:
      return trial.Http();
    case CheckSpec::Kind::kCommand:
      return trial.Command();
    case CheckSpec::Kind::kSql:
      return trial.Sql();
    case CheckSpec::Kind::kFile:
      break;
  }
  return {false, "the file is no check that is tried again", true};
}

}  // namespace syncgate
