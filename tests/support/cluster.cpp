#include "support/cluster.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace syncgate::test {
namespace fs = std::filesystem;
namespace {

constexpr char kScript[] = SYNCGATE_SOURCE_DIR "/tests/support/cluster";
constexpr int kNotInstalled = 69;

}  // namespace

Cluster::Cluster(const std::string& sandbox) {
  std::string pattern = (fs::temp_directory_path() / "syncgate-cluster.XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp " + pattern);
  directory_ = pattern;
  std::string said;
  const int code = Script("prepare --sandbox '" + sandbox + "'", &said);
  if (code != 0) {
    Clean();
    if (code != kNotInstalled) throw std::runtime_error(said);
    missing_ = said;
    return;
  }
  try {
    Start("a", true);
    Start("b");
  } catch (...) {
    Clean();
    throw;
  }
}

Cluster::~Cluster() { Clean(); }

void Cluster::Clean() {
  while (!members_.empty()) Kill(members_.begin()->first);
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
  directory_.clear();
}

void Cluster::Kill(const std::string& member) {
  const auto found = members_.find(member);
  if (found == members_.end()) return;
  ::kill(found->second, SIGKILL);
  ::waitpid(found->second, nullptr, 0);
  members_.erase(found);
}

void Cluster::Start(const std::string& member, bool first) {
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("fork");
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    ::setpgid(0, 0);
    ::execl(kScript, kScript, "run", member.c_str(), "--dir", directory_.c_str(),
            first ? "--first" : nullptr, nullptr);
    ::_exit(127);
  }
  members_[member] = pid;
  std::string said;
  if (Script("await " + member + (first ? " --first" : ""), &said) != 0) {
    throw std::runtime_error(said);
  }
}

int Cluster::Script(const std::string& arguments, std::string* said) const {
  const std::string command =
      std::string("'") + kScript + "' " + arguments + " --dir '" + directory_ + "' 2>&1";
  FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) throw std::runtime_error("popen");
  char buffer[4096];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) {
    if (said != nullptr) said->append(buffer, got);
  }
  const int status = ::pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace syncgate::test
