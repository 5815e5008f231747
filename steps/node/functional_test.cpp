#include "node/functional_test.h"

#include <chrono>

#include "common/messages.h"
#include "config/text.h"
#include "core/utf8.h"
#include "host/run_command.h"
#include "host/signals.h"

namespace syncgate {
namespace {

constexpr std::chrono::seconds kGrace{10};
constexpr std::size_t kOutputKept = std::size_t{16} << 10;
constexpr std::size_t kDetailKept = 300;

// The end of `text`, from the start of a line where there is one.
std::string EndOf(const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t start = text.size() - limit;
  const std::size_t line = text.find('\n', start);
  if (line != std::string::npos && line + 1 < text.size()) start = line + 1;
  return "[" + std::to_string(start) + " bytes before this are left out]\n" + text.substr(start);
}

// The last lines, on one: a test says last what went wrong.
std::string LastWords(const std::string& text) {
  std::size_t end = text.find_last_not_of("\r\n");
  end = end == std::string::npos ? 0 : end + 1;
  const std::size_t start = end > kDetailKept ? end - kDetailKept : 0;
  return Excerpt(std::string_view(text).substr(start, end - start), {}, 2 * kDetailKept);
}

std::string HowItEnded(const CommandRun& run, int timeout_ms) {
  if (run.stopped) return "stopped before it ended";
  if (run.timed_out) return "not done after " + std::to_string(timeout_ms) + " ms, ended";
  return "exit code " + std::to_string(run.result.exit_code);
}

}  // namespace

CheckOutcome RunFunctionalTest(const PlannedNode& planned, const std::vector<Secret>& hidden) {
  CheckOutcome outcome;
  outcome.name = "functional test";
  outcome.kind = "test";
  CommandOptions options;
  options.timeout = std::chrono::milliseconds(planned.spec.test_timeout_ms);
  options.grace = kGrace;
  options.directory = planned.project.directory;
  options.environment = {{"SYNCGATE_NODE", planned.node.node.str()},
                         {"SYNCGATE_PLAN_DIGEST", planned.plan_digest().hex()}};
  options.one_stream = true;
  options.stop = [] { return StopSignal() != 0; };
  Info(planned.node.node.str() + ": running the functional test " + planned.node.test.front());
  const auto run = RunCommand(planned.node.test, options);
  if (!run) {
    outcome.detail = Excerpt(run.error().message, hidden);
    return outcome;
  }
  outcome.passed = !run->timed_out && !run->stopped && run->result.exit_code == 0;
  outcome.detail = HowItEnded(*run, planned.spec.test_timeout_ms);
  const std::string output = WithoutHidden(run->result.output, hidden);
  outcome.output = ToUtf8(EndOf(output, kOutputKept));
  if (!outcome.passed && !output.empty()) outcome.detail += ": " + LastWords(output);
  return outcome;
}

}  // namespace syncgate
