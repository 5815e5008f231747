#pragma once

#include <string>

namespace syncgate {

// Now, as RFC 3339 in whole seconds: "2026-11-22T20:45:41Z".
std::string UtcNow();

}  // namespace syncgate
