#include "host/executable.h"

#include <unistd.h>

#include <array>
#include <climits>

namespace syncgate {

std::string ExecutableDirectory() {
  std::array<char, PATH_MAX> path;
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0) return ".";
  const std::string whole(path.data(), static_cast<std::size_t>(size));
  return whole.substr(0, whole.find_last_of('/'));
}

}  // namespace syncgate
