// A child process with pipes in place of its output.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/unique_fd.h"

namespace syncgate {

struct Pipe {
  UniqueFd read_end;  // does not block
  UniqueFd write_end;
};
std::optional<Pipe> MakePipe();

struct SpawnWish {
  int input = -1;  // -1: /dev/null
  int output = -1;
  int errors = -1;
  std::string directory;  // empty: ours
  std::map<std::string, std::string> environment;
};

// Starts argv in a process group of its own, with no signal
// blocked or ignored. 0 or an errno.
int Spawn(const std::vector<std::string>& argv, const SpawnWish& wish, pid_t* child);

}  // namespace syncgate
