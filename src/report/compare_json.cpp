#include "artifact/fields_common.h"
#include "json/json.h"
#include "report/compare_report.h"

namespace syncgate {

template <typename A>
void Fields(A& archive, Of<Remark> auto& remark) {
  archive.Unless(remark.node.empty(), "node", remark.node);
  if (!remark.table.empty()) archive.Prose("table", remark.table);
  Fields(archive, remark.diagnostic);
}

template <typename A>
void Fields(A& archive, Of<SecretFinding> auto& secret) {
  archive("key", secret.key)("state", secret.state);
}

template <typename A>
void Fields(A& archive, Of<ConfigReport> auto& config) {
  archive("config", config.config)("target", config.target)("format", config.format);
  archive("changed", config.changed)("added", config.added)("removed", config.removed);
  archive("kept", config.kept)("secrets", config.secrets);
}

template <typename A>
void Fields(A& archive, Of<TableReport> auto& table) {
  archive("table", table.table)("status", table.status)("deletes", table.deletes);
  archive("source_rows", table.counts.source_rows)("node_rows", table.counts.node_rows);
  archive("missing", table.counts.missing)("mismatched", table.counts.mismatched);
  archive("extra", table.counts.extra)("unstable", table.counts.unstable);
}

template <typename A>
void Fields(A& archive, Of<NodeReport> auto& node) {
  archive("node", node.node);
  archive.Unless(node.ad_hoc_host.empty(), "ad_hoc_host", node.ad_hoc_host);
  archive("tables", node.tables)("configs", node.configs);
}

std::string CompareJson(const CompareReport& report) {
  JsonWriter writer;
  writer("$schema", std::string("https://syncgate.dev/schemas/report.v1.schema.json"));
  writer("kind", std::string("report"))("format_version", 1);
  writer("tool", report.tool)("run", report.run)("created_at", report.created_at);
  writer("result", report.result).Prose("summary", report.summary)("quick", report.quick);
  writer("has_data", report.has_data)("has_configs", report.has_configs);
  writer("refusals", report.refusals)("remarks", report.remarks)("nodes", report.nodes);
  return PrettyJson(writer.Take());
}

}  // namespace syncgate
