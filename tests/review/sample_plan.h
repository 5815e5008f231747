// A plan with everything that review.html shows, and text that tries to be more than text.
#pragma once

#include <string>

#include "report/review_page.h"

namespace syncgate::test {

inline constexpr char kHostile[] =
    "</script><script>document.title='hacked'</script><img src=x "
    "onerror=\"document.title='hacked'\">"
    "<!--<script>'\"&`\u202E";

inline PlanDoc SamplePlan(const std::string& name = "bazi_rules") {
  PlanDoc plan;
  plan.header.tool = "syncgate 0.1.0";
  plan.header.created_at = "2026-11-22T20:45:41Z";
  plan.header.run = {"gitlab", "8812", "", "wei", ""};
  plan.header.summary = "node1: 1 inserts, 1 updates, 1 deletes in 3 batches";
  plan.plan_digest = Digest::Of("plan");
  NodePlan node;
  node.node = NodeName("node1");
  PlannedTable table;
  table.table = TableName(name);
  table.columns = {{ColumnName("id"), ColumnKind::kInteger, "int"},
                   {ColumnName(name == "bazi_rules" ? "v" : name), ColumnKind::kText, "text"},
                   {ColumnName("same"), ColumnKind::kText, "text"}};
  table.inserts = table.updates = table.deletes = 1;
  node.tables = {table};
  node.batches.resize(3);
  node.changes = FileRef{"plan/node1/changes.rows.jsonl", "rows", Digest::Of("c"), 3};
  PlannedConfig config;
  config.config = ConfigName("app");
  config.target = "/opt/app/.env";
  config.format = "dotenv";
  config.changes = {{ConfigKey("BOT_ID"), "bot-old", "bot-new", false},
                    {ConfigKey("SECRET"), "hunter2", "hunter3", true}};
  config.restart = {"systemctl", "restart", "app"};
  node.configs = {config};
  plan.nodes = {node, node};
  plan.nodes[1].node = NodeName("node2");
  plan.nodes[1].follows = NodeName("node1");
  return plan;
}

inline CompareReport SampleReport() {
  CompareReport report;
  report.remarks = {{"node1", "t", {"rows-extra", Severity::kNote, "3 rows stay", "see deletes"}}};
  return report;
}

inline std::string AddThree(ReviewPage& page, const std::string& value, std::size_t node = 0) {
  std::string text =
      page.Add(node, 0, {ChangeKind::kInsert, {"1"}, std::nullopt, Row{"1", value, "s"}});
  text +=
      page.Add(node, 0, {ChangeKind::kUpdate, {"2"}, Row{"2", "old", "s"}, Row{"2", value, "s"}});
  text +=
      page.Add(node, 0, {ChangeKind::kDelete, {"3"}, Row{"3", std::nullopt, "s"}, std::nullopt});
  return text;
}

}  // namespace syncgate::test
