#include "host/spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string_view>

extern char** environ;

namespace syncgate {
namespace {

class SpawnSetup {
 public:
  explicit SpawnSetup(const SpawnWish& wish) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    if (wish.input >= 0) {
      ::posix_spawn_file_actions_adddup2(&actions_, wish.input, 0);
    } else {
      ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    }
    ::posix_spawn_file_actions_adddup2(&actions_, wish.output, 1);
    ::posix_spawn_file_actions_adddup2(&actions_, wish.errors, 2);
    if (!wish.directory.empty()) {
      ::posix_spawn_file_actions_addchdir_np(&actions_, wish.directory.c_str());
    }
    // An ignored SIGPIPE and a blocked signal would be inherited.
    sigset_t defaults;
    ::sigemptyset(&defaults);
    for (int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&defaults, signal);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;
  ~SpawnSetup() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }

  int Spawn(const std::vector<std::string>& argv, char* const* environment, pid_t* child) {
    std::vector<char*> words;
    words.reserve(argv.size() + 1);
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    return ::posix_spawnp(child, words[0], &actions_, &attributes_, words.data(), environment);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// Ours, but for the names that `wanted` gives another value.
std::vector<std::string> EnvironmentWith(const std::map<std::string, std::string>& wanted) {
  std::vector<std::string> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!wanted.contains(std::string(text.substr(0, text.find('='))))) entries.emplace_back(text);
  }
  for (const auto& [name, value] : wanted) entries.emplace_back(name).append("=").append(value);
  return entries;
}

}  // namespace

std::optional<Pipe> MakePipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  Pipe pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return pipe;
}

int Spawn(const std::vector<std::string>& argv, const SpawnWish& wish, pid_t* child) {
  std::vector<std::string> entries = EnvironmentWith(wish.environment);
  std::vector<char*> environment;
  environment.reserve(entries.size() + 1);
  for (std::string& entry : entries) environment.push_back(entry.data());
  environment.push_back(nullptr);
  return SpawnSetup(wish).Spawn(argv, environment.data(), child);
}

}  // namespace syncgate
