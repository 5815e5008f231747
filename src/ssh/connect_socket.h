#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/result.h"
#include "core/unique_fd.h"

namespace syncgate {

// A non-blocking TCP connection to host:port within `timeout`, name resolution included, else
// kTryLater "ssh-unreachable". Small packets leave at once; a peer that is gone is noticed within
// 30 seconds.
Result<UniqueFd> ConnectSocket(const std::string& host, std::uint16_t port,
                               std::chrono::milliseconds timeout);

}  // namespace syncgate
