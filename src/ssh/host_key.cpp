#include "ssh/host_key.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include "ssh/handles.h"

namespace syncgate {
namespace {

std::string PlaceOf(const SshTarget& target) {
  return target.host + ":" + std::to_string(target.port);
}

KeyHandle ServerKey(ssh_session session) {
  ssh_key key = nullptr;
  ssh_get_server_publickey(session, &key);
  return KeyHandle(key);
}

// "ssh-ed25519 SHA256:..." as `ssh-keygen -l` prints it.
std::string Fingerprint(ssh_key key) {
  unsigned char* hash = nullptr;
  std::size_t size = 0;
  if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) != 0) return "?";
  char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size);
  ssh_clean_pubkey_hash(&hash);
  std::string fingerprint =
      std::string(ssh_key_type_to_char(ssh_key_type(key))) + " " + (text == nullptr ? "?" : text);
  ssh_string_free_char(text);
  return fingerprint;
}

// libssh skips lines with a marker: a key that stands under @revoked and elsewhere would pass.
bool IsRevoked(ssh_key key, const std::string& known_hosts) {
  char* text = nullptr;
  if (ssh_pki_export_pubkey_base64(key, &text) != SSH_OK) return true;
  const std::string base64 = text;
  ssh_string_free_char(text);
  std::ifstream file(known_hosts);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("@revoked") && line.find(base64) != std::string::npos) return true;
  }
  return false;
}

std::unexpected<Error> Unknown(const SshTarget& target, const std::string& key, bool other_type) {
  std::string message =
      "The host key of " + PlaceOf(target) + " (" + key + ") is not in " + target.known_hosts + ".";
  if (other_type) message += " A key of another type is there for this host.";
  return Fail(ErrorKind::kRefused, "ssh-host-key-unknown", std::move(message),
              "Compare the fingerprint with one from a trusted place (on the host: ssh-keygen -lf "
              "/etc/ssh/ssh_host_ed25519_key.pub), then: ssh-keyscan -p " +
                  std::to_string(target.port) + " " + target.host + " >> " + target.known_hosts);
}

std::unexpected<Error> Changed(const SshTarget& target, const std::string& key) {
  return Fail(ErrorKind::kRefused, "ssh-host-key-changed",
              "The host key of " + PlaceOf(target) + " (" + key + ") is not the one in " +
                  target.known_hosts + ": the host was set up anew, or somebody is in between.",
              "Find out which. Only if the host was set up anew, replace its lines in the file "
              "after comparing the fingerprint with one from a trusted place.");
}

}  // namespace

Result<void> CheckKnownHostsFile(const SshTarget& target) {
  if (!target.known_hosts.empty() && std::ifstream(target.known_hosts).good()) return {};
  const std::string why =
      target.known_hosts.empty() ? "is not named" : std::generic_category().message(errno);
  return Fail(ErrorKind::kFixProject, "ssh-known-hosts-missing",
              "The known_hosts file " + target.known_hosts + " for " + PlaceOf(target) +
                  " cannot be read: " + why + ".",
              "Name a file with the host's key in `known_hosts`; ssh-keyscan -p " +
                  std::to_string(target.port) + " " + target.host +
                  " prints one, whose fingerprint is to be compared with the host's own.");
}

Result<void> CheckHostKey(ssh_session_struct* session, const SshTarget& target) {
  const KeyHandle key = ServerKey(session);
  const std::string fingerprint = key ? Fingerprint(key.get()) : "no key";
  switch (ssh_session_is_known_server(session)) {
    case SSH_KNOWN_HOSTS_OK:
      if (key && !IsRevoked(key.get(), target.known_hosts)) return {};
      return Fail(ErrorKind::kRefused, "ssh-host-key-revoked",
                  "The host key of " + PlaceOf(target) + " (" + fingerprint + ") is revoked in " +
                      target.known_hosts + ".",
                  "Give the host a new key.");
    case SSH_KNOWN_HOSTS_CHANGED:
      return Changed(target, fingerprint);
    case SSH_KNOWN_HOSTS_OTHER:
      return Unknown(target, fingerprint, true);
    case SSH_KNOWN_HOSTS_NOT_FOUND:
    case SSH_KNOWN_HOSTS_UNKNOWN:
      return Unknown(target, fingerprint, false);
    case SSH_KNOWN_HOSTS_ERROR:
      break;
  }
  return Fail(ErrorKind::kFixProject, "ssh-known-hosts-unreadable",
              "The known_hosts file " + target.known_hosts + " has a line that cannot be read.",
              "Look for broken lines with ssh-keygen -lf " + target.known_hosts + ".");
}

}  // namespace syncgate
