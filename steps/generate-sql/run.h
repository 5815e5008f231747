#pragma once

#include "common/harness.h"

namespace syncgate {

// The step `generate-sql`: README.md in this folder says what goes in and comes out.
StepSpec GenerateSqlStep();

}  // namespace syncgate
