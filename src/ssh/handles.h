// libssh's handles with owners. Internal to ssh/: headers that others include name no libssh type.
#pragma once

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include <memory>

namespace syncgate {

struct SessionDeleter {
  void operator()(ssh_session session) const {
    ssh_disconnect(session);
    ssh_free(session);
  }
};
using SessionHandle = std::unique_ptr<ssh_session_struct, SessionDeleter>;

struct ChannelDeleter {
  void operator()(ssh_channel channel) const { ssh_channel_free(channel); }
};
using ChannelHandle = std::unique_ptr<ssh_channel_struct, ChannelDeleter>;

// Closes a channel that was opened. In non-blocking mode the first ssh_channel_close, and the one
// in ssh_channel_free, can end after EOF, before CLOSE: the node would keep the connection for
// ever.
inline void CloseChannel(ssh_channel channel) {
  if (ssh_channel_close(channel) == SSH_AGAIN) ssh_channel_close(channel);
}

struct KeyDeleter {
  void operator()(ssh_key key) const { ssh_key_free(key); }
};
using KeyHandle = std::unique_ptr<ssh_key_struct, KeyDeleter>;

struct SftpDeleter {
  void operator()(sftp_session sftp) const { sftp_free(sftp); }
};
using SftpHandle = std::unique_ptr<sftp_session_struct, SftpDeleter>;

struct SftpFileDeleter {
  void operator()(sftp_file file) const { sftp_close(file); }
};
using SftpFileHandle = std::unique_ptr<sftp_file_struct, SftpFileDeleter>;

struct SftpAttributesDeleter {
  void operator()(sftp_attributes attributes) const { sftp_attributes_free(attributes); }
};
using SftpAttributesHandle = std::unique_ptr<sftp_attributes_struct, SftpAttributesDeleter>;

// An event loop over one session; gives the session back when it goes.
class SessionEvent {
 public:
  explicit SessionEvent(ssh_session session) : session_(session), event_(ssh_event_new()) {
    ssh_event_add_session(event_, session_);
  }
  SessionEvent(const SessionEvent&) = delete;
  SessionEvent& operator=(const SessionEvent&) = delete;
  ~SessionEvent() {
    ssh_event_remove_session(event_, session_);
    ssh_event_free(event_);
  }

  // Handles what has arrived, waiting `millis` for it: SSH_OK, SSH_AGAIN (nothing came) or
  // SSH_ERROR (the link is gone).
  int Poll(int millis) { return ssh_event_dopoll(event_, millis); }

 private:
  ssh_session session_;
  ssh_event event_;
};

}  // namespace syncgate
