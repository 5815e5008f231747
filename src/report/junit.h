// A verdict as JUnit, the form in which CI systems show tests.
#pragma once

#include <string>

#include "artifact/documents.h"
#include "core/result.h"

namespace syncgate {

// One suite, one case a check. A check that did not pass is a failure with its detail; an error
// that kept checks from being made is a case of its own. What a test wrote is its system-out.
// Characters that XML 1.0 does not know become U+FFFD. The same verdict gives the same bytes.
std::string RenderJunit(const VerdictDoc& verdict);

// The same, written atomically, 0600, to `path` below the artifacts directory. With an artifact key
// without details, outputs and messages, which the verdict has encrypted: the file is plain, for CI
// systems to read.
Result<FileRef> WriteJunit(const std::string& dir, const std::string& path,
                           const VerdictDoc& verdict);

}  // namespace syncgate
