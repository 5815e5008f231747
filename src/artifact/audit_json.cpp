#include <boost/json.hpp>

#include "artifact/audit.h"
#include "artifact/fields_common.h"
#include "json/json.h"

namespace syncgate {

template <typename A>
void Fields(A& archive, Of<AuditFinding> auto& finding) {
  archive.Prose("file", finding.file)("code", finding.code).Prose("message", finding.message);
}

template <typename A>
void Fields(A& archive, Of<AuditEntry> auto& entry) {
  archive.Prose("file", entry.file)("kind", entry.kind)("sha256", entry.sha256);
  archive.Unless(entry.node.empty(), "node", entry.node);
  archive.Unless(entry.direction.empty(), "direction", entry.direction);
  archive.Unless(entry.sealed_by.empty(), "key_id", entry.sealed_by);
  archive("run", entry.run)("created_at", entry.created_at)("result", entry.result);
  archive("target_state", entry.target_state).Prose("summary", entry.summary);
  if (entry.approval) {
    archive.Prose("approved_by", entry.approval->by)("approved_how", entry.approval->how);
  }
  if (entry.kind == "receipt") archive.Prose("override_reason", entry.override_reason);
  archive("files", entry.files);
}

std::string ToJsonText(const AuditReport& report) {
  JsonWriter writer;
  writer("kind", std::string("audit"))("whole", report.findings.empty());
  writer.Unless(report.plan_digest.empty(), "plan_digest", report.plan_digest);
  writer("files", report.files)("key_ids", report.keys)("entries", report.entries);
  writer("findings", report.findings);
  boost::json::object object = writer.Take();
  boost::json::array& notes = object["notes"].emplace_array();
  for (const std::string& note : report.notes) notes.emplace_back(ToUtf8(note));
  return PrettyJson(object);
}

}  // namespace syncgate
