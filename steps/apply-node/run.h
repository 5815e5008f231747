#pragma once

#include "common/harness.h"

namespace syncgate {

// The step `apply-node`: README.md in this folder says what goes in and comes out.
StepSpec ApplyNodeStep();

}  // namespace syncgate
