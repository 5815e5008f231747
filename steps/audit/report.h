// An audit for people, on stdout.
#pragma once

#include <string>

#include "artifact/audit.h"

namespace syncgate {

// One block a document, then notes and findings. Every text in it comes from a file: none can start
// a line of its own.
std::string AuditText(const AuditReport& report);

}  // namespace syncgate
