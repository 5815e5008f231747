// One .sql file of a plan: statements for syncgate to run byte for byte, inside a script that
// guards itself when a person runs it by hand.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "artifact/documents.h"
#include "artifact/lines.h"
#include "core/change.h"
#include "core/result.h"
#include "data/render.h"

namespace syncgate {

class SqlFile {
 public:
  // `what` and `how` open the file as comments.
  static Result<SqlFile> Create(const std::string& artifacts, const std::string& path,
                                const std::string& title);

  // A transaction: guard, statements, COMMIT. Returns where the statements stand. With `parked` the
  // changes are a cycle (RenderCycle). kRefused "row-too-large" where a statement is longer than
  // the server takes.
  Result<std::vector<PlannedStatement>> AddBatch(
      const RenderContext& context, std::uint64_t batch, ChangeKind kind,
      const std::optional<std::vector<ColumnName>>& parked, std::span<const RowChange> changes);
  Result<FileRef> Finish();

  // Whether it holds enough: what follows goes into another file, so that none is too large to read
  // or to send.
  bool Full() const { return position_ >= kLimit; }

 private:
  static constexpr std::uint64_t kLimit = std::uint64_t{4} << 20;  // bytes

  explicit SqlFile(LineWriter writer) : writer_(std::move(writer)) {}
  Result<void> Append(const std::string& text);
  Result<PlannedStatement> AppendStatement(const RenderContext& context, ChangeKind kind,
                                           std::uint64_t rows, const std::string& text,
                                           const RowChange& first);

  LineWriter writer_;
  std::uint64_t position_ = 0;
};

}  // namespace syncgate
