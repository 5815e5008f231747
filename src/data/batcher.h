// Cuts a stream of changes into batches: one transaction each, small enough to hold few locks for a
// short time, large enough not to pay a commit a row.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "core/change.h"
#include "core/result.h"

namespace syncgate {

inline constexpr std::size_t kBatchRows = 500;
inline constexpr std::size_t kBatchBytes =
    1 << 20;  // of both images; one larger row is a batch of its own

// Changes of one table and one kind, in order. Each full batch goes to `emit`; Finish emits the
// rest.
class Batcher {
 public:
  using Emit = std::function<Result<void>(std::vector<RowChange>&&)>;

  explicit Batcher(Emit emit, std::size_t bytes = kBatchBytes, std::size_t rows = kBatchRows)
      : emit_(std::move(emit)), limit_(bytes), rows_(rows) {}

  Result<void> Add(RowChange&& change);
  Result<void> Finish();

 private:
  Emit emit_;
  std::size_t limit_;  // bytes of a batch
  std::size_t rows_;   // of a batch
  std::vector<RowChange> pending_;
  std::size_t bytes_ = 0;
};

}  // namespace syncgate
