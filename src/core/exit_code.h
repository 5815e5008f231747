// The exit codes: public API, the same for every step (README.md, "Exit codes").
#pragma once

#include "core/result.h"

namespace syncgate {

enum ExitCode : int {
  kExitSuccess = 0,
  kExitFailed = 1,
  kExitDifferences = 2,
  kExitRefused = 3,
  kExitTargetChanged = 4,
  kExitTargetUnknown = 5,
  kExitVerification = 6,
  kExitUsage = 64,
  kExitBadArtifact = 65,
  kExitTryLater = 75,
  kExitFixProject = 78,
  kExitTimeout = 124,
  kExitSigint = 130,
  kExitSigterm = 143,
};

// kInterrupted maps to 130; the harness, which knows the signal, says 124 or 143 where that came.
constexpr ExitCode ExitCodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kFailed:
      return kExitFailed;
    case ErrorKind::kUsage:
      return kExitUsage;
    case ErrorKind::kBadArtifact:
      return kExitBadArtifact;
    case ErrorKind::kFixProject:
      return kExitFixProject;
    case ErrorKind::kRefused:
      return kExitRefused;
    case ErrorKind::kTryLater:
    case ErrorKind::kRetryTransaction:
      return kExitTryLater;
    case ErrorKind::kOutcomeUnknown:
      return kExitTargetUnknown;
    case ErrorKind::kTargetChanged:
      return kExitTargetChanged;
    case ErrorKind::kVerification:
      return kExitVerification;
    case ErrorKind::kInterrupted:
      return kExitSigint;
  }
  return kExitFailed;
}

}  // namespace syncgate
