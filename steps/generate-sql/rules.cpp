#include "generate-sql/rules.h"

#include <algorithm>

#include "common/messages.h"
#include "common/specs.h"

namespace syncgate {
namespace {

Result<void> FirstRefusal(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != Severity::kRefusal) continue;
    return Fail(ErrorKind::kRefused, diagnostic.code, diagnostic.message, diagnostic.hint);
  }
  return {};
}

std::uint64_t ChangesOf(const TableDiff& table) {
  return table.counts.missing + table.counts.mismatched + (table.deletes ? table.counts.extra : 0);
}

}  // namespace

Result<void> CheckDiff(const DiffDoc& diff, const Project& project) {
  if (diff.quick) {
    return Fail(ErrorKind::kRefused, "diff-quick",
                "the diff was made with --quick and holds no rows", "run compare without --quick");
  }
  if (diff.project_digest != project.digest) {
    return Fail(ErrorKind::kRefused, "project-changed",
                project.file + " has changed since the comparison", "run compare again");
  }
  for (const NodeDiff& node : diff.nodes) {
    if (node.ad_hoc_host.empty()) continue;
    return Fail(
        ErrorKind::kRefused, "diff-ad-hoc-host",
        "the diff of " + node.node.str() + " was made on " + node.ad_hoc_host +
            " (--prod-host), and a plan would be applied to the host of " + project.file,
        "run compare without --prod-host; to write on that host, name it in " + project.file);
  }
  return FirstRefusal(diff.header.diagnostics);
}

Result<std::vector<std::size_t>> PlannableTables(const Project& project, const NodeDiff& node,
                                                 const std::vector<TableName>& only) {
  for (const TableName& name : only) {
    if (std::ranges::find(node.tables, name, &TableDiff::table) != node.tables.end()) continue;
    return Fail(ErrorKind::kFixProject, "table-unknown",
                "the diff of " + node.node.str() + " holds no table " + name.str(),
                "correct --tables, or run compare for it");
  }
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < node.tables.size(); ++i) {
    const TableDiff& table = node.tables[i];
    if (!only.empty() && std::ranges::find(only, table.table) == only.end()) continue;
    if (!MayWrite(project.data, table.table)) {
      if (ChangesOf(table) > 0) {
        Warn("table " + table.table.str() + " on " + node.node.str() +
             " differs and is not planned: data.tables of " + project.file + " does not name it");
      }
      continue;
    }
    if (table.status == "refused" || ChangesOf(table) > 0) TRY(FirstRefusal(table.diagnostics));
    if (table.status == "not_compared") {
      return Fail(ErrorKind::kBadArtifact, "artifact-invalid",
                  "table " + table.table.str() + " was not compared", "run compare again");
    }
    if (ChangesOf(table) > 0) positions.push_back(i);
  }
  return positions;
}

Result<void> CheckLimits(const DataSpec& data, const NodeDiff& node,
                         const std::vector<std::size_t>& positions) {
  std::uint64_t changes = 0;
  std::uint64_t deletes = 0;
  for (const auto position : positions) {
    const TableDiff& table = node.tables[position];
    changes += ChangesOf(table);
    if (table.deletes) deletes += table.counts.extra;
  }
  const auto refuse = [&](const char* code, const char* what, std::uint64_t found,
                          std::uint64_t limit) {
    return Fail(ErrorKind::kRefused, code,
                node.node.str() + ": " + std::to_string(found) + " " + what +
                    " are more than the limit of " + std::to_string(limit),
                std::string("look whether that is meant; then raise data.limits.") + what +
                    " in syncgate.yml");
  };
  if (changes > data.max_changes)
    return refuse("limit-changes", "changes", changes, data.max_changes);
  if (deletes > data.max_deletes)
    return refuse("limit-deletes", "deletes", deletes, data.max_deletes);
  return {};
}

}  // namespace syncgate
