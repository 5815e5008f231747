#include "node/node_database.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "common/messages.h"
#include "common/specs.h"
#include "data/dependents.h"
#include "mysql/catalog.h"
#include "mysql/kill.h"

namespace syncgate {
namespace {

constexpr int kReconnects = 6;  // with pauses of 1, 2, 4, 8, 16 s between them

std::unexpected<Error> SchemaChanged(const TableName& table, const std::string& what) {
  return Fail(ErrorKind::kRefused, "schema-changed",
              "table " + table.str() + " has changed on the node since it was compared: " + what,
              "run compare and generate-sql again");
}

Result<LiveTable> Match(const PlannedTable& planned, const TableDef& live) {
  LiveTable table;
  table.shape.name = planned.table;
  table.shape.key_index = planned.key_index;
  if (live.engine != "InnoDB") return SchemaChanged(planned.table, "its engine is " + live.engine);
  for (const TableColumn& column : planned.columns) {
    const auto found = live.FindColumn(column.name);
    if (!found) return SchemaChanged(planned.table, "column " + column.name.str() + " is gone");
    const Column& now = live.columns[*found];
    if (now.kind != column.kind || now.type != column.type || now.generated != column.generated) {
      return SchemaChanged(planned.table, "column " + column.name.str() + " is " + now.type);
    }
    table.shape.columns.push_back(now);
  }
  const auto key = std::ranges::find(live.unique_keys, planned.key_index, &UniqueKey::index);
  const auto key_columns =
      key == live.unique_keys.end() ? std::vector<std::size_t>() : key->Columns();
  if (key_columns.size() != planned.key.size()) {
    return SchemaChanged(planned.table, "its key " + planned.key_index + " is another");
  }
  for (std::size_t i = 0; i < planned.key.size(); ++i) {
    if (live.columns[key_columns[i]].name != planned.key[i]) {
      return SchemaChanged(planned.table, "its key " + planned.key_index + " is another");
    }
    const auto place = std::ranges::find(planned.columns, planned.key[i], &TableColumn::name);
    if (place == planned.columns.end()) {
      return Fail(ErrorKind::kBadArtifact, "artifact-invalid", "the plan lacks a key column",
                  "run generate-sql again");
    }
    table.shape.key.push_back(static_cast<std::size_t>(place - planned.columns.begin()));
  }
  std::size_t seen = 0;
  for (const Column& column : live.columns) {
    if (std::ranges::find(planned.columns, column.name, &TableColumn::name) !=
        planned.columns.end()) {
      ++seen;
      continue;
    }
    if (std::ranges::find(planned.ignored, column.name) == planned.ignored.end()) {
      return SchemaChanged(planned.table, "column " + column.name.str() + " is new");
    }
    table.unseen.push_back(column);
  }
  if (seen != planned.columns.size()) return SchemaChanged(planned.table, "its columns are others");
  return table;
}

Result<void> CheckSideEffects(const PlannedTable& planned, const TableDef& live,
                              const TableSpec* spec, const Server& server) {
  const bool allowed = spec != nullptr && spec->allow_triggers;
  if (!allowed && (!live.triggers.empty() || !server.privileges.SeesTriggers(planned.table))) {
    return Fail(ErrorKind::kRefused,
                live.triggers.empty() ? "triggers-invisible" : "table-has-triggers",
                "table " + planned.table.str() +
                    (live.triggers.empty()
                         ? ": the account may not see whether it has triggers"
                         : " has trigger " + live.triggers.front() + ", which writing would fire"),
                "say `triggers: allow` in the table's entry if that is meant");
  }
  if (planned.deletes > 0 && !server.children_visible) {
    const Diagnostic refusal = ChildrenInvisible(server, planned.table);
    return Fail(ErrorKind::kRefused, refusal.code, refusal.message, refusal.hint);
  }
  return {};
}

}  // namespace

Result<void> NodeDatabase::Connect(std::chrono::seconds lock_wait) {
  lock_.reset();
  server_.reset();
  server_ =
      TRY(OpenServer(spec_, spec_.name.str(), Login::kWriter,
                     access_ == Access::kWrite ? SessionRole::kWriter : SessionRole::kReader));
  identity_ = server_->facts.identity;
  if (access_ == Access::kWrite) {
    lock_.emplace(TRY(AdvisoryLock::Acquire(*server_->session, server_->database(), lock_wait)));
  }
  return {};
}

Result<std::unique_ptr<NodeDatabase>> NodeDatabase::Open(const NodeSpec& spec, Access access) {
  auto database = std::unique_ptr<NodeDatabase>(new NodeDatabase(spec, access));
  TRY(database->Connect(std::chrono::seconds(0)));
  if (access == Access::kWrite) TRY(database->RequireWritable());
  return database;
}

Result<void> NodeDatabase::RequireWritable() const {
  for (const Diagnostic& diagnostic : WritePreflight(*server_)) {
    if (diagnostic.severity == Severity::kRefusal) {
      return Fail(ErrorKind::kRefused, diagnostic.code, diagnostic.message, diagnostic.hint);
    }
    Say(diagnostic);
  }
  return {};
}

Result<void> NodeDatabase::Reconnect() {
  const std::uint64_t lost = server_ ? server_->session->connection_id() : 0;
  auto pause = std::chrono::seconds(1);
  Error last;
  for (int attempt = 1; attempt <= kReconnects; ++attempt) {
    // Without the lock first: the old session may still hold it and has to be ended.
    lock_.reset();
    server_.reset();
    auto server = OpenServer(spec_, spec_.name.str(), Login::kWriter, SessionRole::kWriter);
    if (server && (*server)->facts.identity != identity_) {
      last = Error{ErrorKind::kTryLater, "server-changed", "another server answers", "", {}};
    } else if (server && (*server)->facts.read_only) {
      // As a member is that has just come back to its group.
      last = Error{ErrorKind::kTryLater, "server-read-only", "it is read-only", "", {}};
    } else if (server) {
      server_ = std::move(*server);
      if (lost != 0) (void)KillConnection(*server_->session, lost);
      auto lock =
          AdvisoryLock::Acquire(*server_->session, server_->database(), std::chrono::seconds(10));
      if (lock) {
        lock_.emplace(std::move(*lock));
        return {};
      }
      last = lock.error();
    } else {
      last = server.error();
    }
    if (attempt == kReconnects) break;
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
  return Fail(
      ErrorKind::kOutcomeUnknown, "target-unreachable",
      spec_.name.str() + ": the connection was lost and could not be made again (" + last.message +
          ")",
      "when the node can be reached, run the step again: it looks first and goes on from there");
}

Result<std::vector<LiveTable>> NodeDatabase::LoadTables(const NodePlan& plan,
                                                        const DataSpec& data) {
  std::vector<LiveTable> tables;
  if (plan.tables.empty()) return tables;
  const std::string flavor = server_->facts.server.flavor == Flavor::kMySql ? "mysql" : "mariadb";
  if (flavor != plan.flavor) {
    return Fail(ErrorKind::kRefused, "server-changed",
                spec_.name.str() + " runs " + flavor + ", the plan was made for " + plan.flavor,
                "run compare and generate-sql again");
  }
  for (const PlannedTable& planned : plan.tables) {
    if (!MayWrite(data, planned.table)) {
      return Fail(ErrorKind::kRefused, "table-not-allowed",
                  "table " + planned.table.str() + " may not be written by this project",
                  "name it in data.tables");
    }
    auto live = LoadTable(*server_->session, server_->database(), planned.table);
    if (!live && live.error().code == "table-unknown")
      return SchemaChanged(planned.table, "it is gone");
    if (!live) return std::unexpected(std::move(live).error());
    TRY(CheckSideEffects(planned, *live, data.Find(planned.table), *server_));
    tables.push_back(TRY(Match(planned, *live)));
    tables.back().cascading = CascadingKeys(*live);
    tables.back().row_estimate = live->row_estimate;
    tables.back().refers_to_itself = std::ranges::any_of(
        live->foreign_keys, [&](const ForeignKey& key) { return key.parent == live->name; });
  }
  return tables;
}

RenderContext NodeDatabase::ContextFor(const LiveTable& table) const {
  RenderContext context;
  context.shape = table.shape;
  context.server = server_->facts.server;
  context.row_by_row =
      table.refers_to_itself || SmallForMariaDb(context.server, table.row_estimate);
  for (const Column& column : table.unseen) {
    if (column.generated) continue;
    if (column.on_update_now) context.touch_not.push_back(column.name);
    if (!column.has_default && !column.nullable && !column.auto_increment)
      context.keyed_updates = true;
  }
  return context;
}

}  // namespace syncgate
