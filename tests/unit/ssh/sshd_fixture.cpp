#include "sshd_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace syncgate {
namespace {

std::string UserName() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry == nullptr ? "root" : entry->pw_name;
}

bool Answers(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return connected;
}

std::string Config(const SshdOptions& options, const TemporaryDirectory& directory,
                   std::uint16_t port) {
  std::string text = "ListenAddress 127.0.0.1\nPort " + std::to_string(port) + "\n";
  for (const std::string& type : options.host_keys) {
    text += "HostKey " + directory / ("host_" + type) + "\n";
  }
  text += "AuthorizedKeysFile " + directory / "authorized_keys" + "\nPidFile none\n";
  text += "StrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication yes\n";
  text += "MaxStartups 100\nUseDNS no\n";
  // The developer's .bashrc is neither quick nor quiet.
  text += "SetEnv HOME=" + directory.path() + "\n";
  text += options.extra;
  if (!options.sftp.empty()) text += "Subsystem sftp " + options.sftp + "\n";
  return text;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "syncgate-ssh-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

int Shell(const std::string& line, std::string* output) {
  FILE* pipe = ::popen(line.c_str(), "re");
  if (pipe == nullptr) throw std::runtime_error("popen");
  std::array<char, 4096> piece;
  for (std::size_t got = 0; (got = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;) {
    if (output != nullptr) output->append(piece.data(), got);
  }
  const int status = ::pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

void WriteText(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string ReadText(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::uint16_t FreePort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

Sshd::Sshd(const SshdOptions& options)
    : port_(FreePort()), user_(options.user.empty() ? UserName() : options.user) {
  ::mkdir("/run/sshd", 0755);  // sshd's privilege separation wants it
  for (const std::string& type : options.host_keys) {
    Shell("ssh-keygen -q -t " + type + " -N '' -C host -f " + directory_ / ("host_" + type));
  }
  Shell("ssh-keygen -q -t ed25519 -N '' -C user -f " + directory_ / "user_key");
  WriteText(directory_ / "authorized_keys", ReadText(directory_ / "user_key.pub"));
  std::string known;
  for (const std::string& type : options.host_keys) known += KnownHostsLine(type);
  WriteText(directory_ / "known_hosts", known);
  const std::string config = directory_ / "sshd_config";
  WriteText(config, Config(options, directory_, port_));

  const std::string log = directory_ / "sshd.log";
  std::vector<const char*> words = {"/usr/sbin/sshd", "-D", "-f",
                                    config.c_str(),   "-E", log.c_str()};
  const std::string mounts = "set -e; " + options.private_mounts + "\nexec \"$@\"";
  if (!options.private_mounts.empty()) {
    words.insert(words.begin(), {"/usr/bin/unshare", "-m", "sh", "-c", mounts.c_str(), "sh"});
  }
  words.push_back(nullptr);
  // The descriptors of the test must not live on in sshd.
  if (::posix_spawn(&pid_, words[0], nullptr, nullptr, const_cast<char**>(words.data()), environ) !=
      0) {
    throw std::runtime_error("cannot start sshd");
  }
  for (int i = 0; i < 200; ++i) {
    if (Answers(port_)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  throw std::runtime_error("sshd does not answer: " + ReadText(log));
}

Sshd::~Sshd() {
  for (const pid_t pid : Serving()) ::kill(pid, SIGKILL);
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::vector<pid_t> Sshd::Serving() const {
  std::string output;
  Shell("cat /proc/" + std::to_string(pid_) + "/task/" + std::to_string(pid_) + "/children",
        &output);
  std::istringstream in(output);
  std::vector<pid_t> pids;
  for (pid_t pid = 0; in >> pid;) pids.push_back(pid);
  return pids;
}

std::string Sshd::KnownHostsLine(const std::string& type) const {
  return "[127.0.0.1]:" + std::to_string(port_) + " " +
         ReadText(directory_ / ("host_" + type + ".pub"));
}

SshTarget Sshd::Target() const {
  SshTarget target;
  target.host = "127.0.0.1";
  target.port = port_;
  target.user = user_;
  target.key_file = directory_ / "user_key";
  target.known_hosts = directory_ / "known_hosts";
  return target;
}

}  // namespace syncgate
