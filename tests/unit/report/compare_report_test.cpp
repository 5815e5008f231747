#include "report/compare_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "json/json.h"
#include "json/schema.h"

namespace syncgate {
namespace {

// What hostile rows, keys and values may try, one after the other.
const char kHostile[] =
    "x`|</td>\n::error::y\r\n## z\n##[add-mask]a\x1b[2J\u202E<script>alert(1)</script>"
    "![i](http://evil.example)";

DiffDoc Sample() {
  DiffDoc diff;
  diff.header.tool = "syncgate 0.1.0";
  diff.header.run = {"local", "", "", "wei", ""};
  diff.header.created_at = "2026-11-22T20:45:41Z";
  diff.header.result = "refused";
  diff.header.summary = "3 rows and 3 configuration keys differ; 1 tables refused";
  diff.header.diagnostics = {
      {"config-unparsable", Severity::kRefusal, "node2: /opt/app/.env: line 3", "mend it"},
      {"replication-invisible", Severity::kWarning, "cannot see", ""}};
  NodeDiff node;
  node.node = NodeName("node1");
  TableDiff table;
  table.table = TableName("bazi_rules");
  table.status = "different";
  table.counts = {100, 99, 2, 1, 1, 0};
  node.tables.push_back(table);
  table.table = TableName("notes");
  table.status = "refused";
  table.counts = {};
  table.diagnostics = {{"table-no-key", Severity::kRefusal, "no key", "give it one"}};
  node.tables.push_back(table);
  ConfigDiffDoc config;
  config.config = ConfigName("app");
  config.target = "/opt/app/.env";
  config.format = "dotenv";
  config.changes = {{ConfigKey("BOT_ID"), "7", "8", false},
                    {ConfigKey("NEW"), std::nullopt, "", false},
                    {ConfigKey("OLD"), "x", std::nullopt, false},
                    {ConfigKey("API_KEY"), std::nullopt, std::nullopt, true}};
  config.kept = {ConfigKey("FEATURE_X")};
  config.same_secrets = {ConfigKey("DB_PASSWORD")};
  node.configs.push_back(config);
  diff.nodes.push_back(node);
  return diff;
}

// The same with hostile text wherever a server, a file or a person puts text.
DiffDoc Hostile() {
  DiffDoc diff = Sample();
  diff.header.summary = kHostile;
  for (Diagnostic& diagnostic : diff.header.diagnostics) {
    diagnostic.message = diagnostic.hint = kHostile;
  }
  NodeDiff& node = diff.nodes[0];
  node.ad_hoc_host = "host|`<b>";
  for (TableDiff& table : node.tables) table.table = TableName(kHostile);
  ConfigDiffDoc& config = node.configs[0];
  config.target = "/opt/`|<b>\n/.env";
  for (ConfigChange& change : config.changes) {
    change.key = ConfigKey(kHostile);
    if (change.before) change.before = kHostile;
    if (change.after) change.after = kHostile;
  }
  config.kept = config.same_secrets = {ConfigKey(kHostile)};
  return diff;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(CompareReport, SortsWhatWasFound) {
  const CompareReport report = MakeCompareReport(Sample());
  ASSERT_EQ(report.refusals.size(), 2U);
  EXPECT_EQ(report.refusals[0].diagnostic.code, "config-unparsable");
  EXPECT_EQ(report.refusals[1].table, "notes");
  EXPECT_EQ(report.remarks.size(), 1U);
  const ConfigReport& config = report.nodes.at(0).configs.at(0);
  EXPECT_EQ(config.changed.size(), 1U);
  EXPECT_EQ(config.added.size(), 1U);
  EXPECT_EQ(config.removed.size(), 1U);
  ASSERT_EQ(config.secrets.size(), 2U);
  EXPECT_EQ(config.secrets[0].state, "different");
  EXPECT_EQ(config.secrets[1].state, "same");
}

TEST(CompareReport, TextNamesEverything) {
  const std::string text = CompareText(MakeCompareReport(Sample()));
  const std::string head = "node1      config app: ";
  for (const std::string& line :
       {head + "changed BOT_ID: \"7\" -> \"8\"\n", head + "added NEW: (absent) -> \"\"\n",
        head + "removed OLD: \"x\" -> (absent)\n",
        head + "kept FEATURE_X: only the node has it; without `deletes: true` it stays\n",
        head + "secret API_KEY: differs; never written\n", head + "secret DB_PASSWORD: same\n",
        std::string("  node1: table notes: [table-no-key] no key; give it one\n")}) {
    EXPECT_TRUE(Has(text, line)) << line << "in\n" << text;
  }
  EXPECT_LT(text.find("[config-unparsable]"), text.find("bazi_rules")) << "refusals come first";
  EXPECT_LT(text.find("[table-no-key]"), text.find("bazi_rules"));
}

TEST(CompareReport, MarkdownNamesEverything) {
  const std::string text = CompareMarkdown(MakeCompareReport(Sample()));
  for (const std::string line :
       {"- changed `BOT_ID`: `\"7\"` → `\"8\"`\n", "- added `NEW`: (absent) → `\"\"`\n",
        "- removed `OLD`: `\"x\"` → (absent)\n", "- secret `API_KEY`: **differs**; never written\n",
        "- secret `DB_PASSWORD`: same\n",
        "| `bazi_rules` | different | 100 | 99 | 2 | 1 | 1 (stay) |\n",
        "- **node1**: table `notes`: `table-no-key` no key; give it one\n"}) {
    EXPECT_TRUE(Has(text, line)) << line << "in\n" << text;
  }
  EXPECT_LT(text.find("table-no-key"), text.find("bazi_rules"));
}

TEST(CompareReport, JsonSatisfiesItsSchema) {
  for (const DiffDoc& diff : {Sample(), Hostile()}) {
    const std::string text = CompareJson(MakeCompareReport(diff));
    const auto value = ParseJson(text);
    ASSERT_TRUE(value) << text;
    const auto valid = ValidateJson("report.v1", *value);
    EXPECT_TRUE(valid) << valid.error().message;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_FALSE(line.starts_with("::")) << line;
  }
}

TEST(CompareReport, NothingHostileActs) {
  const CompareReport report = MakeCompareReport(Hostile());
  for (const std::string& text : {CompareText(report), CompareMarkdown(report)}) {
    EXPECT_FALSE(Has(text, "\x1b"));
    EXPECT_FALSE(Has(text, "\r"));
    EXPECT_FALSE(Has(text, "\u202E"));
    EXPECT_FALSE(Has(text, "##[")) << text;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      const auto begin = line.find_first_not_of(" \t");
      if (begin != std::string::npos) {
        EXPECT_FALSE(line.substr(begin).starts_with("::")) << line;
      }
    }
  }
}

// The text outside of code spans, as CommonMark finds them: a run of backticks ends at the next run
// of the same length.
std::string OutsideCode(const std::string& line) {
  std::string outside;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] != '`') {
      outside += line[at++];
      continue;
    }
    const std::size_t after = std::min(line.find_first_not_of('`', at), line.size());
    const std::size_t run = after - at;
    std::size_t end = after;
    while (end < line.size()) {
      if (line[end] != '`') {
        ++end;
        continue;
      }
      const std::size_t close = std::min(line.find_first_not_of('`', end), line.size());
      if (close - end == run) break;
      end = close;
    }
    if (end >= line.size()) {
      outside += line.substr(at, run);
      at = after;
      continue;
    }
    at = end + run;
  }
  return outside;
}

