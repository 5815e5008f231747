#include "common/header.h"

#include "host/clock.h"
#include "host/environment.h"

namespace syncgate {

Header NewHeader(const std::string& kind) {
  Header header;
  header.kind = kind;
  header.tool = "syncgate " SYNCGATE_VERSION;
  const CiRun run = CurrentCiRun();
  header.run = {run.provider, run.id, run.url, run.actor, run.commit};
  header.created_at = UtcNow();
  header.result = "success";
  return header;
}

std::string ResultWord(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kRefused:
      return "refused";
    case ErrorKind::kInterrupted:
      return "interrupted";
    default:
      return "failed";
  }
}

Diagnostic ToDiagnostic(const Error& error) {
  return {error.code, error.kind == ErrorKind::kRefused ? Severity::kRefusal : Severity::kError,
          error.message, error.hint};
}

}  // namespace syncgate
