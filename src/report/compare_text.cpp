#include <algorithm>

#include "report/compare_report.h"
#include "report/visible.h"

namespace syncgate {
namespace {

// Padded to a column: on the right of texts, on the left of numbers.
std::string Left(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}
std::string Right(std::uint64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(width - std::min(width, digits.size()), ' ') + digits;
}

std::string Line(const std::string& node, const TableReport& table) {
  const TableCounts& counts = table.counts;
  return Left(node, 10) + " " + Left(Visible(table.table.str(), Backslashes::kDoubled), 32) + " " +
         Left(table.status, 12) + " " + Right(counts.source_rows, 12) + " " +
         Right(counts.node_rows, 12) + " " + Right(counts.missing, 9) + " " +
         Right(counts.mismatched, 10) + " " + Right(counts.extra, 9) + "\n";
}

std::string Text(const ShownValue& value) {
  return value.text + (value.note.empty() ? "" : " (" + value.note + ")");
}

// The lines of one configuration, each with its node, so that they can be searched for.
class ConfigLines {
 public:
  ConfigLines(const std::string& node, const ConfigReport& config)
      : config_(config), head_(Left(node, 10) + " config " + config.config.str() + ": ") {}

  std::string All() {
    for (const ConfigChange& change : config_.changed) Change("changed", change);
    for (const ConfigChange& change : config_.added) Change("added", change);
    for (const ConfigChange& change : config_.removed) Change("removed", change);
    for (const ConfigKey& key : config_.kept) {
      Add("kept", key, "only the node has it; without `deletes: true` it stays");
    }
    for (const SecretFinding& secret : config_.secrets) {
      Add("secret", secret.key, secret.state == "same" ? "same" : "differs; never written");
    }
    if (lines_.empty()) lines_ = head_ + "no difference\n";
    return lines_;
  }

 private:
  void Add(const char* what, const ConfigKey& key, const std::string& text) {
    lines_ += head_ + what + " " + Visible(key.str(), Backslashes::kDoubled) + ": " + text + "\n";
  }
  void Change(const char* what, const ConfigChange& change) {
    const ShownChange shown = ShowChange(change.before, change.after, config_.format);
    Add(what, change.key,
        (shown.before ? Text(*shown.before) : "(absent)") + " -> " +
            (shown.after ? Text(*shown.after) : "(absent)"));
  }

  const ConfigReport& config_;
  const std::string head_;
  std::string lines_;
};

std::string Line(const Remark& remark) {
  std::string line = "  ";
  if (!remark.node.empty()) line += remark.node + ": ";
  if (!remark.table.empty()) {
    line += "table " + Visible(remark.table, Backslashes::kDoubled) + ": ";
  }
  line += "[" + remark.diagnostic.code + "] " + Visible(remark.diagnostic.message);
  if (!remark.diagnostic.hint.empty()) line += "; " + Visible(remark.diagnostic.hint);
  return line + "\n";
}

std::string Section(const char* title, const std::vector<Remark>& remarks) {
  if (remarks.empty()) return {};
  std::string text = std::string("\n") + title + "\n";
  for (const Remark& remark : remarks) text += Line(remark);
  return text;
}

}  // namespace

std::string CompareTable(const CompareReport& report) {
  std::string text;
  if (report.has_data) {
    text = Left("node", 10) + " " + Left("table", 32) + " " + Left("status", 12) +
           "  source rows    node rows   missing mismatched     extra\n";
  }
  for (const NodeReport& node : report.nodes) {
    for (const TableReport& table : node.tables) text += Line(node.node.str(), table);
    for (const ConfigReport& config : node.configs) {
      text += ConfigLines(node.node.str(), config).All();
    }
  }
  return text;
}

std::string CompareText(const CompareReport& report) {
  std::string text = "compare: " + Visible(report.summary) + "\n";
  text += report.created_at + ", " + report.tool + (report.quick ? ", --quick" : "") + "\n";
  for (const NodeReport& node : report.nodes) {
    if (node.ad_hoc_host.empty()) continue;
    text += node.node.str() + " was looked for on " + Visible(node.ad_hoc_host) +
            " (--prod-host): no plan can be made of this\n";
  }
  text += Section("Refused: no plan can be made before this is mended", report.refusals);
  if (const std::string table = CompareTable(report); !table.empty()) text += "\n" + table;
  text += Section("Remarks", report.remarks);
  return text;
}

}  // namespace syncgate
