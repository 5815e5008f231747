// A real sshd on a loopback port, with keys of its own in a temporary directory. Needs
// openssh-server and, for files of other owners, root.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ssh/target.h"

namespace syncgate {

// A directory that goes with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Runs a shell line; its exit status and, in *output, what it prints.
int Shell(const std::string& line, std::string* output = nullptr);
void WriteText(const std::string& path, const std::string& text);
std::string ReadText(const std::string& path);
std::uint16_t FreePort();

struct SshdOptions {
  std::vector<std::string> host_keys = {"ed25519"};
  std::string sftp = "/usr/lib/openssh/sftp-server";  // "" for none
  std::string extra;                                  // more lines of sshd_config
  std::string user;                                   // who logs in; empty: who runs the tests
  // Shell lines that run first, in a mount namespace of sshd's own, so that they can put files over
  // those of the machine (users, sudoers) which nobody else sees. Wants root.
  std::string private_mounts;
};

class Sshd {
 public:
  explicit Sshd(const SshdOptions& options = {});
  Sshd(const Sshd&) = delete;
  Sshd& operator=(const Sshd&) = delete;
  ~Sshd();  // ends it, by its pid, and the logins it serves

  // A login that works: the right key, a known_hosts file with all host keys.
  SshTarget Target() const;
  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }
  const TemporaryDirectory& directory() const { return directory_; }
  std::string KnownHostsLine(const std::string& type) const;
  // Pids of the processes that serve logins now.
  std::vector<pid_t> Serving() const;

 private:
  TemporaryDirectory directory_;
  std::uint16_t port_;
  std::string user_;
  pid_t pid_ = 0;
};

}  // namespace syncgate
