#include "artifact/document_json.h"
#include "artifact/fields_common.h"

namespace syncgate {

template <typename A>
void Fields(A& archive, Of<ServerFacts> auto& server) {
  archive("flavor", server.flavor)("version", server.version)("identity", server.identity);
  archive("database", server.database)("binlog_format", server.binlog_format);
  archive("read_only", server.read_only)("replicates_from", server.replicates_from);
}

template <typename A>
void Fields(A& archive, Of<TableCounts> auto& counts) {
  archive("source_rows", counts.source_rows)("node_rows", counts.node_rows);
  archive("missing", counts.missing)("mismatched", counts.mismatched);
  archive("extra", counts.extra)("unstable", counts.unstable);
}

template <typename A>
void Fields(A& archive, Of<TableDiff> auto& table) {
  archive("table", table.table)("status", table.status)("engine", table.engine);
  archive("key_index", table.key_index)("key", table.key)("columns", table.columns);
  archive("ignored", table.ignored)("ignored_required", table.ignored_required);
  archive("ignored_on_update", table.ignored_on_update)("where", table.where);
  archive("deletes", table.deletes);
  archive("row_estimate", table.row_estimate)("triggers", table.triggers);
  archive("parents", table.parents)("counts", table.counts)("diagnostics", table.diagnostics);
}

template <typename A>
void Fields(A& archive, Of<ConfigDiffDoc> auto& config) {
  archive("config", config.config)("target", config.target)("format", config.format);
  archive("before_digest", config.before_digest)("after_digest", config.after_digest);
  archive("changes", config.changes);
}

template <typename A>
void Fields(A& archive, Of<NodeDiff> auto& node) {
  archive("node", node.node).Unless(node.server.flavor.empty(), "server", node.server);
  archive("tables", node.tables)("configs", node.configs)("rows", node.rows);
}

template <typename A>
void Fields(A& archive, Of<DiffDoc> auto& doc) {
  archive("project_digest", doc.project_digest)("quick", doc.quick);
  archive("has_data", doc.has_data)("has_configs", doc.has_configs);
  archive.Unless(doc.source.flavor.empty(), "source", doc.source)("nodes", doc.nodes);
}

boost::json::object ToJson(const DiffDoc& doc) {
  JsonWriter writer;
  Fields(writer, doc.header);
  Fields(writer, doc);
  return writer.Take();
}

void FromJson(const boost::json::object& object, DiffDoc* doc) {
  JsonReader reader(object);
  Fields(reader, doc->header);
  Fields(reader, *doc);
}

}  // namespace syncgate
