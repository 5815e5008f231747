#pragma once

#include <string>

namespace syncgate {

// The directory of the running executable, links resolved; "." where /proc is not there.
std::string ExecutableDirectory();

}  // namespace syncgate
