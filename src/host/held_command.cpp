#include "host/held_command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "host/unique_fd.h"

extern char** environ;

namespace syncgate {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kLine = "held\n";
constexpr std::chrono::seconds kPatience{30};

int WaitFor(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return 255;
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

class LocalHeld : public HeldCommand {
 public:
  LocalHeld(pid_t child, UniqueFd link) : child_(child), link_(std::move(link)) {}
  LocalHeld(const LocalHeld&) = delete;
  LocalHeld& operator=(const LocalHeld&) = delete;
  ~LocalHeld() override {
    link_.reset();
    ::kill(-child_, SIGTERM);  // its own group: for one that does not heed its input
    WaitFor(child_);
  }

 private:
  pid_t child_;
  UniqueFd link_;
};

// The child's standard streams are one end of a socket pair, which ends with this process, however
// it ends.
Result<pid_t> Start(const std::vector<std::string>& argv, int end) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  for (const int stream : {0, 1, 2}) ::posix_spawn_file_actions_adddup2(&actions, end, stream);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t child = 0;
  const int why = ::posix_spawnp(&child, words[0], &actions, &attributes, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (why == 0) return child;
  return Fail(ErrorKind::kFailed, "command-failed",
              "Cannot run " + argv[0] + ": " + std::generic_category().message(why) + ".");
}

}  // namespace

Result<HoldResult> HoldCommand(const std::vector<std::string>& argv) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Fail(ErrorKind::kFailed, "command-failed",
                "Cannot make a socket pair: " + std::generic_category().message(errno) + ".");
  }
  UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  const auto child = Start(argv, theirs.get());
  if (!child) {
    // As a shell says it.
    return HoldResult{nullptr, {127, "", child.error().message + "\n"}};
  }
  theirs.reset();
  (void)::send(ours.get(), kLine.data(), kLine.size(), MSG_NOSIGNAL);
  std::string said;
  const auto end = Clock::now() + kPatience;
  while (said != kLine) {
    pollfd wait{ours.get(), POLLIN, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) {
      const LocalHeld ended(*child, std::move(ours));
      return Fail(ErrorKind::kTryLater, "command-timeout",
                  "The command " + argv[0] + " neither answered nor ended in time.");
    }
    if (::poll(&wait, 1, static_cast<int>(left.count())) <= 0) continue;
    std::array<char, 512> piece{};
    const ssize_t got = ::recv(ours.get(), piece.data(), piece.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;  // it ends
    said.append(piece.data(), static_cast<std::size_t>(got));
    if (said.size() > 4096) break;
  }
  if (said == kLine) return HoldResult{std::make_unique<LocalHeld>(*child, std::move(ours)), {}};
  return HoldResult{nullptr, {WaitFor(*child), "", said}};
}

}  // namespace syncgate
