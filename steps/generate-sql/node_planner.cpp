#include "generate-sql/node_planner.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "artifact/rows.h"
#include "artifact/store.h"
#include "data/batcher.h"
#include "data/order.h"
#include "data/render.h"
#include "generate-sql/constraint_order.h"
#include "generate-sql/planned_rows.h"
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

// Tables that foreign keys connect, each group in the order given.
std::vector<std::vector<std::size_t>> ConnectedTables(const std::vector<PlanTable>& tables) {
  std::vector<std::size_t> group(tables.size());
  for (std::size_t i = 0; i < group.size(); ++i) group[i] = i;
  for (std::size_t child = 0; child < tables.size(); ++child) {
    for (const TableName& parent : tables[child].parents) {
      for (std::size_t other = 0; other < tables.size(); ++other) {
        if (tables[other].diff->table != parent || group[other] == group[child]) continue;
        const auto from = std::max(group[other], group[child]);
        std::ranges::replace(group, from, std::min(group[other], group[child]));
      }
    }
  }
  std::vector<std::vector<std::size_t>> connected;
  for (std::size_t first = 0; first < tables.size(); ++first) {
    std::vector<std::size_t> members;
    for (std::size_t i = first; i < tables.size() && group[first] == first; ++i) {
      if (group[i] == first) members.push_back(i);
    }
    if (!members.empty()) connected.push_back(std::move(members));
  }
  return connected;
}

class NodePlanner {
 public:
  NodePlanner(const std::string& artifacts, const std::string& output, const NodeDiff& diff)
      : artifacts_(artifacts), output_(output), diff_(diff) {}

  Result<NodePlan> Plan(const std::vector<std::size_t>& positions) {
    const ServerInfo server = TRY(ServerOf(diff_.server));
    plan_.node = diff_.node;
    plan_.flavor = diff_.server.flavor;
    plan_.version = diff_.server.version;
    if (!diff_.rows) return plan_;
    rows_.emplace(TRY(RowsReader::Open(artifacts_, *diff_.rows)));
    changes_.emplace(TRY(RowsWriter::Create(output_, PlanChangesFile(diff_.node))));
    tables_ = TRY(FindPlanTables(diff_, positions, server, *rows_));
    for (PlanTable& table : tables_) {
      table.context.longest_statement = diff_.server.max_allowed_packet;
      plan_.tables.push_back({table.diff->table, table.diff->key_index, table.diff->key,
                              table.diff->columns, table.diff->ignored, 0, 0, 0,
                              table.diff->sensitive});
    }
    for (const auto& group : ConnectedTables(tables_)) TRY(AddGroup(group));
    TRY(FinishFile());
    plan_.changes = TRY(changes_->Finish("changes"));
    TRY(WriteReverse());
    return plan_;
  }

 private:
  Result<void> AddGroup(const std::vector<std::size_t>& members) {
    std::vector<TableName> names;
    std::vector<std::vector<TableName>> parents;
    for (const auto member : members) {
      names.push_back(tables_[member].diff->table);
      parents.push_back(tables_[member].parents);
    }
    std::vector<const PlanTable*> group;
    for (const auto member : members) group.push_back(&tables_[member]);
    const auto parents_first = ParentsFirst(names, parents);
    if (parents_first && TRY(OrderedByTable(group, diff_.node.str(), *rows_))) {
      for (const auto place : *parents_first) {
        TRY(AddTable(members[place], "upsert", ChangeKind::kUpdate));
        TRY(AddTable(members[place], "upsert", ChangeKind::kInsert));
      }
      for (std::size_t i = members.size(); i-- > 0;) {
        TRY(AddTable(members[(*parents_first)[i]], "delete", ChangeKind::kDelete));
      }
      return {};
    }
    std::vector<std::size_t> order;  // positions in tables_, parents first where that can be said
    for (std::size_t i = 0; i < members.size(); ++i) {
      order.push_back(members[parents_first ? (*parents_first)[i] : i]);
      group[i] = &tables_[order.back()];
    }
    for (const OrderedRun& run :
         TRY(OrderByConstraints(group, diff_.server.database, diff_.node.str(), *rows_))) {
      TRY(AddRun(order[run.table], run));
    }
    return {};
  }

