#include "core/fault.h"

#ifdef SYNCGATE_FAULTS
#include <csignal>
#include <cstdlib>
#include <map>
#include <string>

namespace syncgate {

void FaultPoint(const char* point) {
  static std::map<std::string, int> reached;
  const char* wish = std::getenv("SYNCGATE_FAULT");
  if (wish == nullptr) return;
  const std::string text(wish);
  const auto first = text.find(':');
  const auto second = text.find(':', first + 1);
  if (first == std::string::npos || second == std::string::npos) return;
  if (text.substr(0, first) != point) return;
  if (++reached[point] != std::atoi(text.substr(first + 1, second - first - 1).c_str())) return;
  const std::string action = text.substr(second + 1);
  if (action == "kill") {
    std::raise(SIGKILL);
  } else if (action == "term") {
    std::raise(SIGTERM);
  } else if (std::system(action.c_str()) != 0) {
    std::abort();  // a test whose fault could not be made must not pass
  }
}

}  // namespace syncgate
#endif
