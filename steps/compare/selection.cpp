#include "compare/selection.h"

#include <algorithm>

#include "common/specs.h"

namespace syncgate {
namespace {

struct Assignment {
  TableName table;
  std::string value;
};

Result<Assignment> Split(const std::string& option, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return Fail(ErrorKind::kUsage, "option-value", option + " takes TABLE=..., not " + text,
                "for example " + option + " orders=...");
  }
  return Assignment{TableName(text.substr(0, equals)), text.substr(equals + 1)};
}

std::vector<ColumnName> ColumnList(const std::string& text) {
  std::vector<ColumnName> columns;
  std::size_t start = 0;
  while (start <= text.size()) {
    const auto comma = std::min(text.find(',', start), text.size());
    if (comma > start) columns.emplace_back(text.substr(start, comma - start));
    start = comma + 1;
  }
  return columns;
}

template <typename Use>
Result<void> ForEachOverride(const std::string& option, const std::vector<std::string>& texts,
                             std::vector<SelectedTable>& tables, const Use& use) {
  for (const std::string& text : texts) {
    const Assignment assignment = TRY(Split(option, text));
    const auto found = std::ranges::find(tables, assignment.table, &SelectedTable::name);
    if (found == tables.end()) {
      return Fail(ErrorKind::kUsage, "option-value",
                  option + " names table " + assignment.table.str() + ", which is not compared",
                  "correct its name, or add it to --tables");
    }
    use(found->rules, assignment.value);
  }
  return {};
}

}  // namespace

Result<std::vector<SelectedTable>> SelectTables(const Project& project,
                                                const CommonOptions& options,
                                                const RuleOverrides& overrides,
                                                const std::vector<TableName>& on_source) {
  const DataSpec& data = project.data;
  std::vector<TableName> names = options.tables;
  if (names.empty()) {
    for (const TableSpec& table : data.tables) names.push_back(table.table);
  }
  if (names.empty()) names = on_source;
  std::vector<SelectedTable> tables;
  for (const TableName& name : names) {
    const bool excluded = std::ranges::find(data.exclude, name) != data.exclude.end();
    if (excluded && options.tables.empty()) continue;
    if (std::ranges::find(on_source, name) == on_source.end()) {
      return Fail(ErrorKind::kFixProject, "table-unknown",
                  "the source has no base table " + name.str(),
                  "correct its name in syncgate.yml or --tables");
    }
    tables.push_back({name, RulesFor(data, name), MayWrite(data, name)});
  }
  for (const std::string& text : overrides.where) TRY(CheckWhere(text.substr(text.find('=') + 1)));
  TRY(ForEachOverride("--where", overrides.where, tables,
                      [](TableRules& rules, const std::string& value) { rules.where = value; }));
  TRY(ForEachOverride(
      "--columns", overrides.columns, tables,
      [](TableRules& rules, const std::string& value) { rules.columns = ColumnList(value); }));
  TRY(ForEachOverride("--ignore-columns", overrides.ignore_columns, tables,
                      [](TableRules& rules, const std::string& value) {
                        rules.ignore_columns = ColumnList(value);
                      }));
  return tables;
}

}  // namespace syncgate
