#include "compare/sensitive.h"

#include <algorithm>

#include "artifact/protection.h"
#include "config/match.h"

namespace syncgate {
namespace {

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

bool Matches(const std::string& pattern, const ColumnName& column) {
  return MatchesGlob(Lower(pattern), Lower(column.str()));
}

bool MatchesSome(const std::vector<std::string>& patterns, const ColumnName& column) {
  return std::ranges::any_of(patterns,
                             [&](const std::string& pattern) { return Matches(pattern, column); });
}

bool NamesColumn(const std::string& pattern, const TableDef& table) {
  return std::ranges::any_of(table.columns,
                             [&](const Column& column) { return Matches(pattern, column.name); });
}

}  // namespace

Result<std::vector<ColumnName>> SensitiveColumns(const TableRules& rules, const TableDef& source,
                                                 const TableDef& node,
                                                 const MatchedTable& matched) {
  for (const std::string& pattern : rules.sensitive_columns) {
    if (NamesColumn(pattern, source) || NamesColumn(pattern, node)) continue;
    return Fail(ErrorKind::kRefused, "column-unknown",
                "table " + source.name.str() + " has no column " + pattern +
                    ", which `sensitive_columns` names",
                "correct the table's entry in syncgate.yml");
  }
  std::vector<ColumnName> found;
  for (std::size_t i = 0; i < matched.node.columns.size(); ++i) {
    const ColumnName& column = matched.node.columns[i].name;
    if (!MatchesSome(rules.sensitive_columns, column) &&
        !MatchesSome(rules.sensitive_anywhere, column)) {
      continue;
    }
    if (std::ranges::find(matched.node.key, i) != matched.node.key.end()) {
      return Fail(ErrorKind::kRefused, "sensitive-key",
                  "table " + source.name.str() + ": the sensitive column " + column.str() +
                      " is part of the key, by which messages and reports name rows",
                  "give the table a key without it, take it out of `sensitive_columns`, or leave "
                  "the table out");
    }
    found.push_back(column);
  }
  return found;
}

void WarnUnlessEncrypted(TableDiff* table) {
  if (table->sensitive.empty() || ArtifactKey() != nullptr) return;
  table->diagnostics.push_back(
      {"sensitive-unencrypted", Severity::kWarning,
       "table " + table->table.str() +
           " has sensitive columns, and its rows are written to the artifacts in plain text",
       std::string("set ") + kArtifactKeyVariable + " for every step"});
}

}  // namespace syncgate
