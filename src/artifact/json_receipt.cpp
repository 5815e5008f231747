#include "artifact/document_json.h"
#include "artifact/fields_common.h"

namespace syncgate {

template <typename A>
void Fields(A& archive, Of<ConfigOutcome> auto& config) {
  archive("config", config.config)("target", config.target)("state", config.state);
  archive("backup", config.backup)("before_digest", config.before_digest);
  archive("after_digest", config.after_digest)("restarted", config.restarted);
}

template <typename A>
void Fields(A& archive, Of<Approval> auto& approval) {
  archive.Prose("by", approval.by)("how", approval.how);
}

template <typename A>
void Fields(A& archive, Of<ReceiptDoc> auto& doc) {
  archive("node", doc.node)("plan_digest", doc.plan_digest)("direction", doc.direction);
  archive("sequence", doc.sequence)("dry_run", doc.dry_run)("verified", doc.verified);
  archive("batches_total", doc.batches_total)("batches_done", doc.batches_done);
  archive("moved", doc.moved)("already", doc.already)("drifted", doc.drifted);
  archive("rows", doc.rows)("journal", doc.journal)("configs", doc.configs);
  archive.Prose("override_reason", doc.override_reason)("approval", doc.approval);
}

boost::json::object ToJson(const ReceiptDoc& doc) {
  JsonWriter writer;
  Fields(writer, doc.header);
  Fields(writer, doc);
  return writer.Take();
}

void FromJson(const boost::json::object& object, ReceiptDoc* doc) {
  JsonReader reader(object);
  Fields(reader, doc->header);
  Fields(reader, *doc);
}

}  // namespace syncgate
