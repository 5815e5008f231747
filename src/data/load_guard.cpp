#include "data/load_guard.h"

#include <charconv>
#include <thread>
#include <utility>

namespace syncgate {

LoadGuard::LoadGuard(SqlSession& session, std::string server, Settings settings,
                     std::function<void(const std::string&)> say,
                     std::function<Result<void>()> check_stop)
    : session_(session),
      server_(std::move(server)),
      settings_(settings),
      say_(std::move(say)),
      check_stop_(std::move(check_stop)) {}

Result<std::uint64_t> LoadGuard::Running() {
  const auto rows = TRY(session_.Rows("SHOW GLOBAL STATUS LIKE 'Threads_running'"));
  std::uint64_t running = 0;
  if (rows.size() == 1 && rows[0].size() == 2 && rows[0][1]) {
    const std::string& text = *rows[0][1];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), running);
    if (error == std::errc() && end == text.data() + text.size()) return running;
  }
  return Fail(ErrorKind::kFailed, "load-unknown",
              server_ + " does not say how many threads are running",
              "is there a proxy in between that hides the server's status?");
}

Result<void> LoadGuard::Wait(std::chrono::milliseconds longest, bool give_up) {
  const auto begin = std::chrono::steady_clock::now();
  if (begin - looked_ < settings_.apart) return {};
  for (bool said = false;; said = true) {
    const std::uint64_t running = TRY(Running());
    looked_ = std::chrono::steady_clock::now();
    if (running <= settings_.threads_running) return {};
    const std::string busy = server_ + " is busy: " + std::to_string(running) +
                             " threads running, more than " +
                             std::to_string(settings_.threads_running);
    if (looked_ - begin >= longest) {
      if (!give_up) return {};
      return Fail(ErrorKind::kTryLater, "server-busy", busy,
                  "try again later, or raise data.limits.threads_running if that is usual there");
    }
    if (!said) say_(busy + " (data.limits.threads_running); waiting");
    TRY(check_stop_());
    std::this_thread::sleep_for(settings_.pause);
  }
}

}  // namespace syncgate
