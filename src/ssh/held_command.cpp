#include "ssh/held_command.h"

#include <array>
#include <string_view>
#include <utility>

#include "ssh/deadline.h"
#include "ssh/handles.h"

namespace syncgate {
namespace {

// What no start-up file of a shell says, which may print something before.
constexpr std::string_view kLine = "syncgate holds this\n";
constexpr std::size_t kMostSaid = 65536;
constexpr std::chrono::seconds kPatience{30};

// sshd ends the command's input when the channel closes, and when the connection goes.
class RemoteHeld : public HeldCommand {
 public:
  RemoteHeld(SshSession* session, ChannelHandle channel)
      : session_(session), channel_(std::move(channel)) {}
  RemoteHeld(const RemoteHeld&) = delete;
  RemoteHeld& operator=(const RemoteHeld&) = delete;
  ~RemoteHeld() override {
    if (ssh_is_connected(session_->raw()) == 0) return;
    const Deadline deadline(session_->socket(), kPatience);
    ssh_channel_send_eof(channel_.get());
    CloseChannel(channel_.get());
  }

 private:
  SshSession* session_;
  ChannelHandle channel_;
};

// Appends what the command says until it repeats the line or ends.
void Listen(ssh_channel channel, std::string* said, std::string* errors) {
  std::array<char, 512> piece{};
  while (!said->ends_with(kLine) && said->size() < kMostSaid) {
    const int got = ssh_channel_read(channel, piece.data(), piece.size(), 0);
    if (got <= 0) break;
    said->append(piece.data(), static_cast<std::size_t>(got));
  }
  if (said->ends_with(kLine)) return;
  const int got = ssh_channel_read(channel, piece.data(), piece.size(), 1);
  if (got > 0) errors->append(piece.data(), static_cast<std::size_t>(got));
}

}  // namespace

Result<HoldResult> HoldOver(SshSession* session, const std::string& line) {
  ssh_session raw = session->raw();
  ChannelHandle channel(ssh_channel_new(raw));
  Deadline deadline(session->socket(), kPatience);
  const bool opened = ssh_channel_open_session(channel.get()) == SSH_OK;
  const bool started = opened && ssh_channel_request_exec(channel.get(), line.c_str()) == SSH_OK;
  HoldResult result;
  std::string said;
  if (started) {
    // A failure shows as an end of what it says.
    (void)ssh_channel_write(channel.get(), kLine.data(), kLine.size());
    Listen(channel.get(), &said, &result.ended.errors);
  }
  if (ssh_is_connected(raw) == 0) return std::unexpected(session->LinkError(deadline.expired()));
  if (!started) {
    return Fail(ErrorKind::kFailed, "command-refused",
                session->where() + " runs no commands: " + ssh_get_error(raw) + ".",
                "The user needs a shell on the node (no ForceCommand internal-sftp), and sshd's "
                "MaxSessions to be 4 or more.");
  }
  if (said.ends_with(kLine)) {
    result.held = std::make_unique<RemoteHeld>(session, std::move(channel));
    return result;
  }
  result.ended.output = std::move(said);
  result.ended.exit_code = ssh_channel_get_exit_status(channel.get());
  CloseChannel(channel.get());
  return result;
}

}  // namespace syncgate
