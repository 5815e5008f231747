#include "report/compare_report.h"

#include <utility>

namespace syncgate {
namespace {

void Sort(Remark remark, CompareReport* report) {
  const bool refusal = remark.diagnostic.severity == Severity::kRefusal ||
                       remark.diagnostic.severity == Severity::kError;
  (refusal ? report->refusals : report->remarks).push_back(std::move(remark));
}

ConfigReport ReportOf(const ConfigDiffDoc& diff) {
  ConfigReport report;
  report.config = diff.config;
  report.target = diff.target;
  report.format = diff.format;
  for (const ConfigChange& change : diff.changes) {
    if (change.secret) {
      report.secrets.push_back({change.key, "different"});
    } else if (!change.before) {
      report.added.push_back(change);
    } else if (!change.after) {
      report.removed.push_back(change);
    } else {
      report.changed.push_back(change);
    }
  }
  for (const ConfigKey& key : diff.same_secrets) report.secrets.push_back({key, "same"});
  report.kept = diff.kept;
  return report;
}

}  // namespace

CompareReport MakeCompareReport(const DiffDoc& diff) {
  CompareReport report;
  report.tool = diff.header.tool;
  report.run = diff.header.run;
  report.created_at = diff.header.created_at;
  report.result = diff.header.result;
  report.summary = diff.header.summary;
  report.quick = diff.quick;
  report.has_data = diff.has_data;
  report.has_configs = diff.has_configs;
  for (const Diagnostic& diagnostic : diff.header.diagnostics) Sort({"", "", diagnostic}, &report);
  for (const NodeDiff& node : diff.nodes) {
    NodeReport found;
    found.node = node.node;
    found.ad_hoc_host = node.ad_hoc_host;
    for (const TableDiff& table : node.tables) {
      found.tables.push_back({table.table, table.status, table.counts, table.deletes});
      for (const Diagnostic& diagnostic : table.diagnostics) {
        Sort({node.node.str(), table.table.str(), diagnostic}, &report);
      }
    }
    for (const ConfigDiffDoc& config : node.configs) found.configs.push_back(ReportOf(config));
    report.nodes.push_back(std::move(found));
  }
  return report;
}

}  // namespace syncgate
