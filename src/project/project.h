// syncgate.yml as values: validated, defaults filled, paths absolute. Secrets are not here: a *_env
// names the variable and a *_file the file that a step reads when it needs them
// (host/environment.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/names.h"
#include "core/result.h"

namespace syncgate {

// Where a password is: exactly one is set, or none (socket authentication).
struct PasswordSource {
  std::string env;
  std::string file;
};

enum class SshAuth : std::uint8_t { kKeyFile, kKeyEnv, kAgent, kPasswordEnv };

// One SSH hop.
struct SshHop {
  std::string host;
  std::uint16_t port = 22;
  std::string user;
  SshAuth auth = SshAuth::kAgent;
  std::string auth_value;   // the key file, or the name of the variable; empty for the agent
  std::string known_hosts;  // default ~/.ssh/known_hosts
};

struct SshSpec : SshHop {
  std::optional<SshHop> jump;
};

enum class TlsMode : std::uint8_t { kOff, kRequired, kVerifyCa, kVerifyIdentity };

struct MysqlReader {
  std::string user;
  PasswordSource password;
};

struct MysqlSpec {
  std::string host;  // as seen from the end of the SSH connection; empty with `socket`
  std::uint16_t port = 3306;
  std::string socket;  // on that machine, too
  std::string user;
  PasswordSource password;
  std::string database;
  // Default: off behind SSH, over a socket and to this machine; required over an open network.
  TlsMode tls = TlsMode::kOff;
  std::string ca_file;
  std::optional<MysqlReader> reader;  // compare logs in as this user
};

struct Endpoint {
  std::optional<SshSpec> ssh;
  std::optional<MysqlSpec> mysql;  // a node without one has configurations only
};

struct NodeSpec : Endpoint {
  NodeName name;
  std::optional<NodeName> follows;
  std::vector<std::string>
      test;  // argv of the team's functional test, {node} replaced; empty: none
  int test_timeout_ms = 1800000;
  bool allow_shared = false;
};

struct TableSpec {
  TableName table;
  std::string where;                // empty: every row
  std::vector<ColumnName> columns;  // empty: all but ignore_columns
  std::vector<ColumnName> ignore_columns;
  std::vector<std::string> sensitive_columns;  // names or patterns; each matches some column
  bool deletes = false;
  bool allow_triggers = false;
  std::string time_zone = "+00:00";  // of the literals in `where`
};

struct DataSpec {
  bool all_tables = false;                     // `tables: all`; then `tables` is empty
  std::vector<TableSpec> tables;               // in the order of the file
  std::vector<TableName> exclude;              // of all_tables
  std::vector<std::string> sensitive_columns;  // patterns, in every table
  std::uint64_t max_changes = 100000;
  std::uint64_t max_deletes = 1000;
  std::uint64_t max_threads_running = 25;  // statements at work on a node; with more we wait

  const TableSpec* Find(const TableName& table) const;
};

struct HttpCheck {
  std::string url;
  std::string ca_file;  // as written; ProjectPath finds it
  int status = 200;
  std::optional<std::string> pointer;     // RFC 6901; "" is the whole body
  std::optional<std::string> equals;      // what stands there, as text
  std::optional<std::string> equals_key;  // or: the planned value of this configuration key
};

struct CommandCheck {
  std::vector<std::string> argv;
  int exit = 0;
  std::string contains;  // in stdout; empty: anything
};

struct SqlCheck {
  std::string query;                  // CheckQuery has let it pass
  std::optional<std::string> equals;  // one of the three
  std::optional<std::string> equals_key;
  std::optional<std::uint64_t> rows;
};

struct ProjectCheck {
  // Unique within the configuration. Default: "http <url>", "command <argv[0]>", "sql <query>".
  std::string name;
  std::optional<HttpCheck> http;  // one of the three
  std::optional<CommandCheck> command;
  std::optional<SqlCheck> sql;
  int passes = 1;  // in a row
  int attempts = 10;
  int interval_ms = 1000;
  int timeout_ms = 5000;  // of one attempt
};

struct ProjectConfig {
  ConfigName name;
  std::string source;             // {node} not yet replaced (SourceOf)
  std::string target;             // absolute, on the node
  std::string format;             // as FindFormat takes it: "dotenv", "raw:ini" with `check: ini`
  std::vector<std::string> keys;  // patterns; with raw the whole file
  std::vector<std::string> secrets;  // patterns
  bool deletes = false;              // keys that the source lacks may be removed
  std::vector<std::string> validate;
  std::vector<std::string> restart;
  std::uint64_t keep = 0;  // how many backups remain on the node; 0: all
  bool sudo = false;       // file, validate and restart through `sudo -n`
  std::vector<ProjectCheck> verify;
  std::string checks;  // canonical JSON of `verify`, defaults filled; ParseChecks reads it

  std::string SourceOf(const NodeName& node) const;
};

struct Project {
  std::string file;       // as it was given
  std::string directory;  // that relative paths start from
  std::optional<Endpoint> source;
  std::vector<NodeSpec> nodes;       // in the order of the file
  bool encryption_required = false;  // of artifacts
  bool has_data = false;             // whether there is a `data` section
  DataSpec data;
  std::vector<ProjectConfig> configs;
  std::string
      canonical;  // canonical JSON with defaults, paths as written: the same on every machine
  Digest digest;  // of `canonical`

  const NodeSpec* FindNode(const NodeName& node) const;
};

// Errors, all kFixProject: "project-missing" (no such file), "project-syntax" (no YAML, or YAML we
// do not take), "project-invalid" (the schema), and those of the rules across fields:
// "project-follows", "project-credential", "project-address", "project-tls", "project-tables",
// "project-columns", "project-where", "project-pattern", "project-check", "project-config",
// "project-node", "project-time-zone". A message is "<file>: <path>: expected <what>, found
// <what>".
Result<Project> LoadProject(const std::string& path);

// The same from text; `file` is for messages and for relative paths.
Result<Project> ParseProject(const std::string& text, const std::string& file);

// The checks of PlannedConfig::checks.
Result<std::vector<ProjectCheck>> ParseChecks(const std::string& checks);

// A condition that is to stand between parentheses in a SELECT: no `;`, no comment, no open quote,
// no parenthesis that closes more than it opened. Errors: kUsage "where-unsafe"; the message says
// what it found.
Result<void> CheckWhere(const std::string& where);

// One SELECT (also WITH ... SELECT) that writes nothing and locks nothing: no `;`, no comment, none
// of the words that write, lock or store. Errors: kUsage "query-unsafe"; the message says what it
// found. A server that is told the transaction is READ ONLY is the second line behind this one.
Result<void> CheckQuery(const std::string& query);

// A path of the project file as a step opens it: relative ones start in the file's `directory`,
// "~/" in the home directory. Empty stays empty.
std::string ProjectPath(const std::string& directory, const std::string& text);

// `{node}` replaced everywhere.
std::string WithNode(std::string text, const NodeName& node);

const char* ToString(TlsMode mode);  // as in the file

}  // namespace syncgate
