// The normalised JSON as values. It satisfies schema and rules, so nothing here can fail.
#include <filesystem>

#include "formats/format.h"
#include "host/environment.h"
#include "json/json.h"
#include "project/internal.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

template <typename T = std::string>
std::vector<T> Texts(const bj::object& object, const char* key) {
  std::vector<T> list;
  const auto* value = object.if_contains(key);
  if (value == nullptr) return list;
  for (const auto& item : value->as_array()) list.emplace_back(std::string(item.as_string()));
  return list;
}

template <typename T>
T NumberOf(const bj::object& object, const char* key, T otherwise) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? otherwise : value->to_number<T>();
}

class Reader {
 public:
  explicit Reader(std::string directory) : directory_(std::move(directory)) {}

  std::string Path(const std::string& text) const { return ProjectPath(directory_, text); }

  Endpoint ToEndpoint(const bj::object& object) const {
    Endpoint endpoint;
    if (const auto* ssh = object.if_contains("ssh")) {
      SshSpec spec;
      static_cast<SshHop&>(spec) = ToHop(ssh->as_object());
      if (const auto* jump = ssh->as_object().if_contains("jump"))
        spec.jump = ToHop(jump->as_object());
      endpoint.ssh = std::move(spec);
    }
    if (const auto* mysql = object.if_contains("mysql"))
      endpoint.mysql = ToMysql(mysql->as_object());
    return endpoint;
  }

  NodeSpec ToNode(std::string_view name, const bj::object& object) const {
    NodeSpec node;
    static_cast<Endpoint&>(node) = ToEndpoint(object);
    node.name = NodeName(std::string(name));
    if (object.contains("follows")) node.follows = NodeName(TextOf(object, "follows"));
    if (const auto* test = object.if_contains("test")) {
      node.test = Texts(test->as_object(), "argv");
      node.test_timeout_ms = NumberOf(test->as_object(), "timeout_ms", node.test_timeout_ms);
    }
    for (std::string& word : node.test) word = WithNode(std::move(word), node.name);
    node.allow_shared = TextOf(object, "shared") == "allow";
    return node;
  }

  ProjectConfig ToConfig(std::string_view name, const bj::object& object) const {
    ProjectConfig config;
    config.name = ConfigName(std::string(name));
    config.source = Path(TextOf(object, "source"));
    config.target = TextOf(object, "target");
    config.format = TextOf(object, "format");
    config.keys = Texts(object, "keys");
    // The plan's format says what a raw file is checked to be; its one key is the whole file.
    if (object.contains("check")) config.format += ":" + TextOf(object, "check");
    if (TextOf(object, "format") == "raw") config.keys = {std::string(kWholeFile)};
    config.secrets = Texts(object, "secrets");
    config.deletes = object.at("deletes").as_bool();
    config.validate = Texts(object, "validate");
    config.restart = Texts(object, "restart");
    config.keep = NumberOf<std::uint64_t>(object, "keep", 0);
    const auto* sudo = object.if_contains("sudo");
    config.sudo = sudo != nullptr && sudo->as_bool();
    config.verify = ToChecks(object.at("verify").as_array());
    config.checks = CanonicalJson(object.at("verify"));
    return config;
  }

 private:
  SshHop ToHop(const bj::object& object) const {
    SshHop hop;
    hop.host = TextOf(object, "host");
    hop.port = NumberOf<std::uint16_t>(object, "port", 22);
    hop.user = TextOf(object, "user");
    hop.known_hosts = Path(TextOf(object, "known_hosts"));
    if (object.contains("key_file")) {
      hop.auth = SshAuth::kKeyFile;
      hop.auth_value = Path(TextOf(object, "key_file"));
    } else if (object.contains("key_env")) {
      hop.auth = SshAuth::kKeyEnv;
      hop.auth_value = TextOf(object, "key_env");
    } else if (object.contains("password_env")) {
      hop.auth = SshAuth::kPasswordEnv;
      hop.auth_value = TextOf(object, "password_env");
    }
    return hop;
  }

  PasswordSource ToPassword(const bj::object& object) const {
    return {TextOf(object, "password_env"), Path(TextOf(object, "password_file"))};
  }

  MysqlSpec ToMysql(const bj::object& object) const {
    MysqlSpec mysql;
    mysql.host = TextOf(object, "host");
    mysql.port = NumberOf<std::uint16_t>(object, "port", 3306);
    mysql.socket = TextOf(object, "socket");
    mysql.user = TextOf(object, "user");
    mysql.password = ToPassword(object);
    mysql.database = TextOf(object, "database");
    const std::string tls = TextOf(object, "tls");
    for (const TlsMode mode : {TlsMode::kRequired, TlsMode::kVerifyCa, TlsMode::kVerifyIdentity}) {
      if (tls == ToString(mode)) mysql.tls = mode;
    }
    mysql.ca_file = Path(TextOf(object, "ca_file"));
    if (const auto* reader = object.if_contains("reader")) {
      mysql.reader =
          MysqlReader{TextOf(reader->as_object(), "user"), ToPassword(reader->as_object())};
    }
    return mysql;
  }

  std::string directory_;
};

