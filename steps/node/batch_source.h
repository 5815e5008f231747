// The batches of a plan as they run: rows from the changes file, statements byte for byte from the
// .sql files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "artifact/documents.h"
#include "artifact/rows.h"
#include "artifact/stored_file.h"
#include "core/result.h"
#include "data/apply.h"

namespace syncgate {

class BatchSource {
 public:
  // Checks the digests of all files of the node's plan. kBadArtifact where one is missing, edited,
  // or does not fit the batches. `node` must outlive the source.
  static Result<BatchSource> Open(const std::string& artifacts, const NodePlan& node);

  // By position in NodePlan::batches; in order is cheapest.
  Result<std::vector<RowChange>> Changes(std::size_t batch);
  Result<std::vector<Statement>> Statements(std::size_t batch);

 private:
  explicit BatchSource(const NodePlan& node) : node_(&node) {}
  Result<void> Check();

  const NodePlan* node_;
  std::optional<RowsReader> rows_;
  std::vector<RowsReader::Mark> marks_;  // where each batch begins
  std::vector<StoredFile> files_;        // beside NodePlan::sql_files
};

}  // namespace syncgate
