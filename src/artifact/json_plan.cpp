#include "artifact/document_json.h"
#include "artifact/fields_common.h"
#include "artifact/plan_digest.h"
#include "json/json.h"

namespace syncgate {

template <typename A>
void Fields(A& archive, Of<PlannedStatement> auto& statement) {
  archive("kind", statement.kind)("offset", statement.offset);
  archive("length", statement.length)("rows", statement.rows);
}

template <typename A>
void Fields(A& archive, Of<PlannedBatch> auto& batch) {
  archive("id", batch.id)("table", batch.table)("file", batch.file);
  archive("first_change", batch.first_change)("parked", batch.parked);
  archive("statements", batch.statements);
}

template <typename A>
void Fields(A& archive, Of<PlannedTable> auto& table) {
  archive("table", table.table)("key_index", table.key_index)("key", table.key);
  archive("columns", table.columns)("ignored", table.ignored);
  archive.Unless(table.sensitive.empty(), "sensitive", table.sensitive);
  archive("inserts", table.inserts)("updates", table.updates)("deletes", table.deletes);
}

template <typename A>
void Fields(A& archive, Of<PlannedConfig> auto& config) {
  archive("config", config.config)("target", config.target)("format", config.format);
  archive("before_digest", config.before_digest)("after_digest", config.after_digest);
  archive("changes", config.changes)("validate", config.validate)("restart", config.restart);
  archive("checks", config.checks);
  archive.Unless(config.keep == 0, "keep", config.keep);
  archive.Unless(!config.sudo, "sudo", config.sudo);
}

template <typename A>
void Fields(A& archive, Of<NodePlan> auto& node) {
  archive("node", node.node)("follows", node.follows);
  archive.Unless(node.flavor.empty(), "flavor", node.flavor);
  archive.Unless(node.flavor.empty(), "version", node.version);
  archive("tables", node.tables)("sql_files", node.sql_files);
  archive("reverse_files", node.reverse_files)("changes", node.changes);
  archive("batches", node.batches)("configs", node.configs)("test", node.test);
}

template <typename A>
void Fields(A& archive, Of<PlanDoc> auto& doc) {
  archive("plan_digest", doc.plan_digest)("project_digest", doc.project_digest);
  archive("nodes", doc.nodes).Unless(doc.reviews.empty(), "reviews", doc.reviews);
}

boost::json::object ToJson(const PlanDoc& doc) {
  JsonWriter writer;
  Fields(writer, doc.header);
  Fields(writer, doc);
  return writer.Take();
}

void FromJson(const boost::json::object& object, PlanDoc* doc) {
  JsonReader reader(object);
  Fields(reader, doc->header);
  Fields(reader, *doc);
}

Digest ComputePlanDigest(const PlanDoc& doc) {
  JsonWriter writer;
  writer("project_digest", doc.project_digest)("nodes", doc.nodes);
  return Digest::Of(CanonicalJson(writer.Take()));
}

}  // namespace syncgate
