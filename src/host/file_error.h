// errno of a file operation as an Error of kind kFailed: "file-absent", "file-permission",
// "file-exists", "file-no-space" or "file-failed".
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace syncgate {

// `deed` is a verb phrase: "read", "write to", "rename".
std::unexpected<Error> FailFile(std::string_view deed, const std::string& path, int error_number);

}  // namespace syncgate
