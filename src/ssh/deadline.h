// A bound on calls that have none: many of libssh's blocking calls wait for ever for a server whose
// TCP connection lives and that says nothing. When the time is up the socket is shut down, which
// makes the call return an error; the session is of no use afterwards.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace syncgate {

class Deadline {
 public:
  // `socket` must stay open while this object lives.
  Deadline(int socket, std::chrono::milliseconds time);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

  // The time counts from now again.
  void Extend();
  bool expired() const;

 private:
  using Clock = std::chrono::steady_clock;
  void Watch();

  const int socket_;
  const std::chrono::milliseconds time_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Clock::time_point end_;
  bool done_ = false;
  bool expired_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace syncgate
