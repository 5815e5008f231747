// Named points where tests make a step die or let the world change under it. Compiled to nothing
// unless SYNCGATE_FAULTS is set (CMake), which a release never has.
#pragma once

namespace syncgate {

#ifdef SYNCGATE_FAULTS
// Looks at SYNCGATE_FAULT, "POINT:N:ACTION": at the N-th time (from 1) POINT is reached, ACTION
// happens: "kill" sends SIGKILL to this process, "term" SIGTERM, anything else is run by the shell
// and waited for.
void FaultPoint(const char* point);
#else
inline void FaultPoint(const char*) {}
#endif

}  // namespace syncgate
