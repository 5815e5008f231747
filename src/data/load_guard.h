// Holds our work back while a server is busy with that of others.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "core/result.h"
#include "data/sql_session.h"

namespace syncgate {

// Looks at Threads_running, the number of statements at work on the server, our own among them: the
// measure that pt-online-schema-change and gh-ost throttle by. Fails closed: a server that does not
// tell is an error, not a calm one.
class LoadGuard {
 public:
  struct Settings {
    std::uint64_t threads_running = 25;    // with more than these we wait
    std::chrono::milliseconds pause{250};  // between two looks
    std::chrono::minutes patience{10};     // then WaitUntilCalm gives up
    // Looks come no closer than this: a look costs the server something, too.
    std::chrono::milliseconds apart{200};
  };
  // `session` and what the functions use must outlive this. `say` gets a line when a wait begins;
  // an error of `check_stop`, asked at each pause, ends it.
  LoadGuard(SqlSession& session, std::string server, Settings settings,
            std::function<void(const std::string&)> say, std::function<Result<void>()> check_stop);

  // Returns once the server is calm. kTryLater "server-busy" where it stays busy.
  Result<void> WaitUntilCalm() { return Wait(settings_.patience, true); }
  // The same, but goes on after `longest`: for a transition that has begun, which others see half
  // done.
  Result<void> Ease(std::chrono::milliseconds longest) { return Wait(longest, false); }

 private:
  Result<void> Wait(std::chrono::milliseconds longest, bool give_up);
  Result<std::uint64_t> Running();

  SqlSession& session_;
  std::string server_;
  Settings settings_;
  std::function<void(const std::string&)> say_;
  std::function<Result<void>()> check_stop_;
  std::chrono::steady_clock::time_point looked_{};
};

}  // namespace syncgate
