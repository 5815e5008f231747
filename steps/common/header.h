// The part every artifact begins with.
#pragma once

#include <string>

#include "artifact/documents.h"
#include "core/result.h"

namespace syncgate {

// kind, tool, run and time filled in; result "success".
Header NewHeader(const std::string& kind);

// The stable word for an error in a header's `result`.
std::string ResultWord(const Error& error);

// An error as a diagnostic of an artifact: our words, without what the server said.
Diagnostic ToDiagnostic(const Error& error);

}  // namespace syncgate
