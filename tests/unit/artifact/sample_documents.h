// One document of each kind with every member set to something.
#pragma once

#include "artifact/documents.h"
#include "artifact/plan_digest.h"

namespace syncgate {

inline Digest Sha(const char* text) { return Digest::Of(text); }

inline Header SampleHeader() {
  Header header;
  header.tool = "syncgate 0.1.0";
  header.run = {"github", "42", "https://ci.example/42", "wei", "abc123"};
  header.created_at = "2026-11-22T20:45:41Z";
  header.inputs = {{"syncgate.yml", "project", Sha("project"), 0}};
  header.result = "success";
  header.target_state = TargetState::kAfter;
  header.summary = "3 rows, 1 key";
  header.diagnostics = {
      {"row-unstable", Severity::kWarning, "row 7 keeps changing", "run it again"}};
  return header;
}

inline std::vector<ConfigChange> SampleConfigChanges() {
  return {{ConfigKey("BOT_ID"), "7", "8", false},
          {ConfigKey("NEW"), std::nullopt, "", false},
          {ConfigKey("BYTES"), std::string("\xFF\x00", 2), std::nullopt, false},
          {ConfigKey("API_KEY"), std::nullopt, std::nullopt, true}};
}

inline DiffDoc SampleDiff() {
  DiffDoc doc;
  doc.header = SampleHeader();
  doc.project_digest = Sha("p");
  doc.source = {"mariadb", "10.11.6-MariaDB", "1@db:3306", "bazi", "ROW", false,
                {},        16777216,          true,        {}};
  NodeDiff node;
  node.node = NodeName("node1");
  node.server = {"mysql", "9.7.0",        "uuid",   "bazi", "ROW",
                 true,    {"other:3306"}, 67108864, false,  {"source"}};
  TableDiff table;
  table.table = TableName("bazi_rules");
  table.status = "different";
  table.engine = "InnoDB";
  table.key_index = "PRIMARY";
  table.key = {ColumnName("id")};
  table.columns = {{ColumnName("id"), ColumnKind::kInteger, "bigint unsigned", false},
                   {ColumnName("shape"), ColumnKind::kGeometry, "geometry", true}};
  table.ignored = {ColumnName("hits"), ColumnName("seen")};
  table.ignored_required = {ColumnName("hits")};
  table.ignored_on_update = {ColumnName("seen")};
  table.where = "id > 5";
  table.deletes = true;
  table.row_estimate = 18446744073;
  table.triggers = {"t1"};
  table.unique_keys = {{"u", {ColumnName("code")}, {ColumnName("code")}, "prefix"}};
  table.foreign_keys = {{"fk",
                         {ColumnName("pid")},
                         SchemaName("bazi"),
                         TableName("parent"),
                         {ColumnName("id")},
                         "CASCADE",
                         "RESTRICT"}};
  table.referenced_by = {{"child_fk",
                          {ColumnName("id")},
                          SchemaName("other"),
                          TableName("child"),
                          {ColumnName("rid")},
                          "SET NULL",
                          ""}};
  table.missing_rights = {"TRIGGER"};
  table.counts = {1, 2, 3, 4, 5, 6};
  table.diagnostics = {{"table-note", Severity::kNote, "a", "b"}};
  node.tables = {table};
  node.configs = {{ConfigName("app"),
                   "/opt/app/.env",
                   "dotenv",
                   Sha("b"),
                   Sha("a"),
                   SampleConfigChanges(),
                   {ConfigKey("FEATURE_OLD")},
                   {ConfigKey("DB_PASSWORD")}}};
  node.ad_hoc_host = "spare.example";
  node.rows = FileRef{"diff/node1.rows.jsonl", "rows", Sha("r"), 3};
  doc.nodes = {node};
  return doc;
}

inline PlanDoc SamplePlan() {
  PlanDoc doc;
  doc.header = SampleHeader();
  doc.project_digest = Sha("p");
  NodePlan node;
  node.node = NodeName("node2");
  node.follows = NodeName("node1");
  node.flavor = "mysql";
  node.version = "9.7.0";
  node.tables = {{TableName("t"),
                  "PRIMARY",
                  {ColumnName("id")},
                  {{ColumnName("id"), ColumnKind::kInteger, "int", false}},
                  {},
                  1,
                  2,
                  3}};
  node.sql_files = {{"plan/node2/001-t.sql", "sql", Sha("s"), 0}};
  node.reverse_files = {{"plan/node2/001-t.reverse.sql", "sql", Sha("v"), 0}};
  node.changes = FileRef{"plan/node2/changes.rows.jsonl", "rows", Sha("c"), 6};
  node.batches = {{1,
                   0,
                   0,
                   0,
                   {{ChangeKind::kInsert, 10, 20, 1}, {ChangeKind::kDelete, 30, 5, 3}},
                   std::vector<ColumnName>{ColumnName("code")}}};
  node.configs = {{ConfigName("app"),
                   "/opt/app/.env",
                   "dotenv",
                   Sha("b"),
                   Sha("a"),
                   SampleConfigChanges(),
                   {"app", "--check", "%s"},
                   {"systemctl", "restart", "app"},
                   "[]"}};
  node.test = {"ci/smoke-test", "node2"};
  doc.nodes = {node};
  doc.plan_digest = ComputePlanDigest(doc);
  return doc;
}

inline ReceiptDoc SampleReceipt() {
  ReceiptDoc doc;
  doc.header = SampleHeader();
  doc.node = NodeName("node1");
  doc.plan_digest = Sha("plan");
  doc.direction = "rollback";
  doc.sequence = 3;
  doc.dry_run = true;
  doc.verified = true;
  doc.batches_total = 4;
  doc.batches_done = 2;
  doc.moved = 100;
  doc.already = 5;
  doc.drifted = 1;
  doc.rows = FileRef{"receipt-node1.rows.jsonl", "receipt-rows", Sha("rr"), 106};
  doc.journal = FileRef{"journal/node1-0123456789ab.jsonl", "journal", Sha("j"), 9};
  doc.configs = {{ConfigName("app"), "/opt/app/.env", "restored", "/opt/app/.env.bak", Sha("b"),
                  Digest(), true}};
  doc.override_reason = "the night of the outage";
  return doc;
}

inline VerdictDoc SampleVerdict() {
  VerdictDoc doc;
  doc.header = SampleHeader();
  doc.node = NodeName("node1");
  doc.plan_digest = Sha("plan");
  doc.checks = {{"rows of t", "rows", true, 1, ""}, {"http /health", "http", false, 10, "503"}};
  return doc;
}

}  // namespace syncgate
