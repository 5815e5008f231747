// The artifacts as values: one struct a document, field by field what schemas/<kind>.v1.schema.json
// says (the schema describes, this file names; json_*.cpp maps between them). Bulk rows are not
// here: they live in JSON Lines files that a document names by path and digest (rows.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/change.h"
#include "core/counts.h"
#include "core/diagnostic.h"
#include "core/digest.h"
#include "core/names.h"
#include "core/table.h"

namespace syncgate {

// Which CI run, or which person, made an artifact.
struct RunInfo {
  std::string provider;  // "github", "gitlab", "local"
  std::string id;
  std::string url;
  std::string actor;
  std::string commit;
  std::string attempt = {};  // of GitHub's run, or GitLab's job; empty where unknown
};

// A file that a document was made from or that belongs to it. `path` is relative to the artifacts
// directory, always with '/', never absolute, never with "..".
struct FileRef {
  std::string path;
  std::string kind;  // "diff", "plan", "rows", "sql", "journal", ...
  Digest sha256;
  std::uint64_t lines = 0;  // JSON Lines files only
};

struct Header {
  std::string kind;  // "diff", "plan", "receipt", "verdict"
  int format_version = 1;
  std::string tool;  // "syncgate 0.1.0"
  Digest digest;     // of the document without this member; set on writing, checked on reading
  RunInfo run;
  std::string created_at;  // RFC 3339, UTC
  std::vector<FileRef> inputs;
  std::string result;  // "success", "differences", "refused", "failed", "interrupted"
  TargetState target_state = TargetState::kUnknown;
  std::string summary;  // one line for people
  std::vector<Diagnostic> diagnostics;
};

// One server as compare met it.
struct ServerFacts {
  std::string flavor;  // "mysql", "mariadb"
  std::string version;
  std::string
      identity;  // server uuid or server_id@host:port: tells whether two nodes are one server
  std::string database;
  std::string binlog_format;
  bool read_only = false;
  std::vector<std::string> replicates_from;  // identities or host:port of its sources
  std::uint64_t max_allowed_packet = 0;      // bytes; no statement may be longer
  // False: a foreign key from another database onto ours could be there unseen.
  bool children_visible = true;
  std::vector<std::string> same_server_as;  // "source" or nodes that are this very server
};

struct TableColumn {
  ColumnName name;
  ColumnKind kind = ColumnKind::kUnknown;
  std::string type;
  bool generated = false;
  bool nullable = false;
};

// A unique index of the node's table beside its key.
struct UniqueKeyDoc {
  std::string index;
  std::vector<ColumnName> columns;  // those whose values decide; of an expression, those it names
  std::vector<ColumnName>
      nullable;      // of these: can be written as NULL, which conflicts with nothing
  std::string kind;  // "whole", "prefix", "expression", "opaque" (outside the comparison)
};

// One table of one node in a diff.
struct TableDiff {
  TableName table;
  std::string status;  // "equal", "different", "refused", "unstable", "not_compared" (with --quick:
                       // counts only)
  std::string engine;
  std::string key_index;             // index that identifies rows
  std::vector<ColumnName> key;       // its columns
  std::vector<TableColumn> columns;  // compared columns, in the order of the row images
  std::vector<ColumnName> ignored;   // on the node but not compared
  std::vector<ColumnName>
      ignored_required;  // of these: NOT NULL without default; an insert cannot leave them out
  std::vector<ColumnName>
      ignored_on_update;  // of these: ON UPDATE CURRENT_TIMESTAMP; a write must hold them still
  std::string where;      // empty: the whole table
  bool deletes = false;   // extra rows may be deleted
  std::uint64_t row_estimate = 0;
  std::vector<std::string> triggers;
  std::vector<UniqueKeyDoc> unique_keys;    // beside the key
  std::vector<ForeignKey> foreign_keys;     // onto its parents
  std::vector<ForeignKey> referenced_by;    // of its children; parent, parent_columns: the child's
  std::vector<std::string> missing_rights;  // of the account, as SHOW GRANTS names them
  TableCounts counts;
  std::vector<Diagnostic> diagnostics;
  std::vector<ColumnName> sensitive = {};  // of the columns: shown as changed, never their values
};

struct ConfigDiffDoc {
  ConfigName config;
  std::string target;
  std::string format;
  Digest before_digest;  // of the whole target file; empty where the file is a secret as a whole
  Digest after_digest;   // of the file with the changes made
  std::vector<ConfigChange> changes;
  std::vector<ConfigKey> kept = {};          // only the node has them, and they stay
  std::vector<ConfigKey> same_secrets = {};  // those that differ are among `changes`
};

struct NodeDiff {
  NodeName node;
  std::string ad_hoc_host;  // of --prod-host, reached in place of the node's; empty: the node's
  ServerFacts server;
  std::vector<TableDiff> tables;
  std::vector<ConfigDiffDoc> configs;
  std::optional<FileRef> rows;  // changes of all tables, in table order, key order
};

struct DiffDoc {
  Header header;
  Digest project_digest;
  bool quick = false;
  bool has_data = true;     // false with --only config
  bool has_configs = true;  // false with --only data
  ServerFacts source;
  std::vector<NodeDiff> nodes;
};

// One SQL statement: bytes [offset, offset + length) of the batch's sql file, run as they stand.
struct PlannedStatement {
  ChangeKind kind = ChangeKind::kUpdate;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t rows = 0;
};

// One transaction: consecutive lines of the node's changes file.
struct PlannedBatch {
  std::uint64_t id = 0;            // 1, 2, ... in the order of execution
  std::uint64_t table = 0;         // position in NodePlan::tables
  std::uint64_t file = 0;          // position in NodePlan::sql_files
  std::uint64_t first_change = 0;  // line number from 0 in the changes file
  std::vector<PlannedStatement> statements;
  // Rows that wait for one another in a circle: all of them move together or none. The first
  // statements, which cover no row, park them: with NULL in these columns or, where there are none,
  // by deleting rows that the next statement inserts anew (data/render.h, RenderCycle).
  std::optional<std::vector<ColumnName>> parked;
};

struct PlannedTable {
  TableName table;
  std::string key_index;
  std::vector<ColumnName> key;
  std::vector<TableColumn> columns;
  std::vector<ColumnName> ignored;
  std::uint64_t inserts = 0;
  std::uint64_t updates = 0;
  std::uint64_t deletes = 0;
  std::vector<ColumnName> sensitive = {};  // of the columns: shown as changed, never their values
};

struct PlannedConfig {
  ConfigName config;
  std::string target;
  std::string format;
  Digest before_digest;
  Digest after_digest;
  std::vector<ConfigChange> changes;
  std::vector<std::string> validate;
  std::vector<std::string> restart;
  std::string checks;      // canonical JSON of the entry's `verify` list
  std::uint64_t keep = 0;  // backups on the node that remain; 0: all
  bool sudo = false;       // file, validate and restart through `sudo -n`
};

struct NodePlan {
  NodeName node;
  std::optional<NodeName> follows;
  std::string flavor;  // the SQL is rendered for it
  std::string version;
  std::vector<PlannedTable> tables;
  std::vector<FileRef> sql_files;
  std::vector<FileRef> reverse_files;
  std::optional<FileRef> changes;  // JSON Lines of RowChange, in the order of execution
  std::vector<PlannedBatch> batches;
  std::vector<PlannedConfig> configs;
  std::vector<std::string> test;  // the team's functional test, argv
};

struct PlanDoc {
  Header header;
  Digest plan_digest;  // over everything that will run, without the header
  Digest project_digest;
  std::vector<NodePlan> nodes;
  std::vector<FileRef> reviews = {};  // what people looked at; not part of the plan digest
};

struct ConfigOutcome {
  ConfigName config;
  std::string target;
  std::string state;  // "moved", "already", "untouched", "restored"
  std::string backup;
  Digest before_digest;
  Digest after_digest;
  bool restarted = false;
};

// Who let a run go ahead, as the CI system or the command line tells it. Not proven by anything: it
// is as good as the CI system's word.
struct Approval {
  std::string by;   // empty: nobody that we know of
  std::string how;  // "named", "manual-job", "dispatch", "command-line", "none"
};

// apply-node's and rollback's result for one node.
struct ReceiptDoc {
  Header header;
  NodeName node;
  Digest plan_digest;
  std::string direction;  // "apply", "rollback"
  std::uint64_t sequence =
      0;  // run number in the node's journal of this plan: later runs have higher ones
  bool dry_run = false;
  bool verified = false;  // every change was read at its end while locked, or found there
  std::uint64_t batches_total = 0;
  std::uint64_t batches_done = 0;
  std::uint64_t moved = 0;    // rows syncgate moved, in this or an earlier run of the same plan
  std::uint64_t already = 0;  // rows found at their end
  std::uint64_t drifted = 0;
  std::optional<FileRef> rows;     // JSON Lines, one a key: table, key, state
  std::optional<FileRef> journal;  // before-images
  std::vector<ConfigOutcome> configs;
  std::string override_reason;            // of --override-gate
  std::optional<Approval> approval = {};  // absent in receipts of older versions
};

struct CheckOutcome {
  std::string name;
  std::string kind;  // "rows", "file", "http", "command", "sql", "test"
  bool passed = false;
  std::uint64_t attempts = 1;
  std::string detail;
  std::string output{};  // of a test: the end of what it wrote, without secrets; UTF-8
};

struct VerdictDoc {
  Header header;
  NodeName node;
  Digest plan_digest;
  std::vector<CheckOutcome> checks;
  std::optional<FileRef> junit = {};  // the same for CI systems
};

}  // namespace syncgate
