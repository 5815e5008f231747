#pragma once

#include "common/harness.h"

namespace syncgate {

// The step `rollback`: README.md in this folder says what goes in and comes out.
StepSpec RollbackStep();

}  // namespace syncgate
