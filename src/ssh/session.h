// One login over SSH. Used by one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "ssh/target.h"

struct ssh_session_struct;

namespace syncgate {

class SshSession {
 public:
  // Connects, checks the host key against target.known_hosts and only then logs in. No
  // configuration file of OpenSSH is read. Errors:
  //   kTryLater    ssh-unreachable (also DNS and a silent server); behind a jump host
  //   ssh-forward-refused
  //                and ssh-timeout
  //   kRefused     ssh-host-key-unknown, ssh-host-key-changed, ssh-host-key-revoked
  //   kFixProject  ssh-known-hosts-missing, ssh-known-hosts-unreadable, ssh-host-invalid,
  //                ssh-no-credential, ssh-key-unreadable, ssh-auth-failed,
  //                ssh-forward-prohibited
  static Result<std::unique_ptr<SshSession>> Connect(const SshTarget& target);
  SshSession(const SshSession&) = delete;
  SshSession& operator=(const SshSession&) = delete;
  ~SshSession();

  // For the code in ssh/ only.
  ssh_session_struct* raw() const;
  // The socket below, open as long as this object, also after the link was lost.
  int socket() const;
  const std::string& where() const;  // "user@host:port", for messages
  // kTryLater: "ssh-timeout" or "ssh-link-lost", with libssh's own words.
  Error LinkError(bool timed_out) const;

 private:
  struct Parts;
  explicit SshSession(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace syncgate
