#include "ssh/authenticate.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "ssh/handles.h"

namespace syncgate {
namespace {

enum class Credential : std::uint8_t { kKeyFile, kKeyText, kPassword, kAgent };

// A server that keeps asking is given up.
constexpr int kMaxQuestions = 4;

bool HasAgentSocket() {
  const char* path = std::getenv("SSH_AUTH_SOCK");
  return path != nullptr && *path != '\0';
}

std::string PlaceOf(const SshTarget& target) {
  return target.host + ":" + std::to_string(target.port);
}

Result<Credential> CredentialOf(const SshTarget& target) {
  const int given = static_cast<int>(!target.key_file.empty()) +
                    static_cast<int>(!target.key_text.empty()) +
                    static_cast<int>(!target.password.empty()) + static_cast<int>(target.agent);
  if (given > 1) {
    return Fail(ErrorKind::kFixProject, "ssh-no-credential",
                "More than one way to log in to " + PlaceOf(target) + " is given.",
                "Keep one of key_file, key_env, password_env and agent.");
  }
  if (!target.key_file.empty()) return Credential::kKeyFile;
  if (!target.key_text.empty()) return Credential::kKeyText;
  if (!target.password.empty()) return Credential::kPassword;
  if (HasAgentSocket()) return Credential::kAgent;
  return Fail(ErrorKind::kFixProject, "ssh-no-credential",
              target.agent ? "The ssh agent is to log in to " + PlaceOf(target) +
                                 ", but SSH_AUTH_SOCK is not set."
                           : "There is no way to log in to " + PlaceOf(target) + ".",
              "Set key_file, key_env or password_env under `ssh`, or start an ssh-agent.");
}

std::unexpected<Error> KeyUnreadable(const std::string& what, const std::string& why) {
  return Fail(ErrorKind::kFixProject, "ssh-key-unreadable", what + " " + why + ".",
              "Give a private key without passphrase in OpenSSH or PEM format, or use the agent.");
}

// libssh asks for the passphrase of an encrypted key: notes that, and has none.
int NoPassphrase(const char*, char*, std::size_t, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

Result<KeyHandle> KeyFromFile(const std::string& path) {
  ssh_key key = nullptr;
  bool asked = false;
  const int rc = ssh_pki_import_privkey_file(path.c_str(), nullptr, NoPassphrase, &asked, &key);
  if (rc == SSH_OK) return KeyHandle(key);
  const std::string what = "The key file " + path;
  if (rc == SSH_EOF) return KeyUnreadable(what, "is not there or may not be read");
  if (asked) return KeyUnreadable(what, "is encrypted with a passphrase");
  return KeyUnreadable(what, "is not a private key that can be read");
}

// CI systems take the last line end off a variable, or turn line ends into CR LF.
Secret NormalisedKeyText(const Secret& text) {
  std::string lines = text.Reveal();
  std::erase(lines, '\r');
  if (!lines.ends_with('\n')) lines += '\n';
  return Secret(std::move(lines));
}

Result<KeyHandle> KeyFromText(const Secret& text) {
  ssh_key key = nullptr;
  bool asked = false;
  const Secret lines = NormalisedKeyText(text);
  const int rc =
      ssh_pki_import_privkey_base64(lines.Reveal().c_str(), nullptr, NoPassphrase, &asked, &key);
  if (rc == SSH_OK) return KeyHandle(key);
  const std::string what = "The key in the environment variable";
  if (asked) return KeyUnreadable(what, "is encrypted with a passphrase");
  return KeyUnreadable(what, "is not a private key that can be read");
}

Result<KeyHandle> LoadKey(const SshTarget& target, Credential credential) {
  return credential == Credential::kKeyFile ? KeyFromFile(target.key_file)
                                            : KeyFromText(target.key_text);
}

// A server may ask for the password as a question (keyboard-interactive) instead.
int AnswerQuestions(ssh_session session, const Secret& password) {
  int rc = ssh_userauth_kbdint(session, nullptr, nullptr);
  for (int round = 0; rc == SSH_AUTH_INFO && round < kMaxQuestions; ++round) {
    const int prompts = ssh_userauth_kbdint_getnprompts(session);
    for (int i = 0; i < prompts; ++i) {
      char echo = 0;
      ssh_userauth_kbdint_getprompt(session, static_cast<unsigned>(i), &echo);
      // What is shown while typed is no password.
      const char* answer = echo != 0 ? "" : password.Reveal().c_str();
      if (ssh_userauth_kbdint_setanswer(session, static_cast<unsigned>(i), answer) < 0) {
        return SSH_AUTH_ERROR;
      }
    }
    rc = ssh_userauth_kbdint(session, nullptr, nullptr);
  }
  return rc;
}

int LogInWithPassword(ssh_session session, const Secret& password) {
  int rc = ssh_userauth_none(session, nullptr);
  if (rc == SSH_AUTH_SUCCESS || rc == SSH_AUTH_ERROR) return rc;
  const int methods = ssh_userauth_list(session, nullptr);
  if ((methods & SSH_AUTH_METHOD_PASSWORD) != 0) {
    rc = ssh_userauth_password(session, nullptr, password.Reveal().c_str());
    if (rc != SSH_AUTH_DENIED) return rc;
  }
  if ((methods & SSH_AUTH_METHOD_INTERACTIVE) != 0) rc = AnswerQuestions(session, password);
  return rc;
}

const char* NameOf(Credential credential) {
  switch (credential) {
    case Credential::kKeyFile:
      return "the key file";
    case Credential::kKeyText:
      return "the key from the environment";
    case Credential::kPassword:
      return "the password";
    case Credential::kAgent:
      return "the keys of the ssh agent";
  }
  return "";
}

}  // namespace

Result<void> CheckCredential(const SshTarget& target) {
  const Credential credential = TRY(CredentialOf(target));
  if (credential == Credential::kKeyFile || credential == Credential::kKeyText) {
    TRY(LoadKey(target, credential));
  }
  return {};
}

Result<void> Authenticate(ssh_session_struct* session, const SshTarget& target) {
  const Credential credential = TRY(CredentialOf(target));
  int rc = SSH_AUTH_ERROR;
  if (credential == Credential::kPassword) {
    rc = LogInWithPassword(session, target.password);
  } else if (credential == Credential::kAgent) {
    rc = ssh_userauth_agent(session, nullptr);
  } else {
    const KeyHandle key = TRY(LoadKey(target, credential));
    rc = ssh_userauth_publickey(session, nullptr, key.get());
  }
  if (rc == SSH_AUTH_SUCCESS) return {};
  if (ssh_is_connected(session) == 0) {
    return Fail(ErrorKind::kTryLater, "ssh-unreachable",
                "The link to " + PlaceOf(target) + " was lost while logging in.",
                "Try again later; the server may limit logins (MaxStartups, MaxAuthTries).");
  }
  const std::string user = target.user.empty() ? "the local user" : target.user;
  std::string message =
      PlaceOf(target) + " does not let " + user + " in with " + NameOf(credential) + ".";
  if (rc == SSH_AUTH_PARTIAL) message += " It wants a second factor as well.";
  return Fail(ErrorKind::kFixProject, "ssh-auth-failed", std::move(message),
              "Check the user's name, and on the host its authorized_keys and sshd's log.");
}

}  // namespace syncgate
