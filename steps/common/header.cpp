#include "common/header.h"

#include "host/clock.h"
#include "host/environment.h"

namespace syncgate {

Header NewHeader(const std::string& kind) {
  Header header;
  header.kind = kind;
  header.tool = "syncgate " SYNCGATE_VERSION;
  const CiRun run = CurrentCiRun();
  header.run = {run.provider, run.id, run.url, run.actor, run.commit, run.attempt};
  header.created_at = UtcNow();
  header.result = "success";
  return header;
}

Approval CurrentApproval() {
  if (const auto named = GetEnv("SYNCGATE_APPROVED_BY"); named && !named->empty()) {
    return {*named, "named"};
  }
  const CiRun run = CurrentCiRun();
  if (run.provider == "local") return {run.actor, "command-line"};
  if (run.provider == "github" && GetEnv("GITHUB_EVENT_NAME") == "workflow_dispatch") {
    return {run.actor, "dispatch"};
  }
  if (run.provider == "gitlab" && GetEnv("CI_JOB_MANUAL") == "true") {
    return {run.actor, "manual-job"};
  }
  return {"", "none"};
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
