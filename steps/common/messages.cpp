#include "common/messages.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "report/visible.h"

namespace syncgate {
namespace {

bool json_lines = false;

bool OnTerminal() { return isatty(STDERR_FILENO) != 0; }

// The payload of a JSON log line: a JSON string. OneLine has left no control characters.
std::string Payload(const std::string& text) {
  const std::string line = OneLine(text);
  if (!json_lines) return line;
  std::string quoted = "\"";
  for (const char c : line) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string Sentence(const std::string& code, const std::string& message, const std::string& hint) {
  std::string text = message;
  while (text.ends_with('.') && !hint.empty()) text.pop_back();
  return "[" + code + "] " + text + (hint.empty() ? "" : "; " + hint);
}

}  // namespace

void StartMessages(const std::string& step, const CommonOptions& options) {
  json_lines = options.log_format == "json";
  const bool color =
      !options.no_color && std::getenv("NO_COLOR") == nullptr && OnTerminal() && !json_lines;
  auto logger = color ? spdlog::stderr_color_mt(step) : spdlog::stderr_logger_mt(step);
  logger->set_pattern(json_lines
                          ? R"({"time":"%Y-%m-%dT%H:%M:%SZ","step":"%n","level":"%l","message":%v})"
                          : "%n: %^%l%$: %v",
                      spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(options.log_level));
  spdlog::set_default_logger(std::move(logger));
}

std::string OneLine(const std::string& text) { return Visible(text); }

void Debug(const std::string& text) { spdlog::debug("{}", Payload(text)); }
void Info(const std::string& text) { spdlog::info("{}", Payload(text)); }
void Warn(const std::string& text) { spdlog::warn("{}", Payload(text)); }

void Say(const Error& error) {
  spdlog::error("{}", Payload(Sentence(error.code, error.message, error.hint)));
}

void Say(const Diagnostic& diagnostic) {
  const std::string text = Payload(Sentence(diagnostic.code, diagnostic.message, diagnostic.hint));
  switch (diagnostic.severity) {
    case Severity::kNote:
      spdlog::info("{}", text);
      break;
    case Severity::kWarning:
      spdlog::warn("{}", text);
      break;
    case Severity::kRefusal:
    case Severity::kError:
      spdlog::error("{}", text);
      break;
  }
}

void Progress::At(std::uint64_t done, std::uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  const auto pause = OnTerminal() && !json_lines ? std::chrono::milliseconds(200)
                                                 : std::chrono::milliseconds(10'000);
  if (now - last_ < pause) return;
  last_ = now;
  std::string text = what_ + ": " + std::to_string(done);
  if (total > 0) {
    text += " of about " + std::to_string(std::max(done, total)) + " (" +
            std::to_string(std::min<std::uint64_t>(99, done * 100 / std::max(done, total))) + " %)";
  }
  if (OnTerminal() && !json_lines) {
    std::fprintf(stderr, "\r\033[K%s", OneLine(text).c_str());
    drew_ = true;
  } else {
    Info(text);
  }
}

Progress::~Progress() {
  if (drew_) std::fputs("\r\033[K", stderr);
}

}  // namespace syncgate
