#include "compare/report.h"

#include <algorithm>
#include <cstdio>

#include "common/messages.h"
#include "report/compare_report.h"

namespace syncgate {
namespace {

std::string Count(std::uint64_t number, const std::string& what) {
  return std::to_string(number) + " " + what;
}

}  // namespace

Findings Summarise(const DiffDoc& diff) {
  Findings findings;
  std::uint64_t rows = 0;
  std::uint64_t tables = 0;
  std::uint64_t keys = 0;
  std::uint64_t refused = 0;         // tables
  std::uint64_t refused_others = 0;  // configurations, pairs of servers
  for (const NodeDiff& node : diff.nodes) {
    for (const TableDiff& table : node.tables) {
      if (table.status == "refused") ++refused;
      if (table.status == "different") ++tables;
      rows +=
          table.counts.missing + table.counts.mismatched + (table.deletes ? table.counts.extra : 0);
      if (table.counts.unstable > 0) findings.different = true;
    }
    // A secret that differs is reported and never written: it must not keep the nodes out of sync
    // for ever.
    for (const ConfigDiffDoc& config : node.configs) {
      for (const ConfigChange& change : config.changes) keys += change.secret ? 0 : 1;
    }
  }
  for (const Diagnostic& diagnostic : diff.header.diagnostics) {
    if (diagnostic.severity == Severity::kRefusal) ++refused_others;
  }
  findings.different = findings.different || tables > 0 || keys > 0;
  findings.refused = refused + refused_others > 0;
  if (!findings.different) {
    findings.sentence = findings.refused ? "no differences in what could be compared" : "in sync";
  } else if (diff.quick) {
    findings.sentence =
        Count(tables, "tables differ") + (keys > 0 ? ", " + Count(keys, "configuration keys") : "");
  } else {
    findings.sentence = Count(rows, "rows and ") + Count(keys, "configuration keys differ");
  }
  if (refused > 0) findings.sentence += "; " + Count(refused, "tables refused");
  if (refused_others > 0) {
    findings.sentence += "; " + Count(refused_others, "other refusals");
  }
  return findings;
}

void SayDiagnostics(const DiffDoc& diff) {
  for (const Diagnostic& diagnostic : diff.header.diagnostics) Say(diagnostic);
  for (const NodeDiff& node : diff.nodes) {
    for (const TableDiff& table : node.tables) {
      for (const Diagnostic& diagnostic : table.diagnostics) Say(diagnostic);
    }
  }
}

void PrintTables(const DiffDoc& diff) {
  std::fputs(CompareTable(MakeCompareReport(diff)).c_str(), stdout);
}

void PrintDoctor(const DiffDoc& diff) {
  if (diff.has_data) {
    std::printf("source     %s %s, database %s\n", diff.source.flavor.c_str(),
                diff.source.version.c_str(), diff.source.database.c_str());
  }
  for (const NodeDiff& node : diff.nodes) {
    if (!node.server.version.empty()) {
      std::printf("%-10s %s %s, database %s, binlog %s%s\n", node.node.str().c_str(),
                  node.server.flavor.c_str(), node.server.version.c_str(),
                  node.server.database.c_str(),
                  node.server.binlog_format.empty() ? "off" : node.server.binlog_format.c_str(),
                  node.server.read_only ? ", read-only" : "");
    }
    for (const TableDiff& table : node.tables) {
      std::printf(
          "%-10s table %-32s %s, about %llu rows\n", node.node.str().c_str(),
          OneLine(table.table.str()).c_str(),
          table.status == "refused" ? "REFUSED" : ("key " + OneLine(table.key_index)).c_str(),
          static_cast<unsigned long long>(table.row_estimate));
    }
    for (const ConfigDiffDoc& config : node.configs) {
      std::printf("%-10s config %s readable at %s\n", node.node.str().c_str(),
                  config.config.str().c_str(), OneLine(config.target).c_str());
    }
  }
}

}  // namespace syncgate
