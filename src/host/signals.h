// Being asked to stop: long work looks at a flag between two safe points; nothing is torn down in a
// handler.
#pragma once

#include "core/result.h"

namespace syncgate {

// SIGINT and SIGTERM only set a flag from now on, the second one too: an apply between two
// statements is not to be killed by an impatient Ctrl-C (SIGKILL remains). SIGPIPE is ignored.
// Blocking calls in the main thread return EINTR.
void InstallStopSignals();

// The first of SIGINT and SIGTERM that came, or 0.
int StopSignal();

// For a deadline of our own: as if `signal` had come.
void RequestStop(int signal);

// kInterrupted, "interrupted", once a stop was asked for.
Result<void> CheckStop();

}  // namespace syncgate
