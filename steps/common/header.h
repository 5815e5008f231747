// The part every artifact begins with.
#pragma once

#include <string>

#include "artifact/documents.h"
#include "core/result.h"

namespace syncgate {

// kind, tool, run and time filled in; result "success".
Header NewHeader(const std::string& kind);

// Who let this run go ahead: SYNCGATE_APPROVED_BY where the pipeline asked its CI system, who
// started a manual job of GitLab or a workflow_dispatch of GitHub, or who typed the command. A run
// that a push started was approved by nobody that its environment names.
Approval CurrentApproval();

// The stable word for an error in a header's `result`.
std::string ResultWord(const Error& error);

// An error as a diagnostic of an artifact: our words, without what the server said.
Diagnostic ToDiagnostic(const Error& error);

}  // namespace syncgate
