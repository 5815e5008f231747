// Rules across nodes, for tables and for configurations.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "json/schema.h"
#include "project/internal.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

std::string Quoted(const std::string& text) { return '"' + text + '"'; }

Result<void> CheckNodeNames(const bj::object& nodes) {
  for (const auto& node : nodes) {
    // receipt-<node>-rollback.json is the receipt of a rollback.
    if (std::string_view(node.key()).ends_with("-rollback")) {
      return Unexpected("project-node", "nodes", "a name that does not end in -rollback",
                        Quoted(std::string(node.key())));
    }
  }
  return {};
}

Result<void> CheckFollows(const bj::object& nodes) {
  for (const auto& node : nodes) {
    const std::string path = JoinPath(JoinPath("nodes", node.key()), "follows");
    std::set<std::string> seen{std::string(node.key())};
    std::string next = TextOf(node.value().as_object(), "follows");
    if (!next.empty() && (next == std::string_view(node.key()) || !nodes.contains(next))) {
      return Unexpected("project-follows", path, "the name of another node", Quoted(next));
    }
    while (!next.empty() && nodes.contains(next)) {
      if (!seen.insert(next).second) {
        return Unexpected("project-follows", path, "a chain that ends",
                          "one that comes back to " + Quoted(next));
      }
      next = TextOf(nodes.at(next).as_object(), "follows");
    }
  }
  return {};
}

// MySQL takes -13:59 to +14:00.
bool IsTimeZone(const std::string& zone) {
  const int hours = std::stoi(zone.substr(1, 2));
  const int minutes = std::stoi(zone.substr(4, 2));
  if (minutes > 59) return false;
  const int total = hours * 60 + minutes;
  return total <= (zone[0] == '+' ? 14 * 60 : 13 * 60 + 59);
}

Result<void> CheckTable(const std::string& path, const bj::object& table) {
  if (const std::string where = TextOf(table, "where"); !where.empty()) {
    if (auto safe = CheckWhere(where); !safe) {
      return Fail(ErrorKind::kFixProject, "project-where",
                  JoinPath(path, "where") + ": " + safe.error().message);
    }
  }
  if (!table.at("columns").as_array().empty() && !table.at("ignore_columns").as_array().empty()) {
    return Unexpected("project-columns", path, "columns or ignore_columns", "both");
  }
  const std::string zone = TextOf(table, "time_zone");
  if (!IsTimeZone(zone)) {
    return Unexpected("project-time-zone", JoinPath(path, "time_zone"),
                      "an offset from -13:59 to +14:00", Quoted(zone));
  }
  return {};
}

Result<void> CheckData(const bj::object& data) {
  const auto* tables = data.at("tables").if_object();
  if (tables == nullptr) return {};
  if (!data.at("exclude").as_array().empty()) {
    return Unexpected("project-tables", "data.exclude", "tables: all beside it",
                      "a list of tables");
  }
  for (const auto& table : *tables) {
    TRY(CheckTable(JoinPath("data.tables", table.key()), table.value().as_object()));
  }
  return {};
}

// On one node, each entry is planned against the file as it is now: the second one of the same file
// would take the first one's edit for drift, and two ways to one directory would wait for each
// other's lock.
Result<void> CheckTargets(const bj::object& configs, const std::string& node) {
  std::map<std::string, std::string> taken;
  for (const auto& config : configs) {
    const std::string target =
        WithNode(TextOf(config.value().as_object(), "target"), NodeName(node));
    const auto [first, fresh] = taken.emplace(target, config.key());
    if (fresh) continue;
    return Unexpected("project-config", JoinPath(JoinPath("configs", config.key()), "target"),
                      "a file of its own: configs." + first->second + " has this one",
                      Quoted(target));
  }
  return {};
}

Result<void> CheckConfig(const std::string& path, const bj::object& config) {
  const std::string target = TextOf(config, "target");
  if (!target.starts_with('/')) {
    return Unexpected("project-config", JoinPath(path, "target"), "an absolute path on the node",
                      Quoted(target));
  }
  // So that one file has one name.
  if (target.ends_with('/') || std::filesystem::path(target).lexically_normal() != target) {
    return Unexpected("project-config", JoinPath(path, "target"),
                      "the path of a file without \".\", \"..\" and needless \"/\"",
                      Quoted(target));
  }
  // NAME_MAX, less what the longest name beside the file adds: ".syncgate-", 12 digits, ".check".
  constexpr std::size_t kLongestName = 255 - 28;
  if (target.size() - target.find_last_of('/') - 1 > kLongestName) {
    return Unexpected("project-config", JoinPath(path, "target"),
                      "a file name of at most " + std::to_string(kLongestName) +
                          " bytes, so that the backup's name fits beside it",
                      Quoted(target));
  }
  return CheckFormat(path, config);
}

}  // namespace

Result<void> CheckRules(const bj::object& project) {
  TRY(CheckNodeNames(project.at("nodes").as_object()));
  TRY(CheckFollows(project.at("nodes").as_object()));
  if (const auto* data = project.if_contains("data")) TRY(CheckData(data->as_object()));
  if (const auto* configs = project.if_contains("configs")) {
    for (const auto& config : configs->as_object()) {
      TRY(CheckConfig(JoinPath("configs", config.key()), config.value().as_object()));
    }
    for (const auto& node : project.at("nodes").as_object()) {
      TRY(CheckTargets(configs->as_object(), node.key()));
    }
  }
  return CheckVerify(project);
}

}  // namespace syncgate
