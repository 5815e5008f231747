#include "report/review_page.h"
#include "report/visible.h"

namespace syncgate {

std::string ReviewSummary(const PlanDoc& plan, const CompareReport& compared) {
  constexpr std::size_t kMostTables = 50;
  constexpr std::size_t kMostKeys = 50;
  std::string text = "# Plan `" + plan.plan_digest.Short() +
                     "`\n\nPlanned: " + MarkdownText(plan.header.summary) + "\n\nDigest: `" +
                     plan.plan_digest.hex() + "`\n";
  std::size_t remarks = 0;
  for (const auto* list : {&compared.refusals, &compared.remarks}) {
    for (const Remark& remark : *list) {
      if (++remarks > kMostKeys) break;
      text += (remarks == 1 ? "\n" : "") + std::string("- `") + remark.diagnostic.code + "` " +
              MarkdownText(remark.diagnostic.message.substr(0, 500)) + "\n";
    }
  }
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
                MarkdownCode(change.key.str()) + ": " +
                (shown.before ? MarkdownCode(shown.before->text) : "(absent)") + " → " +
                (shown.after ? MarkdownCode(shown.after->text) : "(absent)") + "\n";
      }
    }
    if (keys > kMostKeys) {
      text += "\nAnd " + std::to_string(keys - kMostKeys) + " more keys, see review.html.\n";
    }
  }
  return text;
}

}  // namespace syncgate
