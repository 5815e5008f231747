#include "host/held_command.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "core/unique_fd.h"
#include "host/spawn.h"

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

}  // namespace

Result<HoldResult> HoldCommand(const std::vector<std::string>& argv) {
  TRY(CheckCommand(argv));
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Fail(ErrorKind::kFailed, "command-failed",
                "Cannot make a socket pair: " + std::generic_category().message(errno) + ".");
  }
  UniqueFd ours(ends[0]);
  UniqueFd theirs(ends[1]);
  // Its standard streams are one end of a socket pair, which ends with this process, however it
  // ends.
  SpawnWish wish;
  wish.input = wish.output = wish.errors = theirs.get();
  pid_t child = 0;
  if (const int why = Spawn(argv, wish, &child); why != 0) {
    // As a shell says it.
    return HoldResult{nullptr,
                      {127, "", argv[0] + ": " + std::generic_category().message(why) + "\n"}};
  }
  theirs.reset();
  (void)::send(ours.get(), kLine.data(), kLine.size(), MSG_NOSIGNAL);
  std::string said;
  const auto end = Clock::now() + kPatience;
  while (said != kLine) {
    pollfd wait{ours.get(), POLLIN, 0};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    if (left.count() <= 0) {
      const LocalHeld ended(child, std::move(ours));
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
  if (said == kLine) return HoldResult{std::make_unique<LocalHeld>(child, std::move(ours)), {}};
  return HoldResult{nullptr, {WaitFor(child), "", said}};
}

}  // namespace syncgate
