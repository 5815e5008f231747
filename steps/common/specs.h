// From the project file's words to what data/ and config/ work with.
#pragma once

#include <vector>

#include "config/spec.h"
#include "core/result.h"
#include "data/preflight.h"
#include "project/project.h"

namespace syncgate {

// kUsage "node-unknown", listing the nodes there are.
Result<const NodeSpec*> RequireNode(const Project& project, const NodeName& name);

// The rules of one table; those of a table without an entry are the defaults.
TableRules RulesFor(const DataSpec& data, const TableName& table);

// Whether generate-sql may plan changes for the table: it is named, or `tables: all` says so and
// `exclude` does not take it out.
bool MayWrite(const DataSpec& data, const TableName& table);

// The configurations as they concern one node: {node} is replaced wherever it stands.
std::vector<ConfigSpec> ConfigsFor(const Project& project, const NodeName& node);

// The checks of PlannedConfig::checks for one node. kBadArtifact for text that generate-sql did not
// write.
Result<std::vector<CheckSpec>> ChecksOf(const std::string& checks, const NodeName& node);

}  // namespace syncgate
