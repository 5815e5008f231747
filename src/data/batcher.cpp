#include "data/batcher.h"

#include <utility>

namespace syncgate {
namespace {

std::size_t SizeOf(const std::optional<Row>& row) {
  std::size_t bytes = 0;
  if (row) {
    for (const Cell& cell : *row) bytes += cell ? cell->size() : 4;
  }
  return bytes;
}

}  // namespace

Result<void> Batcher::Add(RowChange&& change) {
  const std::size_t bytes = SizeOf(change.before) + SizeOf(change.after);
  if (!pending_.empty() && (pending_.size() == rows_ || bytes_ + bytes > limit_)) {
    TRY(Finish());
  }
  bytes_ += bytes;
  pending_.push_back(std::move(change));
  return {};
}

Result<void> Batcher::Finish() {
  bytes_ = 0;
  if (pending_.empty()) return {};
  return emit_(std::exchange(pending_, {}));
}

}  // namespace syncgate
