#include "audit/run.h"

#include <cstdio>
#include <cxxopts.hpp>

#include "artifact/audit.h"
#include "audit/report.h"
#include "common/messages.h"

namespace syncgate {
namespace {

constexpr char kExamples[] =
    "  syncgate audit syncgate-artifacts                   # the chain, and whether it holds\n"
    "  syncgate audit downloaded --format json\n"
    "  syncgate audit --decrypt plan/node1/0001-update-t.sql   # with SYNCGATE_ARTIFACT_KEY\n";

void AddOptions(cxxopts::Options& options) {
  options.add_options("audit")("format", "text or json, on stdout",
                               cxxopts::value<std::string>()->default_value("text"), "FORMAT")(
      "decrypt", "write the plain text of one encrypted artifact to stdout",
      cxxopts::value<std::string>(),
      "FILE")("dir", "the artifacts directory", cxxopts::value<std::string>(), "DIR");
  options.parse_positional({"dir"});
  options.positional_help("[DIR]");
}

Result<void> Print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return {};
  return Fail(ErrorKind::kFailed, "file-failed", "stdout could not be written", "make room for it");
}

Result<void> Flush() {
  if (std::fflush(stdout) == 0) return {};
  return Fail(ErrorKind::kFailed, "file-failed", "stdout could not be written", "make room for it");
}

Result<ExitCode> Run(const std::string& dir, const std::string& format) {
  if (format != "text" && format != "json") {
    return Fail(ErrorKind::kUsage, "option-value", "--format takes text or json, not " + format,
                "correct the option");
  }
  const AuditReport report = TRY(AuditStore(dir));
  TRY(Print(format == "json" ? ToJsonText(report) : AuditText(report)));
  TRY(Flush());
  for (const AuditFinding& finding : report.findings) {
    Say(Error{ErrorKind::kBadArtifact,
              finding.code,
              finding.file + ": " + finding.message,
              "fetch the artifacts of the run again; what still differs was edited",
              {}});
  }
  return report.findings.empty() ? kExitSuccess : kExitBadArtifact;
}

}  // namespace

StepSpec AuditStep() {
  return {"audit",
          "Prints the chain of a run's artifacts and verifies every digest in it; changes nothing.",
          kExamples, AddOptions,
          [](const CommonOptions& options, const cxxopts::ParseResult& parsed) -> Result<ExitCode> {
            const std::string dir =
                parsed.count("dir") > 0 ? parsed["dir"].as<std::string>() : options.artifacts;
            if (parsed.count("decrypt") > 0) {
              TRY(DecryptArtifact(dir, parsed["decrypt"].as<std::string>(), Print));
              TRY(Flush());
              return kExitSuccess;
            }
            return Run(dir, parsed["format"].as<std::string>());
          }};
}

}  // namespace syncgate
