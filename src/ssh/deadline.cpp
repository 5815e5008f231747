#include "ssh/deadline.h"

#include <sys/socket.h>

namespace syncgate {

Deadline::Deadline(int socket, std::chrono::milliseconds time)
    : socket_(socket), time_(time), end_(Clock::now() + time), thread_([this] { Watch(); }) {}

Deadline::~Deadline() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Deadline::Extend() {
  const std::lock_guard lock(mutex_);
  // The watcher wakes at the old end, sees the new one and sleeps on.
  end_ = Clock::now() + time_;
}

bool Deadline::expired() const {
  const std::lock_guard lock(mutex_);
  return expired_;
}

void Deadline::Watch() {
  std::unique_lock lock(mutex_);
  while (!done_) {
    if (Clock::now() >= end_) {
      expired_ = true;
      ::shutdown(socket_, SHUT_RDWR);
      return;
    }
    const Clock::time_point end = end_;
    changed_.wait_until(lock, end, [this] { return done_; });
  }
}

}  // namespace syncgate
