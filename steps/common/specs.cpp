#include "common/specs.h"

#include <algorithm>

namespace syncgate {
namespace {

CheckSpec ToSpec(const ProjectCheck& check, const NodeName& node) {
  CheckSpec spec;
  spec.name = WithNode(check.name, node);
  spec.attempts = check.attempts;
  spec.interval = std::chrono::milliseconds(check.interval_ms);
  spec.timeout = std::chrono::milliseconds(check.timeout_ms);
  spec.passes = check.passes;
  if (check.http) {
    spec.kind = CheckSpec::Kind::kHttp;
    spec.url = WithNode(check.http->url, node);
    spec.ca_file = check.http->ca_file;
    spec.status = check.http->status;
    spec.pointer = check.http->pointer;
    spec.equals = check.http->equals;
    if (check.http->equals_key) spec.equals_key = ConfigKey(*check.http->equals_key);
  } else if (check.sql) {
    spec.kind = CheckSpec::Kind::kSql;
    spec.query = WithNode(check.sql->query, node);
    spec.equals = check.sql->equals;
    if (check.sql->equals_key) spec.equals_key = ConfigKey(*check.sql->equals_key);
    spec.rows = check.sql->rows;
  } else if (check.command) {
    spec.kind = CheckSpec::Kind::kCommand;
    for (const auto& word : check.command->argv) spec.argv.push_back(WithNode(word, node));
    spec.exit_code = check.command->exit;
    if (!check.command->contains.empty()) spec.output_contains = check.command->contains;
  }
  return spec;
}

}  // namespace

Result<const NodeSpec*> RequireNode(const Project& project, const NodeName& name) {
  if (const NodeSpec* node = project.FindNode(name)) return node;
  std::string names;
  for (const NodeSpec& node : project.nodes) names += (names.empty() ? "" : ", ") + node.name.str();
  return Fail(ErrorKind::kUsage, "node-unknown", project.file + " has no node " + name.str(),
              "its nodes are: " + names);
}

TableRules RulesFor(const DataSpec& data, const TableName& table) {
  TableRules rules;
  rules.sensitive_anywhere = data.sensitive_columns;
  if (const TableSpec* spec = data.Find(table)) {
    rules.where = spec->where;
    rules.time_zone = spec->time_zone;
    rules.columns = spec->columns;
    rules.ignore_columns = spec->ignore_columns;
    rules.sensitive_columns = spec->sensitive_columns;
    rules.deletes = spec->deletes;
    rules.triggers_allowed = spec->allow_triggers;
  }
  return rules;
}

bool MayWrite(const DataSpec& data, const TableName& table) {
  if (std::ranges::find(data.exclude, table) != data.exclude.end()) return false;
  return data.all_tables || data.Find(table) != nullptr;
}

std::vector<ConfigSpec> ConfigsFor(const Project& project, const NodeName& node) {
  std::vector<ConfigSpec> specs;
  for (const ProjectConfig& config : project.configs) {
    ConfigSpec spec;
    spec.name = config.name;
    spec.source = config.SourceOf(node);
    spec.target = WithNode(config.target, node);
    spec.format = config.format;
    spec.keys = config.keys;
    spec.secrets = config.secrets;
    for (const auto& word : config.validate) spec.validate.push_back(WithNode(word, node));
    for (const auto& word : config.restart) spec.restart.push_back(WithNode(word, node));
    spec.keep = config.keep;
    spec.sudo = config.sudo;
    spec.deletes = config.deletes;
    for (const ProjectCheck& check : config.verify) spec.checks.push_back(ToSpec(check, node));
    specs.push_back(std::move(spec));
  }
  return specs;
}

Result<std::vector<CheckSpec>> ChecksOf(const std::string& checks, const NodeName& node) {
  std::vector<CheckSpec> specs;
  if (checks.empty()) return specs;
  auto parsed = ParseChecks(checks);
  if (!parsed) {
    return Fail(ErrorKind::kBadArtifact, "artifact-invalid",
                "the plan holds checks that cannot be read", "run generate-sql again");
  }
  for (const ProjectCheck& check : *parsed) specs.push_back(ToSpec(check, node));
  return specs;
}

}  // namespace syncgate
