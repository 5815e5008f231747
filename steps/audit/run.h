#pragma once

#include "common/harness.h"

namespace syncgate {

// The step `audit`: README.md in this folder says what goes in and comes out.
StepSpec AuditStep();

}  // namespace syncgate
