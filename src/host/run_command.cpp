#include "host/run_command.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>

#include "core/unique_fd.h"
#include "host/file_error.h"
#include "host/files.h"
#include "host/spawn.h"

namespace syncgate {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLeftBehind{1};
// Without pidfd_open (Linux before 5.3) the end of the command is looked for at this pace.
constexpr int kNoPidfdMillis = 20;
// `stop` is asked at this pace: a signal that comes just before poll() does not wake it.
constexpr int kStopMillis = 100;

// A file in memory that holds `bytes`: a command may read it at its own pace, or not at all.
Result<UniqueFd> InputOf(std::string_view bytes) {
  UniqueFd fd(::memfd_create("syncgate-input", MFD_CLOEXEC));
  if (!fd.valid()) return FailFile("make", "the command's input", errno);
  TRY(WriteAll(fd.get(), bytes, "the command's input"));
  if (::lseek(fd.get(), 0, SEEK_SET) != 0) return FailFile("make", "the command's input", errno);
  return fd;
}

// Reads what is there, closes the pipe at its end. Bytes over the limit are read and dropped. Comes
// back after a while also from a command that never stops writing: its time may be up.
void Drain(UniqueFd* pipe, std::string* text, bool keep_end) {
  std::array<char, 65536> piece;
  constexpr int kMostPieces = 16;
  for (int i = 0; i < kMostPieces && pipe->valid(); ++i) {
    const ssize_t got = ::read(pipe->get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return pipe->reset();
    const auto size = static_cast<std::size_t>(got);
    if (keep_end) {
      text->append(piece.data(), size);
      if (text->size() > 2 * kCommandOutputLimit)
        text->erase(0, text->size() - kCommandOutputLimit);
    } else {
      text->append(piece.data(), std::min(size, kCommandOutputLimit - text->size()));
    }
  }
}

int ExitCodeOfStatus(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

class RunningCommand {
 public:
  RunningCommand(pid_t child, UniqueFd output, UniqueFd errors, const CommandOptions& options)
      : child_(child), output_(std::move(output)), errors_(std::move(errors)), options_(options) {
    pidfd_ = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  }

  // Until the command has ended, by itself or because its process group was killed.
  CommandRun Wait() {
    if (!WaitUntil(Clock::now() + options_.timeout, /*heed_stop=*/true)) {
      run_.timed_out = !run_.stopped;
      if (run_.stopped && options_.leave_when_stopped) return std::move(run_);
      const bool graceful = options_.grace.count() > 0 && ::kill(-child_, SIGTERM) == 0;
      if (graceful) WaitUntil(Clock::now() + options_.grace, /*heed_stop=*/false);
      // Also what the command has left behind in its group.
      // Not one of root's, as sudo is: waiting for that would have no end.
      const bool killed = ::kill(-child_, SIGKILL) == 0 || errno != EPERM;
      if (!ended_ && killed) Reap(0);
      DrainBoth();
    }
    if (run_.result.output.size() > kCommandOutputLimit) {
      run_.result.output.erase(0, run_.result.output.size() - kCommandOutputLimit);
    }
    return std::move(run_);
  }

 private:
  // False when the time is up, or a stop was asked for, before the command has ended.
  bool WaitUntil(Clock::time_point deadline, bool heed_stop) {
    while (!ended_ || output_.valid() || errors_.valid()) {
      if (Clock::now() >= deadline) break;
      if (!ended_ && heed_stop && options_.stop && options_.stop()) {
        run_.stopped = true;
        break;
      }
      PollOnce(deadline);
      if (!ended_ && Reap(WNOHANG)) {
        ended_ = true;
        deadline = Clock::now() + kLeftBehind;
      }
    }
    return ended_;
  }

  void PollOnce(Clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    int wait = static_cast<int>(std::clamp<std::int64_t>(left.count() + 1, 1, 60000));
    if (!ended_ && !pidfd_.valid()) wait = std::min(wait, kNoPidfdMillis);
    if (options_.stop) wait = std::min(wait, kStopMillis);
    std::array<pollfd, 3> fds = {{{output_.get(), POLLIN, 0},
                                  {errors_.get(), POLLIN, 0},
                                  {ended_ ? -1 : pidfd_.get(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), wait) <= 0) return;
    DrainBoth();
  }

  void DrainBoth() {
    Drain(&output_, &run_.result.output, options_.one_stream);
    Drain(&errors_, &run_.result.errors, false);
  }

  bool Reap(int flags) {
    int status = 0;
    pid_t got = 0;
    do {
      got = ::waitpid(child_, &status, flags);
    } while (got < 0 && errno == EINTR);
    if (got == 0) return false;
    run_.result.exit_code = got < 0 ? 255 : ExitCodeOfStatus(status);
    return true;
  }

  pid_t child_;
  UniqueFd output_;
  UniqueFd errors_;
  UniqueFd pidfd_;
  const CommandOptions& options_;
  CommandRun run_;
  bool ended_ = false;
};

std::unexpected<Error> CannotRun(const std::string& what, int why) {
  return Fail(ErrorKind::kFailed, "command-failed",
              "Cannot " + what + ": " + std::generic_category().message(why) + ".");
}

}  // namespace

Result<CommandRun> RunCommand(const std::vector<std::string>& argv, const CommandOptions& options) {
  TRY(CheckCommand(argv));
  std::optional<Pipe> output = MakePipe();
  std::optional<Pipe> errors = options.one_stream ? Pipe{} : MakePipe();
  if (!output || !errors) return CannotRun("make a pipe", errno);
  SpawnWish wish;
  wish.output = output->write_end.get();
  wish.errors = options.one_stream ? wish.output : errors->write_end.get();
  wish.directory = options.directory;
  wish.environment = options.environment;
  UniqueFd given;
  if (!options.input.empty()) {
    given = TRY(InputOf(options.input));
    wish.input = given.get();
  }
  pid_t child = 0;
  const int why = Spawn(argv, wish, &child);
  if (why == ENOENT || why == EACCES || why == ENOEXEC || why == ENOTDIR) {
    CommandRun run;
    run.result.exit_code = why == ENOENT || why == ENOTDIR ? 127 : 126;
    run.result.errors = argv[0] + ": " + std::generic_category().message(why) + "\n";
    if (options.one_stream) run.result.output.swap(run.result.errors);
    return run;
  }
  if (why != 0) return CannotRun("run " + argv[0], why);
  output->write_end.reset();
  errors->write_end.reset();
  return RunningCommand(child, std::move(output->read_end), std::move(errors->read_end), options)
      .Wait();
}

Result<CommandResult> RunCommand(const std::vector<std::string>& argv,
                                 std::chrono::milliseconds timeout, std::string_view input,
                                 const std::function<bool()>& stop) {
  CommandOptions options;
  options.timeout = timeout;
  options.input = input;
  options.stop = stop;
  options.leave_when_stopped = true;
  CommandRun run = TRY(RunCommand(argv, options));
  if (run.stopped) {
    return Fail(ErrorKind::kInterrupted, "interrupted", "Stopped while a command ran: " + argv[0],
                "It was not waited for; look whether it still runs.");
  }
  if (!run.timed_out) return std::move(run.result);
  return Fail(ErrorKind::kTryLater, "command-timeout",
              "The command " + argv[0] + " did not end within " + std::to_string(timeout.count()) +
                  " ms and was killed, unless it is root's.");
}

}  // namespace syncgate
