#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/result.h"
#include "core/unique_fd.h"

namespace syncgate {

// A connected, blocking TCP socket; kTryLater "unreachable" where none is had within `timeout` per
// address (name resolution takes its own time).
Result<UniqueFd> DialTcp(const std::string& host, std::uint16_t port,
                         std::chrono::milliseconds timeout);

}  // namespace syncgate
