#include "host/run_command.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>

#include "host/unique_fd.h"

extern char** environ;

namespace syncgate {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kOutputLimit = 1 << 20;
constexpr std::chrono::seconds kLeftBehind{1};
// Without pidfd_open (Linux before 5.3) the end of the command is looked for at this pace.
constexpr int kNoPidfdMillis = 20;

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

std::optional<Pipe> MakePipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  Pipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return pipe;
}

class SpawnSetup {
 public:
  SpawnSetup(int output, int errors) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output, 1);
    ::posix_spawn_file_actions_adddup2(&actions_, errors, 2);
    // An ignored SIGPIPE and a blocked signal would be inherited.
    sigset_t defaults;
    ::sigemptyset(&defaults);
    for (int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&defaults, signal);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;
  ~SpawnSetup() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }

  // 0 or an errno.
  int Spawn(const std::vector<std::string>& argv, pid_t* child) {
    std::vector<char*> words;
    words.reserve(argv.size() + 1);
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    return ::posix_spawnp(child, words[0], &actions_, &attributes_, words.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// Reads what is there; closes the pipe at its end. Bytes over the limit are read and dropped.
void Drain(UniqueFd* pipe, std::string* text) {
  std::array<char, 65536> piece;
  for (;;) {
    const ssize_t got = ::read(pipe->get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return pipe->reset();
    const std::size_t room = kOutputLimit - text->size();
    text->append(piece.data(), std::min(static_cast<std::size_t>(got), room));
  }
}

int ExitCodeOfStatus(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

class RunningCommand {
 public:
  RunningCommand(pid_t child, UniqueFd output, UniqueFd errors)
      : child_(child), output_(std::move(output)), errors_(std::move(errors)) {
    pidfd_ = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  }

  // The command's result, or nothing when the time was up and its process group has been killed.
  std::optional<CommandResult> Wait(std::chrono::milliseconds timeout) {
    Clock::time_point deadline = Clock::now() + timeout;
    bool ended = false;
    while (!ended || output_.valid() || errors_.valid()) {
      if (Clock::now() >= deadline) break;
      PollOnce(deadline, ended);
      if (!ended && Reap(WNOHANG)) {
        ended = true;
        deadline = Clock::now() + kLeftBehind;
      }
    }
    if (ended) return std::move(result_);
    ::kill(-child_, SIGKILL);
    Reap(0);
    return std::nullopt;
  }

 private:
  void PollOnce(Clock::time_point deadline, bool ended) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    int wait = static_cast<int>(std::clamp<std::int64_t>(left.count() + 1, 1, 60000));
    if (!ended && !pidfd_.valid()) wait = std::min(wait, kNoPidfdMillis);
    std::array<pollfd, 3> fds = {{{output_.get(), POLLIN, 0},
                                  {errors_.get(), POLLIN, 0},
                                  {ended ? -1 : pidfd_.get(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), wait) <= 0) return;
    if (fds[0].revents != 0) Drain(&output_, &result_.output);
    if (fds[1].revents != 0) Drain(&errors_, &result_.errors);
  }

  bool Reap(int flags) {
    int status = 0;
    pid_t got = 0;
    do {
      got = ::waitpid(child_, &status, flags);
    } while (got < 0 && errno == EINTR);
    if (got == 0) return false;
    result_.exit_code = got < 0 ? 255 : ExitCodeOfStatus(status);
    return true;
  }

  pid_t child_;
  UniqueFd output_;
  UniqueFd errors_;
  UniqueFd pidfd_;
  CommandResult result_;
};

}  // namespace

Result<CommandResult> RunCommand(const std::vector<std::string>& argv,
                                 std::chrono::milliseconds timeout) {
  if (argv.empty()) return Fail(ErrorKind::kFailed, "command-empty", "There is no command to run.");
  for (const std::string& word : argv) {
    if (word.find('\0') == std::string::npos) continue;
    return Fail(ErrorKind::kFailed, "command-word-invalid",
                "A word of the command " + argv[0] + " holds a NUL byte.");
  }
  std::optional<Pipe> output = MakePipe();
  std::optional<Pipe> errors = MakePipe();
  if (!output || !errors) {
    return Fail(ErrorKind::kFailed, "command-failed",
                "Cannot make a pipe: " + std::generic_category().message(errno) + ".");
  }
  pid_t child = 0;
  const int why = SpawnSetup(output->write_end.get(), errors->write_end.get()).Spawn(argv, &child);
  if (why == ENOENT || why == EACCES || why == ENOEXEC || why == ENOTDIR) {
    return CommandResult{why == ENOENT || why == ENOTDIR ? 127 : 126, "",
                         argv[0] + ": " + std::generic_category().message(why) + "\n"};
  }
  if (why != 0) {
    return Fail(ErrorKind::kFailed, "command-failed",
                "Cannot run " + argv[0] + ": " + std::generic_category().message(why) + ".");
  }
  output->write_end.reset();
  errors->write_end.reset();
  RunningCommand running(child, std::move(output->read_end), std::move(errors->read_end));
  std::optional<CommandResult> result = running.Wait(timeout);
  if (result) return std::move(*result);
  return Fail(ErrorKind::kTryLater, "command-timeout",
              "The command " + argv[0] + " did not end within " + std::to_string(timeout.count()) +
                  " ms and was killed.");
}

}  // namespace syncgate
