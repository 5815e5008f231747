#include "report/review_page.h"
#include "report/visible.h"

namespace syncgate {
namespace {

constexpr std::size_t kMostTables = 50;
constexpr std::size_t kMostKeys = 50;
constexpr std::size_t kMostRemarks = 50;
constexpr std::size_t kRemarkBytes = 500;

std::string Message(const std::string& message) {
  if (message.size() <= kRemarkBytes) return MarkdownText(message);
  std::size_t end = kRemarkBytes;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;
  return MarkdownText(message.substr(0, end)) + "… (cut: " + std::to_string(message.size()) +
         " bytes)";
}

std::string Remarks(const CompareReport& compared) {
  std::string text;
  std::size_t remarks = 0;
  for (const auto* list : {&compared.refusals, &compared.remarks}) {
    for (const Remark& remark : *list) {
      if (++remarks > kMostRemarks) continue;
      text += (remarks == 1 ? "\n- `" : "- `") + remark.diagnostic.code + "` " +
              Message(remark.diagnostic.message) + "\n";
    }
  }
  if (remarks > kMostRemarks) {
    text += "\nAnd " + std::to_string(remarks - kMostRemarks) + " more remarks, see review.html.\n";
  }
  return text;
}

std::string Value(const std::optional<ShownValue>& value) {
  if (!value) return "(absent)";
  return MarkdownCode(value->text) + (value->note.empty() ? "" : " (" + value->note + ")");
}

}  // namespace

std::string ReviewSummary(const PlanDoc& plan, const CompareReport& compared) {
  std::string text = "# Plan `" + plan.plan_digest.Short() +
                     "`\n\nPlanned: " + MarkdownText(plan.header.summary) + "\n\nDigest: `" +
                     plan.plan_digest.hex() + "`\n";
  text += Remarks(compared);
  for (const NodePlan& node : plan.nodes) {
    text += "\n## " + MarkdownName(node.node.str()) +
            (node.follows ? ", after " + MarkdownName(node.follows->str()) : "") + "\n";
    std::size_t tables = 0;
    for (const PlannedTable& table : node.tables) {
      if (++tables > kMostTables) continue;
      if (tables == 1) text += "\n| table | insert | update | delete |\n|---|---:|---:|---:|\n";
      text += "| " + MarkdownName(table.table.str()) + " | " + std::to_string(table.inserts) +
              " | " + std::to_string(table.updates) + " | " + std::to_string(table.deletes) +
              " |\n";
    }
    if (tables > kMostTables) {
      text += "\nAnd " + std::to_string(tables - kMostTables) + " more tables, see review.html.\n";
    }
    std::size_t keys = 0;
    for (const PlannedConfig& config : node.configs) {
      for (const ConfigChange& change : config.changes) {
        if (change.secret || ++keys > kMostKeys) continue;
        const ShownChange shown = ShowChange(change.before, change.after, config.format);
        text += (keys == 1 ? "\n- " : "- ") + MarkdownName(config.config.str()) + " " +
                MarkdownCode(change.key.str()) + ": " + Value(shown.before) + " → " +
                Value(shown.after) + "\n";
      }
    }
    if (keys > kMostKeys) {
      text += "\nAnd " + std::to_string(keys - kMostKeys) + " more keys, see review.html.\n";
    }
  }
  return text;
}

}  // namespace syncgate
