#include "report/compare_report.h"
#include "report/visible.h"

namespace syncgate {
namespace {

std::string Line(const Remark& remark) {
  std::string line = "- ";
  if (!remark.node.empty()) line += "**" + remark.node + "**: ";
  if (!remark.table.empty()) line += "table " + MarkdownName(remark.table) + ": ";
  line += "`" + remark.diagnostic.code + "` " + MarkdownText(remark.diagnostic.message);
  if (!remark.diagnostic.hint.empty()) line += "; " + MarkdownText(remark.diagnostic.hint);
  return line + "\n";
}

std::string Section(const char* title, const std::vector<Remark>& remarks) {
  if (remarks.empty()) return {};
  std::string text = std::string("\n## ") + title + "\n\n";
  for (const Remark& remark : remarks) text += Line(remark);
  return text;
}

std::string Tables(const std::vector<TableReport>& tables) {
  if (tables.empty()) return {};
  std::string text =
      "\n| table | status | source rows | node rows | missing | mismatched | extra |\n"
      "|---|---|---:|---:|---:|---:|---:|\n";
  for (const TableReport& table : tables) {
    const TableCounts& counts = table.counts;
    text += "| " + MarkdownName(table.table.str()) + " | " + MarkdownText(table.status);
    for (const std::uint64_t number :
         {counts.source_rows, counts.node_rows, counts.missing, counts.mismatched, counts.extra}) {
      text += " | " + std::to_string(number);
    }
    text += counts.extra > 0 && !table.deletes ? " (stay) |\n" : " |\n";
  }
  return text;
}

std::string Code(const std::optional<ShownValue>& value) {
  if (!value) return "(absent)";
  return MarkdownCode(value->text) + (value->note.empty() ? "" : " (" + value->note + ")");
}

// A list, no table: values may hold pipes, and are long.
std::string Config(const ConfigReport& config) {
  std::string text = "\n### Configuration " + MarkdownName(config.config.str()) + "\n\n" +
                     MarkdownName(config.target) + ", " + MarkdownText(config.format) + "\n\n";
  const std::size_t head = text.size();
  const auto add = [&](const char* what, const ConfigKey& key, const std::string& rest) {
    text += std::string("- ") + what + " " +
            MarkdownCode(Visible(key.str(), Backslashes::kDoubled)) + rest + "\n";
  };
  const auto changes = [&](const char* what, const std::vector<ConfigChange>& list) {
    for (const ConfigChange& change : list) {
      const ShownChange shown = ShowChange(change.before, change.after, config.format);
      add(what, change.key, ": " + Code(shown.before) + " → " + Code(shown.after));
    }
  };
  changes("changed", config.changed);
  changes("added", config.added);
  changes("removed", config.removed);
  for (const ConfigKey& key : config.kept) {
    add("kept", key, ": only the node has it; without `deletes: true` it stays");
  }
  for (const SecretFinding& secret : config.secrets) {
    add("secret", secret.key, secret.state == "same" ? ": same" : ": **differs**; never written");
  }
  if (text.size() == head) text += "No difference.\n";
  return text;
}

}  // namespace

std::string CompareMarkdown(const CompareReport& report) {
  std::string text = "# compare\n\nResult: " + MarkdownText(report.summary) + "\n\n";
  text += "Made " + MarkdownText(report.created_at) + " by " + MarkdownText(report.tool) +
          (report.quick ? ", with `--quick`" : "") + ".\n";
  text += Section("Refused: no plan can be made before this is mended", report.refusals);
  for (const NodeReport& node : report.nodes) {
    text += "\n## Node " + MarkdownName(node.node.str()) + "\n";
    if (!node.ad_hoc_host.empty()) {
      text += "\nLooked for on " + MarkdownName(node.ad_hoc_host) +
              " (`--prod-host`): no plan can be made of this.\n";
    }
    text += Tables(node.tables);
    for (const ConfigReport& config : node.configs) text += Config(config);
  }
  return text + Section("Remarks", report.remarks);
}

}  // namespace syncgate
