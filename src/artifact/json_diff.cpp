#include "artifact/document_json.h"
#include "artifact/fields_common.h"

namespace syncgate {

template <typename A>
void Fields(A& archive, Of<ServerFacts> auto& server) {
  archive("flavor", server.flavor)("version", server.version)("identity", server.identity);
  archive("database", server.database)("binlog_format", server.binlog_format);
  archive("read_only", server.read_only)("replicates_from", server.replicates_from);
  archive.Unless(server.max_allowed_packet == 0, "max_allowed_packet", server.max_allowed_packet);
  archive.Unless(server.children_visible, "children_visible", server.children_visible);
  archive.Unless(server.same_server_as.empty(), "same_server_as", server.same_server_as);
}

template <typename A>
void Fields(A& archive, Of<UniqueKeyDoc> auto& key) {
  archive("index", key.index)("columns", key.columns)("nullable", key.nullable)("kind", key.kind);
}

template <typename A>
void Fields(A& archive, Of<ForeignKey> auto& key) {
  archive("name", key.name)("columns", key.columns)("other_database", key.parent_schema);
  archive("other_table", key.parent)("other_columns", key.parent_columns);
  archive("on_delete", key.on_delete)("on_update", key.on_update);
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
  archive.Unless(table.unique_keys.empty(), "unique_keys", table.unique_keys);
  archive.Unless(table.foreign_keys.empty(), "foreign_keys", table.foreign_keys);
  archive.Unless(table.referenced_by.empty(), "referenced_by", table.referenced_by);
  archive.Unless(table.missing_rights.empty(), "missing_rights", table.missing_rights);
  archive.Unless(table.sensitive.empty(), "sensitive", table.sensitive);
  archive("counts", table.counts)("diagnostics", table.diagnostics);
}

template <typename A>
void Fields(A& archive, Of<ConfigDiffDoc> auto& config) {
  archive("config", config.config)("target", config.target)("format", config.format);
  archive("before_digest", config.before_digest)("after_digest", config.after_digest);
  archive("changes", config.changes);
  archive.Unless(config.kept.empty(), "kept", config.kept);
  archive.Unless(config.same_secrets.empty(), "same_secrets", config.same_secrets);
}

template <typename A>
void Fields(A& archive, Of<NodeDiff> auto& node) {
  archive("node", node.node);
  archive.Unless(node.ad_hoc_host.empty(), "ad_hoc_host", node.ad_hoc_host);
  archive.Unless(node.server.flavor.empty(), "server", node.server);
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