DataSpec ToData(const bj::object& object) {
  DataSpec data;
  data.exclude = Texts<TableName>(object, "exclude");
  data.sensitive_columns = Texts<std::string>(object, "sensitive_columns");
  const bj::object& limits = object.at("limits").as_object();
  data.max_changes = NumberOf<std::uint64_t>(limits, "changes", 0);
  data.max_deletes = NumberOf<std::uint64_t>(limits, "deletes", 0);
  data.max_threads_running = NumberOf<std::uint64_t>(limits, "threads_running", 0);
  const auto* tables = object.at("tables").if_object();
  data.all_tables = tables == nullptr;
  if (tables == nullptr) return data;
  for (const auto& member : *tables) {
    const bj::object& table = member.value().as_object();
    TableSpec& spec = data.tables.emplace_back();
    spec.table = TableName(std::string(member.key()));
    spec.where = TextOf(table, "where");
    spec.columns = Texts<ColumnName>(table, "columns");
    spec.ignore_columns = Texts<ColumnName>(table, "ignore_columns");
    spec.sensitive_columns = Texts<std::string>(table, "sensitive_columns");
    spec.deletes = table.at("deletes").as_bool();
    spec.allow_triggers = TextOf(table, "triggers") == "allow";
    spec.time_zone = TextOf(table, "time_zone");
  }
  return data;
}

std::optional<std::string> OptionalText(const bj::object& object, const char* key) {
  if (!object.contains(key)) return std::nullopt;
  return TextOf(object, key);
}

}  // namespace

std::vector<ProjectCheck> ToChecks(const bj::array& checks) {
  std::vector<ProjectCheck> list;
  for (const auto& value : checks) {
    const bj::object& object = value.as_object();
    ProjectCheck& check = list.emplace_back();
    check.name = TextOf(object, "name");
    check.passes = NumberOf(object, "passes", check.passes);
    check.attempts = NumberOf(object, "attempts", check.attempts);
    check.interval_ms = NumberOf(object, "interval_ms", check.interval_ms);
    check.timeout_ms = NumberOf(object, "timeout_ms", check.timeout_ms);
    if (const auto* http = object.if_contains("http")) {
      const bj::object& probe = http->as_object();
      check.http = HttpCheck{TextOf(probe, "url"),           TextOf(probe, "ca_file"),
                             NumberOf(probe, "status", 200), OptionalText(probe, "pointer"),
                             OptionalText(probe, "equals"),  OptionalText(probe, "equals_key")};
    }
    if (const auto* sql = object.if_contains("sql")) {
      const bj::object& probe = sql->as_object();
      check.sql = SqlCheck{TextOf(probe, "query"),
                           OptionalText(probe, "equals"),
                           OptionalText(probe, "equals_key"),
                           {}};
      if (probe.contains("rows")) check.sql->rows = NumberOf<std::uint64_t>(probe, "rows", 0);
    }
    if (const auto* command = object.if_contains("command")) {
      const bj::object& run = command->as_object();
      check.command =
          CommandCheck{Texts(run, "argv"), NumberOf(run, "exit", 0), TextOf(run, "contains")};
    }
  }
  return list;
}

Project ToProject(const bj::object& object, const std::string& directory) {
  const Reader reader(directory);
  Project project;
  project.directory = directory;
  if (const auto* source = object.if_contains("source")) {
    project.source = reader.ToEndpoint(source->as_object());
  }
  for (const auto& node : object.at("nodes").as_object()) {
    project.nodes.push_back(reader.ToNode(node.key(), node.value().as_object()));
  }
  project.encryption_required =
      TextOf(object.at("artifacts").as_object(), "encryption") == "required";
  if (const auto* data = object.if_contains("data")) {
    project.has_data = true;
    project.data = ToData(data->as_object());
  }
  if (const auto* configs = object.if_contains("configs")) {
    for (const auto& config : configs->as_object()) {
      project.configs.push_back(reader.ToConfig(config.key(), config.value().as_object()));
    }
  }
  return project;
}

const TableSpec* DataSpec::Find(const TableName& table) const {
  for (const TableSpec& spec : tables) {
    if (spec.table == table) return &spec;
  }
  return nullptr;
}

const NodeSpec* Project::FindNode(const NodeName& node) const {
  for (const NodeSpec& spec : nodes) {
    if (spec.name == node) return &spec;
  }
  return nullptr;
}

std::string ProjectConfig::SourceOf(const NodeName& node) const { return WithNode(source, node); }

std::string ProjectPath(const std::string& directory, const std::string& text) {
  if (text.empty() || text.starts_with('/')) return text;
  if (text == "~" || text.starts_with("~/")) {
    if (const auto home = GetEnv("HOME")) return *home + text.substr(1);
  }
  return (std::filesystem::path(directory) / text).lexically_normal().string();
}

std::string WithNode(std::string text, const NodeName& node) {
  constexpr std::string_view kMark = "{node}";
  for (std::size_t at = text.find(kMark); at != text.npos;
       at = text.find(kMark, at + node.str().size())) {
    text.replace(at, kMark.size(), node.str());
  }
  return text;
}

const char* ToString(TlsMode mode) {
  switch (mode) {
    case TlsMode::kOff:
      return "off";
    case TlsMode::kRequired:
      return "required";
    case TlsMode::kVerifyCa:
      return "verify_ca";
    case TlsMode::kVerifyIdentity:
      return "verify_identity";
  }
  return "off";
}

}  // namespace syncgate
