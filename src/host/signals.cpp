#include "host/signals.h"

#include <atomic>
#include <csignal>

namespace syncgate {
namespace {

std::atomic<int> g_stop_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "a handler may touch lock-free atomics only");

void OnStopSignal(int signal) {
  int none = 0;
  g_stop_signal.compare_exchange_strong(none, signal);
}

}  // namespace

void InstallStopSignals() {
  struct sigaction stop = {};
  stop.sa_handler = OnStopSignal;
  ::sigemptyset(&stop.sa_mask);
  ::sigaction(SIGINT, &stop, nullptr);
  ::sigaction(SIGTERM, &stop, nullptr);
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, nullptr);
}

int StopSignal() { return g_stop_signal.load(); }

void RequestStop(int signal) { OnStopSignal(signal); }

Result<void> CheckStop() {
  const int signal = StopSignal();
  if (signal == 0) return {};
  return Fail(ErrorKind::kInterrupted, "interrupted",
              std::string("Stopped by ") + (signal == SIGINT    ? "SIGINT."
                                            : signal == SIGTERM ? "SIGTERM."
                                                                : "a time limit."));
}

}  // namespace syncgate
