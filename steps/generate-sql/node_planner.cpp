#include "generate-sql/node_planner.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "artifact/rows.h"
#include "artifact/store.h"
#include "data/batcher.h"
#include "data/guard_columns.h"
#include "data/order.h"
#include "data/render.h"
#include "generate-sql/sql_file.h"

namespace syncgate {
namespace {

// A name that any file system, archive and CI system takes, telling which table it is about.
std::string FileNameFor(std::size_t number, const std::string& phase, const TableName& table) {
  std::string name = table.str().substr(0, 40);
  std::ranges::replace_if(
      name,
      [](char c) { return !std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-'; },
      '_');
  char digits[8];
  std::snprintf(digits, sizeof digits, "%04zu", number % 10000);
  return std::string(digits) + "-" + phase + "-" + name + ".sql";
}

RenderContext ContextFor(const TableDiff& table, const ServerInfo& server) {
  RenderContext context;
  context.shape.name = table.table;
  context.shape.key_index = table.key_index;
  for (const TableColumn& column : table.columns) {
    Column made;
    made.name = column.name;
    made.kind = column.kind;
    made.type = column.type;
    made.generated = column.generated;
    context.shape.columns.push_back(std::move(made));
  }
  for (const ColumnName& name : table.key) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name == name) context.shape.key.push_back(i);
    }
  }
  context.server = server;
  context.touch_not = table.ignored_on_update;
  context.keyed_updates = !table.ignored_required.empty();
  return context;
}

class NodePlanner {
 public:
  NodePlanner(const std::string& artifacts, const std::string& output, const NodeDiff& diff)
      : artifacts_(artifacts), output_(output), diff_(diff) {}

  Result<NodePlan> Plan(const std::vector<std::size_t>& positions) {
    server_ = TRY(ServerOf(diff_.server));
    plan_.node = diff_.node;
    plan_.flavor = diff_.server.flavor;
    plan_.version = diff_.server.version;
    if (!diff_.rows) return plan_;
    rows_.emplace(TRY(RowsReader::Open(artifacts_, *diff_.rows)));
    TRY(FindTables());
    changes_.emplace(TRY(RowsWriter::Create(output_, PlanChangesFile(diff_.node))));
    const auto order = TRY(OrderTables(positions));
    for (const auto position : order) AddTable(position);
    for (std::size_t i = order.size(); i-- > 0;) TRY(AddPhase(i, "delete", {ChangeKind::kDelete}));
    for (std::size_t i = 0; i < order.size(); ++i) {
      TRY(AddPhase(i, "upsert", {ChangeKind::kUpdate, ChangeKind::kInsert}));
    }
    plan_.changes = TRY(changes_->Finish("changes"));
    TRY(WriteReverse());
    return plan_;
  }

 private:
  // Where each table's rows begin in the diff's rows: they stand table by table.
  Result<void> FindTables() {
    starts_.resize(diff_.tables.size());
    std::optional<std::uint64_t> last;
    while (true) {
      const auto mark = rows_->Tell();
      const auto line = TRY(rows_->Next());
      if (!line) return {};
      if (line->table >= diff_.tables.size() || (last && line->table < *last)) {
        return Fail(ErrorKind::kBadArtifact, "artifact-invalid",
                    diff_.rows->path + " names tables that the diff does not, or out of order",
                    "run compare again");
      }
      if (last != line->table) starts_[line->table] = mark;
      last = line->table;
    }
  }

  Result<std::vector<std::size_t>> OrderTables(const std::vector<std::size_t>& positions) {
    std::vector<TableName> names;
    std::vector<std::vector<TableName>> parents;
    std::vector<std::size_t> wanted;
    for (const auto position : positions) {
      if (!starts_[position]) continue;  // nothing to change
      wanted.push_back(position);
      names.push_back(diff_.tables[position].table);
      parents.push_back(diff_.tables[position].parents);
    }
    std::vector<std::size_t> order;
    for (const auto place : TRY(ParentsFirst(names, parents))) order.push_back(wanted[place]);
    return order;
  }

  void AddTable(std::size_t position) {
    const TableDiff& table = diff_.tables[position];
    plan_.tables.push_back(
        {table.table, table.key_index, table.key, table.columns, table.ignored, 0, 0, 0});
    positions_.push_back(position);
    contexts_.push_back(ContextFor(table, server_));
  }

  Result<void> AddPhase(std::size_t index, const std::string& phase,
                        const std::vector<ChangeKind>& kinds) {
    std::optional<SqlFile> file;
    for (const ChangeKind kind : kinds) {
      Batcher batcher([&](std::vector<RowChange>&& changes) -> Result<void> {
        if (file && file->Full()) {
          plan_.sql_files.push_back(TRY(file->Finish()));
          file.reset();
        }
        if (!file) {
          const std::string name =
              FileNameFor(plan_.sql_files.size() + 1, phase, plan_.tables[index].table);
          file.emplace(TRY(SqlFile::Create(output_, PlanDirectory(diff_.node) + "/" + name,
                                           "plan for " + diff_.node.str() + ", " + phase +
                                               "s of table " + plan_.tables[index].table.str())));
        }
        return AddBatch(index, *file, kind, changes);
      });
      TRY(ForEachChange(index, kind,
                        [&](RowChange&& change) { return batcher.Add(std::move(change)); }));
      TRY(batcher.Finish());
    }
    if (file) plan_.sql_files.push_back(TRY(file->Finish()));
    return {};
  }

  // The table's changes of one kind, in the diff's order.
  Result<void> ForEachChange(std::size_t index, ChangeKind kind,
                             const std::function<Result<void>(RowChange&&)>& use) {
    const std::size_t position = positions_[index];
    TRY(rows_->SeekTo(*starts_[position]));
    while (auto line = TRY(rows_->Next())) {
      if (line->table != position) break;
      if (line->change.kind != kind) continue;
      TRY(CheckChange(index, line->change));
      TRY(use(std::move(line->change)));
    }
    return {};
  }

