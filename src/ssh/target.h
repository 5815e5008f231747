// Where and as whom to log in; project/ fills it in from an `ssh:` block of syncgate.yml.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "core/secret.h"

namespace syncgate {

// Exactly one credential is used: key_file, key_text, password or the agent. With none of them set
// the agent of SSH_AUTH_SOCK is used where there is one; the keys in ~/.ssh are never tried
// unasked.
struct SshTarget {
  std::string host;
  std::uint16_t port = 22;
  std::string user;      // empty: the local user's name
  std::string key_file;  // a private key without passphrase, OpenSSH or PEM
  Secret key_text;       // the text of such a key, from an environment variable
  Secret password;
  bool agent = false;
  std::string known_hosts;                // the only file a host key is looked up in
  std::shared_ptr<const SshTarget> jump;  // logs in there first and goes on from there
  // For the whole of connecting: TCP, key exchange, login. A jump host has its own.
  std::chrono::milliseconds connect_timeout{10000};
};

}  // namespace syncgate
