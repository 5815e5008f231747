#include "audit/report.h"

#include "common/messages.h"

namespace syncgate {
namespace {

std::string Line(const std::string& what, const std::string& text) {
  if (text.empty()) return "";
  return "    " + what + std::string(what.size() < 10 ? 10 - what.size() : 1, ' ') + OneLine(text) +
         "\n";
}

std::string RunText(const RunInfo& run) {
  std::string text = run.provider;
  if (!run.id.empty()) text += " run " + run.id;
  if (!run.attempt.empty()) text += " (attempt " + run.attempt + ")";
  if (!run.actor.empty()) text += " started by " + run.actor;
  return text;
}

std::string ApprovalText(const AuditEntry& entry) {
  if (entry.kind != "receipt") return "";
  if (!entry.approval) return "not recorded";
  if (entry.approval->by.empty()) return "by nobody that the run's environment names";
  return "by " + entry.approval->by + " (" + entry.approval->how + ")";
}

std::string EntryText(const AuditEntry& entry) {
  std::string text = OneLine(entry.file) + "\n";
  text += Line("sha256",
               entry.sha256.hex() + (entry.sealed_by.empty() ? "" : "  key " + entry.sealed_by));
  text += Line("written", entry.created_at + ", " + RunText(entry.run));
  text += Line("url", entry.run.url) + Line("commit", entry.run.commit);
  text += Line("result", entry.result + ", target " + entry.target_state + ": " + entry.summary);
  text += Line("approved", ApprovalText(entry));
  text += Line("override", entry.override_reason);
  std::string files;
  if (!entry.files.empty()) {
    files = std::to_string(entry.files.size()) +
            (entry.files.size() == 1 ? " file: " : " files: ") + entry.files.front().path +
            (entry.files.size() > 1 ? ", ..." : "");
  }
  return text + Line("names", files);
}

}  // namespace

std::string AuditText(const AuditReport& report) {
  std::string text;
  for (const AuditEntry& entry : report.entries) text += EntryText(entry);
  if (!report.plan_digest.empty()) text += "plan digest " + report.plan_digest.hex() + "\n";
  for (const std::string& key : report.keys) text += "encrypted with key " + OneLine(key) + "\n";
  for (const std::string& note : report.notes) text += "note: " + OneLine(note) + "\n";
  for (const AuditFinding& finding : report.findings) {
    text += "MISMATCH " + OneLine(finding.file) + ": [" + finding.code + "] " +
            OneLine(finding.message) + "\n";
  }
  text += std::to_string(report.files) + " files are as they were written";
  return text + (report.findings.empty()
                     ? ": the chain holds\n"
                     : ", " + std::to_string(report.findings.size()) + " mismatches\n");
}

}  // namespace syncgate