  // Images must fit the columns they are said to be of; what cannot be written is refused here, not
  // on the node.
  Result<void> CheckChange(std::size_t index, const RowChange& change) {
    const TableDiff& table = diff_.tables[positions_[index]];
    const TableShape& shape = contexts_[index].shape;
    const bool fits = change.key.size() == shape.key.size() &&
                      change.before.has_value() == (change.kind != ChangeKind::kInsert) &&
                      change.after.has_value() == (change.kind != ChangeKind::kDelete) &&
                      (!change.before || change.before->size() == shape.columns.size()) &&
                      (!change.after || change.after->size() == shape.columns.size());
    if (!fits) {
      return Fail(
          ErrorKind::kBadArtifact, "artifact-invalid",
          diff_.rows->path + ": a row of table " + table.table.str() + " does not fit its columns",
          "run compare again");
    }
    if (change.kind == ChangeKind::kInsert && !table.ignored_required.empty()) {
      return Fail(ErrorKind::kRefused, "insert-lacks-column",
                  "table " + table.table.str() + ": rows are missing on " + diff_.node.str() +
                      ", and the ignored column " + table.ignored_required.front().str() +
                      " has no default to insert them with",
                  "give the column a default, or stop ignoring it");
    }
    if (change.kind == ChangeKind::kUpdate && GuardEqual(shape, *change.before, *change.after)) {
      return Fail(ErrorKind::kRefused, "generated-differs",
                  "table " + table.table.str() +
                      ": a row differs in a generated column only, which cannot be written",
                  "bring the column's expression on both sides together, or ignore it");
    }
    return {};
  }

  Result<void> AddBatch(std::size_t index, SqlFile& file, ChangeKind kind,
                        const std::vector<RowChange>& changes) {
    PlannedBatch batch;
    batch.id = plan_.batches.size() + 1;
    batch.table = index;
    batch.file = plan_.sql_files.size();
    batch.first_change = changes_->lines();
    batch.statements = TRY(file.AddBatch(contexts_[index], batch.id, kind, changes));
    for (const RowChange& change : changes) TRY(changes_->Append(index, change));
    PlannedTable& table = plan_.tables[index];
    (kind == ChangeKind::kInsert   ? table.inserts
     : kind == ChangeKind::kDelete ? table.deletes
                                   : table.updates) += changes.size();
    plan_.batches.push_back(std::move(batch));
    return {};
  }

  // The same batches backwards, each change turned around.
  Result<void> WriteReverse() {
    auto reader = TRY(RowsReader::Open(output_, *plan_.changes));
    std::vector<RowsReader::Mark> marks;
    for (const PlannedBatch& batch : plan_.batches) {
      marks.push_back(reader.Tell());
      TRY(reader.Skip(RowsOf(batch)));
    }
    std::optional<SqlFile> file;
    std::optional<std::uint64_t> source_file;
    const auto finish = [&]() -> Result<void> {
      if (file) plan_.reverse_files.push_back(TRY(file->Finish()));
      file.reset();
      return {};
    };
    for (std::size_t i = plan_.batches.size(); i-- > 0;) {
      const PlannedBatch& batch = plan_.batches[i];
      if (source_file != batch.file) {
        TRY(finish());
        source_file = batch.file;
        const std::string name =
            FileNameFor(plan_.reverse_files.size() + 1, "reverse", plan_.tables[batch.table].table);
        file.emplace(TRY(SqlFile::Create(output_, PlanDirectory(diff_.node) + "/reverse/" + name,
                                         "takes back the plan for " + diff_.node.str() +
                                             ", table " + plan_.tables[batch.table].table.str())));
      }
      TRY(reader.SeekTo(marks[i]));
      std::vector<RowChange> reversed;
      for (std::uint64_t row = 0; row < RowsOf(batch); ++row) {
        auto line = TRY(reader.Next());
        if (line) reversed.push_back(Reversed(line->change));
      }
      TRY(file->AddBatch(contexts_[batch.table], batch.id, reversed.front().kind, reversed));
    }
    return finish();
  }

  static std::uint64_t RowsOf(const PlannedBatch& batch) {
    std::uint64_t rows = 0;
    for (const PlannedStatement& statement : batch.statements) rows += statement.rows;
    return rows;
  }

  const std::string& artifacts_;
  const std::string& output_;
  const NodeDiff& diff_;
  ServerInfo server_;
  NodePlan plan_;
  std::optional<RowsReader> rows_;
  std::optional<RowsWriter> changes_;
  std::vector<std::optional<RowsReader::Mark>> starts_;  // by position in the diff
  std::vector<std::size_t> positions_;                   // of plan_.tables in the diff
  std::vector<RenderContext> contexts_;                  // beside plan_.tables
};

}  // namespace

Result<ServerInfo> ServerOf(const ServerFacts& facts) {
  ServerInfo server;
  server.flavor = facts.flavor == "mysql" ? Flavor::kMySql : Flavor::kMariaDb;
  server.version = facts.version;
  if (std::sscanf(facts.version.c_str(), "%d.%d.%d", &server.major, &server.minor, &server.patch) !=
      3) {
    return Fail(ErrorKind::kBadArtifact, "artifact-invalid",
                "the diff names no server version that could be read: " + facts.version,
                "run compare again");
  }
  return server;
}

Result<NodePlan> PlanNode(const std::string& artifacts, const std::string& output,
                          const NodeDiff& diff, const std::vector<std::size_t>& positions) {
  return NodePlanner(artifacts, output, diff).Plan(positions);
}

}  // namespace syncgate
