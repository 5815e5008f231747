// The artifacts directory, made and held by one step at a time.
#pragma once

#include <string>

#include "core/names.h"
#include "core/result.h"
#include "host/files.h"

namespace syncgate {

// Makes the directory if need be. `scope` is what two steps may not do at once in it: a node's
// name, or "plan" for what compare and generate-sql write. Held by another process: kTryLater
// "artifacts-locked".
Result<FileLock> HoldStore(const std::string& artifacts, const std::string& scope);

}  // namespace syncgate
