#pragma once

#include "common/harness.h"

namespace syncgate {

// The step `compare`: README.md in this folder says what goes in and comes out.
StepSpec CompareStep();

}  // namespace syncgate