  // All changes of one kind of a table, in the diff's order.
  Result<void> AddTable(std::size_t index, const std::string& phase, ChangeKind kind) {
    Batcher batcher = MakeBatcher(index, phase, kind);
    TRY(ForEachChange(tables_[index], diff_.node.str(), *rows_,
                      [&](const RowsReader::Mark&, RowChange&& change) -> Result<void> {
                        if (change.kind != kind) return {};
                        return batcher.Add(std::move(change));
                      }));
    return batcher.Finish();
  }

  Result<void> AddRun(std::size_t index, const OrderedRun& run) {
    Batcher batcher = MakeBatcher(index, "ordered", run.kind);
    std::vector<RowChange> cycle;
    for (const RowsReader::Mark& mark : run.rows) {
      TRY(rows_->SeekTo(mark));
      auto line = TRY(rows_->Next());
      if (!line) break;
      if (run.cycle) {
        cycle.push_back(std::move(line->change));
      } else {
        TRY(batcher.Add(std::move(line->change)));
      }
    }
    if (run.cycle) return AddBatch(index, "ordered", run.kind, cycle, run.parked);
    return batcher.Finish();
  }

  Batcher MakeBatcher(std::size_t index, const std::string& phase, ChangeKind kind) {
    // Both images count, and text may stand as hexadecimal in a statement.
    const std::size_t bytes =
        std::min<std::size_t>(kBatchBytes, tables_[index].context.longest_statement / 4);
    return Batcher(
        [this, index, phase, kind](std::vector<RowChange>&& changes) {
          return AddBatch(index, phase, kind, changes, std::nullopt);
        },
        bytes == 0 ? kBatchBytes : bytes);
  }

  Result<void> FinishFile() {
    if (file_) plan_.sql_files.push_back(TRY(file_->Finish()));
    file_.reset();
    return {};
  }

  Result<void> OpenFile(std::size_t index, const std::string& phase) {
    if (file_ && (file_->Full() || file_of_ != std::pair(index, phase))) TRY(FinishFile());
    if (file_) return {};
    file_of_ = {index, phase};
    const TableName& table = plan_.tables[index].table;
    file_.emplace(TRY(SqlFile::Create(
        output_,
        PlanDirectory(diff_.node) + "/" + FileNameFor(plan_.sql_files.size() + 1, phase, table),
        "plan for " + diff_.node.str() + ", " + TitleOf(phase) + " of table " + table.str())));
    return {};
  }

  static std::string TitleOf(const std::string& phase) {
    return phase == "ordered" ? "changes in the order that unique and foreign keys want"
                              : phase + "s";
  }

  Result<void> AddBatch(std::size_t index, const std::string& phase, ChangeKind kind,
                        const std::vector<RowChange>& changes,
                        const std::optional<std::vector<ColumnName>>& parked) {
    TRY(OpenFile(index, phase));
    PlannedBatch batch;
    batch.id = plan_.batches.size() + 1;
    batch.table = index;
    batch.file = plan_.sql_files.size();
    batch.first_change = changes_->lines();
    batch.parked = parked;
    batch.statements =
        TRY(file_->AddBatch(tables_[index].context, batch.id, kind, parked, changes));
    for (RowChange change : changes) {
      change.owners.clear();
      change.dependents.clear();
      TRY(changes_->Append(index, change));
    }
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
      std::ranges::reverse(reversed);
      TRY(file->AddBatch(tables_[batch.table].context, batch.id, reversed.front().kind,
                         batch.parked, reversed));
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
  NodePlan plan_;
  std::optional<RowsReader> rows_;
  std::optional<RowsWriter> changes_;
  std::vector<PlanTable> tables_;  // beside plan_.tables
  std::optional<SqlFile> file_;
  std::pair<std::size_t, std::string> file_of_;  // table and phase of file_
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
