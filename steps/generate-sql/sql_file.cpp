#include "generate-sql/sql_file.h"

#include "data/describe_key.h"
#include "data/sql_text.h"

namespace syncgate {

Result<SqlFile> SqlFile::Create(const std::string& artifacts, const std::string& path,
                                const std::string& title) {
  SqlFile file(TRY(LineWriter::Create(artifacts, path)));
  TRY(file.Append("-- syncgate " SYNCGATE_VERSION ": " + CommentText(title) +
                  "\n-- apply-node runs the INSERT, UPDATE and DELETE statements of this file byte "
                  "for byte, under "
                  "its own locks,\n-- with a journal of before-images. `mysql DATABASE < FILE` is "
                  "the fallback when "
                  "syncgate cannot run: each\n-- transaction then guards itself and the client "
                  "stops with \"table "
                  "'... rows differ ...' doesn't exist\" when the\n-- rows are neither as compared "
                  "nor as planned. No "
                  "journal is written then.\n" +
                  RenderPreamble()));
  return file;
}

Result<void> SqlFile::Append(const std::string& text) {
  *writer_.buffer() += text;
  position_ += text.size();
  return writer_.LineDone();
}

Result<PlannedStatement> SqlFile::AppendStatement(const RenderContext& context, ChangeKind kind,
                                                  std::uint64_t rows, const std::string& text,
                                                  const RowChange& first) {
  constexpr std::uint64_t kCommand = 16;  // what the protocol puts around a statement, generously
  if (context.longest_statement != 0 && text.size() + kCommand > context.longest_statement) {
    return Fail(ErrorKind::kRefused, "row-too-large",
                "table " + context.shape.name.str() + ", " + DescribeKey(context.shape, first.key) +
                    ": the statement that writes the row or takes it back has " +
                    std::to_string(text.size()) +
                    " bytes, more than the node's max_allowed_packet, " +
                    std::to_string(context.longest_statement),
                "raise max_allowed_packet on the node, or leave the row out with `where`");
  }
  const PlannedStatement statement{kind, position_, text.size(), rows};
  TRY(Append(text + ";\n"));
  return statement;
}

Result<std::vector<PlannedStatement>> SqlFile::AddBatch(
    const RenderContext& context, std::uint64_t batch, ChangeKind kind,
    const std::optional<std::vector<ColumnName>>& parked, std::span<const RowChange> changes) {
  const std::string& table = context.shape.name.str();
  const std::string label = "batch " + std::to_string(batch) + " rows differ from plan, " + table;
  TRY(Append("\n-- batch " + std::to_string(batch) + ": " + ToString(kind) + " " +
             std::to_string(changes.size()) + " of " + CommentText(table) +
             (parked ? ", which wait for one another in a circle: parked first" : "") +
             "\nSTART TRANSACTION;\n" + TRY(RenderGuard(context, label, changes))));
  std::vector<PlannedStatement> statements;
  std::vector<std::string> texts;
  if (parked) {
    CycleStatements cycle = TRY(RenderCycle(context, kind, *parked, changes));
    for (const std::string& park : cycle.parks) {
      statements.push_back(
          TRY(AppendStatement(context, cycle.park_kind, 0, park, changes.front())));
    }
    texts = std::move(cycle.moves);
  } else {
    texts = TRY(RenderStatements(context, kind, changes));
  }
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::uint64_t rows = texts.size() == 1 ? changes.size() : 1;
    statements.push_back(TRY(AppendStatement(context, kind, rows, texts[i], changes[i])));
  }
  TRY(Append("COMMIT;\n"));
  return statements;
}

Result<FileRef> SqlFile::Finish() {
  FileRef file = TRY(writer_.Finish("sql"));
  file.lines = 0;  // of JSON Lines only
  return file;
}

}  // namespace syncgate
