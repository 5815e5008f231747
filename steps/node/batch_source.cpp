#include "node/batch_source.h"

#include "artifact/lines.h"
#include "node/planned_node.h"

namespace syncgate {
namespace {

std::unexpected<Error> DoesNotFit(const std::string& what) {
  return Fail(ErrorKind::kBadArtifact, "artifact-invalid",
              "the plan does not fit its files: " + what, "run generate-sql again");
}

}  // namespace

Result<BatchSource> BatchSource::Open(const std::string& artifacts, const NodePlan& node) {
  BatchSource source(node);
  for (const FileRef& file : node.sql_files) {
    source.files_.push_back(TRY(OpenVerified(artifacts, file)));
  }
  // Not run by any step, but meant for people: an edited one is to be noticed here, not after it
  // was run by hand.
  for (const FileRef& file : node.reverse_files) TRY(OpenVerified(artifacts, file));
  if (node.changes) source.rows_.emplace(TRY(RowsReader::Open(artifacts, *node.changes)));
  TRY(source.Check());
  return source;
}

Result<void> BatchSource::Check() {
  std::uint64_t next = 0;
  for (const PlannedBatch& batch : node_->batches) {
    const std::string name = "batch " + std::to_string(batch.id);
    if (!rows_ || batch.table >= node_->tables.size() || batch.file >= files_.size() ||
        batch.first_change != next || RowsOf(batch) == 0) {
      return DoesNotFit(name);
    }
    marks_.push_back(rows_->Tell());
    next += RowsOf(batch);
    TRY(rows_->Skip(RowsOf(batch)));
  }
  if (rows_ && TRY(rows_->Next())) return DoesNotFit("rows behind the last batch");
  return {};
}

Result<std::vector<RowChange>> BatchSource::Changes(std::size_t batch) {
  const PlannedBatch& planned = node_->batches[batch];
  const PlannedTable& table = node_->tables[planned.table];
  TRY(rows_->SeekTo(marks_[batch]));
  std::vector<RowChange> changes;
  for (const PlannedStatement& statement : planned.statements) {
    for (std::uint64_t row = 0; row < statement.rows; ++row) {
      auto line = TRY(rows_->Next());
      if (!line || line->table != planned.table || line->change.kind != statement.kind) {
        return DoesNotFit("batch " + std::to_string(planned.id));
      }
      const RowChange& change = line->change;
      if (change.key.size() != table.key.size() ||
          change.before.has_value() != (change.kind != ChangeKind::kInsert) ||
          change.after.has_value() != (change.kind != ChangeKind::kDelete) ||
          (change.before && change.before->size() != table.columns.size()) ||
          (change.after && change.after->size() != table.columns.size())) {
        return DoesNotFit("row " + std::to_string(line->line));
      }
      changes.push_back(std::move(line->change));
    }
  }
  return changes;
}

Result<std::vector<Statement>> BatchSource::Statements(std::size_t batch) {
  const PlannedBatch& planned = node_->batches[batch];
  std::vector<Statement> statements;
  for (const PlannedStatement& part : planned.statements) {
    auto text = TRY(files_[planned.file].ReadAt(part.offset, part.length));
    if (!text) return DoesNotFit(node_->sql_files[planned.file].path);
    statements.push_back({part.kind, part.rows, std::move(*text)});
  }
  return statements;
}

}  // namespace syncgate