TEST(CompareReport, HostileMarkdownIsCodeOrEntities) {
  std::istringstream lines(CompareMarkdown(MakeCompareReport(Hostile())));
  for (std::string line; std::getline(lines, line);) {
    const std::string outside = OutsideCode(line);
    for (const char* markup : {"<script", "<b>", "</td>", "![", "](", "`", "http:"}) {
      EXPECT_FALSE(Has(outside, markup)) << markup << " in " << line;
    }
    if (!line.starts_with("| ")) continue;
    EXPECT_EQ(std::ranges::count(line, '|'), 8) << line;
  }
}

TEST(CompareReport, ValuesOfSecretsAreNotShownWhateverTheDiffHolds) {
  DiffDoc diff = Sample();
  diff.nodes[0].configs[0].changes[3].before = "hunter2-before";
  diff.nodes[0].configs[0].changes[3].after = "hunter2-after";
  const CompareReport report = MakeCompareReport(diff);
  for (const std::string& text :
       {CompareTable(report), CompareText(report), CompareMarkdown(report), CompareJson(report)}) {
    EXPECT_TRUE(Has(text, "BOT_ID") && Has(text, "API_KEY"));
    EXPECT_FALSE(Has(text, "hunter2"));
  }
}

}  // namespace
}  // namespace syncgate
