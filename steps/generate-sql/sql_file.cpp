#include "generate-sql/sql_file.h"

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

Result<std::vector<PlannedStatement>> SqlFile::AddBatch(const RenderContext& context,
                                                        std::uint64_t batch, ChangeKind kind,
                                                        std::span<const RowChange> changes) {
  const std::string& table = context.shape.name.str();
  const std::string label = "batch " + std::to_string(batch) + " rows differ from plan, " + table;
  TRY(Append("\n-- batch " + std::to_string(batch) + ": " + ToString(kind) + " " +
             std::to_string(changes.size()) + " of " + CommentText(table) +
             "\nSTART TRANSACTION;\n" + TRY(RenderGuard(context, label, changes))));
  const auto texts = TRY(RenderStatements(context, kind, changes));
  std::vector<PlannedStatement> statements;
  for (const std::string& text : texts) {
    const std::uint64_t rows = texts.size() == 1 ? changes.size() : 1;
    statements.push_back({kind, position_, text.size(), rows});
    TRY(Append(text + ";\n"));
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
