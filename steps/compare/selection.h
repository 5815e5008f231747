// Which tables are compared, and by which rules: the project file, narrowed by the command line.
#pragma once

#include <string>
#include <vector>

#include "common/options.h"
#include "core/result.h"
#include "core/table.h"
#include "data/preflight.h"
#include "mysql/session.h"
#include "project/project.h"

namespace syncgate {

// Rules given on the command line for single tables; they take the place of the project's.
struct RuleOverrides {
  std::vector<std::string> where;           // "TABLE=EXPRESSION"
  std::vector<std::string> columns;         // "TABLE=a,b"
  std::vector<std::string> ignore_columns;  // "TABLE=a,b"
};

struct SelectedTable {
  TableName name;
  TableRules rules;
  bool may_write = false;  // generate-sql may plan it
};

// Without tables in the project: every base table of the source but the excluded ones. kUsage
// "option-value" for overrides of tables that are not selected; kFixProject "table-unknown".
Result<std::vector<SelectedTable>> SelectTables(const Project& project,
                                                const CommonOptions& options,
                                                const RuleOverrides& overrides,
                                                const std::vector<TableName>& on_source);

}  // namespace syncgate
