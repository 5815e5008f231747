#include "ssh/exec.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "ssh/deadline.h"
#include "ssh/handles.h"

namespace syncgate {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLeftBehind{1};
constexpr std::chrono::seconds kAnswerTime{30};
constexpr int kStopMillis = 200;

// 128 + the number that the signal has on Linux, where the node runs too.
int CodeOfSignal(std::string_view name) {
  static constexpr std::pair<std::string_view, int> kSignals[] = {
      {"HUP", 1},   {"INT", 2},   {"QUIT", 3},  {"ILL", 4},   {"ABRT", 6},
      {"FPE", 8},   {"KILL", 9},  {"USR1", 10}, {"SEGV", 11}, {"USR2", 12},
      {"PIPE", 13}, {"ALRM", 14}, {"TERM", 15}};
  for (const auto& [known, number] : kSignals) {
    if (known == name) return 128 + number;
  }
  return 255;
}

// What a channel tells about its command. libssh calls it back while it handles packets; everything
// is taken at once, so that a command which fills one stream never waits for the other.
class Collector {
 public:
  explicit Collector(ssh_channel channel) : channel_(channel) {
    callbacks_.userdata = this;
    callbacks_.channel_data_function = &OnData;
    callbacks_.channel_exit_status_function = &OnExitStatus;
    callbacks_.channel_exit_signal_function = &OnExitSignal;
    ssh_callbacks_init(&callbacks_);
    ssh_set_channel_callbacks(channel_, &callbacks_);
  }
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
  ~Collector() { ssh_remove_channel_callbacks(channel_, &callbacks_); }

  const std::optional<int>& exit_code() const { return exit_code_; }
  CommandResult Take() {
    result_.exit_code = exit_code_.value_or(255);
    return std::move(result_);
  }

 private:
  static int OnData(ssh_session, ssh_channel, void* data, std::uint32_t size, int is_stderr,
                    void* self) {
    CommandResult& result = static_cast<Collector*>(self)->result_;
    std::string& text = is_stderr != 0 ? result.errors : result.output;
    const std::size_t room = kCommandOutputLimit - text.size();
    text.append(static_cast<const char*>(data), std::min<std::size_t>(size, room));
    return static_cast<int>(size);
  }

  static void OnExitStatus(ssh_session, ssh_channel, int status, void* self) {
    static_cast<Collector*>(self)->exit_code_ = status;
  }

  static void OnExitSignal(ssh_session, ssh_channel, const char* signal, int, const char*,
                           const char*, void* self) {
    static_cast<Collector*>(self)->exit_code_ = CodeOfSignal(signal == nullptr ? "" : signal);
  }

  ssh_channel channel_;
  ssh_channel_callbacks_struct callbacks_ = {};
  std::optional<int> exit_code_;
  CommandResult result_;
};

int MillisUntil(Clock::time_point end) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count() + 1, 0, 60000));
}

enum class Ended : std::uint8_t { kWell, kTimeUp, kStopped, kLinkLost };

Ended WaitForEnd(ssh_session session, ssh_channel channel, const Collector& collector,
                 std::chrono::milliseconds timeout, const std::function<bool()>& stop) {
  SessionEvent event(session);
  Clock::time_point end = Clock::now() + timeout;
  bool exited = false;
  while (ssh_channel_is_closed(channel) == 0) {
    if (!exited && collector.exit_code()) {
      exited = true;
      end = std::min(end, Clock::now() + kLeftBehind);
    }
    if (exited && ssh_channel_is_eof(channel) != 0) break;
    if (!exited && stop && stop()) return Ended::kStopped;
    const int left = MillisUntil(end);
    if (left == 0 || Clock::now() >= end) return exited ? Ended::kWell : Ended::kTimeUp;
    if (event.Poll(stop ? std::min(left, kStopMillis) : left) == SSH_ERROR) return Ended::kLinkLost;
  }
  return ssh_is_connected(session) != 0 ? Ended::kWell : Ended::kLinkLost;
}

}  // namespace

Result<CommandResult> Execute(SshSession* session, const std::string& line,
                              std::chrono::milliseconds timeout, std::string_view input,
                              const std::function<bool()>& stop) {
  ssh_session raw = session->raw();
  const ChannelHandle channel(ssh_channel_new(raw));
  Collector collector(channel.get());
  {
    Deadline deadline(session->socket(), kAnswerTime);
    const bool opened = ssh_channel_open_session(channel.get()) == SSH_OK;
    const bool started = opened && ssh_channel_request_exec(channel.get(), line.c_str()) == SSH_OK;
    if (ssh_is_connected(raw) == 0) return std::unexpected(session->LinkError(deadline.expired()));
    if (!started) {
      return Fail(ErrorKind::kFailed, "command-refused",
                  session->where() + " runs no commands: " + ssh_get_error(raw) + ".",
                  "The user needs a shell on the node (no ForceCommand internal-sftp), and sshd's "
                  "MaxSessions to be 4 or more.");
    }
    // One that ended early does not want the rest: its exit code tells.
    if (!input.empty()) {
      (void)ssh_channel_write(channel.get(), input.data(),
                              static_cast<std::uint32_t>(input.size()));
    }
    ssh_channel_send_eof(channel.get());
  }
  const Ended ended = WaitForEnd(raw, channel.get(), collector, timeout, stop);
  if (ended == Ended::kLinkLost) return std::unexpected(session->LinkError(false));
  const Deadline deadline(session->socket(), kAnswerTime);  // the following only sends
  if (ended == Ended::kTimeUp) ssh_channel_request_send_signal(channel.get(), "TERM");
  CloseChannel(channel.get());
  if (ended == Ended::kWell) return collector.Take();
  if (ended == Ended::kStopped) {
    return Fail(ErrorKind::kInterrupted, "interrupted",
                "Stopped while a command ran on " + session->where() + ": " + line.substr(0, 200),
                "It was not waited for; look on the node whether it still runs.");
  }
  return Fail(ErrorKind::kTryLater, "command-timeout",
              "The command on " + session->where() + " did not end within " +
                  std::to_string(timeout.count()) + " ms: " + line.substr(0, 200),
              "It was sent SIGTERM; look on the node whether it still runs.");
}

}  // namespace syncgate
