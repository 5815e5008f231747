#pragma once

#include "common/harness.h"

namespace syncgate {

// The step `verify-config`: README.md in this folder says what goes in and comes out.
StepSpec VerifyConfigStep();

}  // namespace syncgate
