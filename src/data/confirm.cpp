#include "data/confirm.h"

#include <chrono>
#include <map>
#include <thread>

#include "data/lookup.h"
#include "data/row_digest.h"

namespace syncgate {
namespace {

constexpr int kRounds = 6;
constexpr std::chrono::milliseconds kPause{50};

std::optional<std::uint64_t> DigestOf(const TableShape& shape, const std::optional<Row>& row) {
  if (!row) return std::nullopt;
  return RowDigest(shape.columns, *row);
}

RowChange ToChange(const TableShape& shape, Row key, std::optional<Row> source,
                   std::optional<Row> node) {
  RowChange change;
  change.kind = !node ? ChangeKind::kInsert : !source ? ChangeKind::kDelete : ChangeKind::kUpdate;
  change.key = source ? shape.KeyOf(*source) : node ? shape.KeyOf(*node) : std::move(key);
  change.before = std::move(node);
  change.after = std::move(source);
  return change;
}

}  // namespace

Result<Confirmation> Confirm(SqlSession& source, const TableShape& source_shape, SqlSession& node,
                             const TableShape& node_shape, std::vector<Nominee> nominees) {
  Confirmation confirmation;
  std::map<std::size_t, RowChange> confirmed;  // by position, to keep the order
  std::vector<std::size_t> positions(nominees.size());
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = i;

  for (int round = 0; round < kRounds && !nominees.empty(); ++round) {
    if (round > 1) std::this_thread::sleep_for(kPause);
    std::vector<Row> keys;
    for (const Nominee& nominee : nominees) keys.push_back(nominee.key);
    auto source_rows = TRY(LookUp(source, source_shape, keys));
    auto node_rows = TRY(LookUp(node, node_shape, keys));

    std::vector<Nominee> again;
    std::vector<std::size_t> again_positions;
    for (std::size_t i = 0; i < nominees.size(); ++i) {
      if (source_rows[i] == node_rows[i]) continue;  // alike by now, or gone on both
      const auto source_digest = DigestOf(source_shape, source_rows[i]);
      const auto node_digest = DigestOf(node_shape, node_rows[i]);
      if (source_digest == nominees[i].source && node_digest == nominees[i].node) {
        confirmed.emplace(positions[i],
                          ToChange(source_shape, std::move(nominees[i].key),
                                   std::move(source_rows[i]), std::move(node_rows[i])));
        continue;
      }
      again.push_back({std::move(nominees[i].key), source_digest, node_digest});
      again_positions.push_back(positions[i]);
    }
    nominees = std::move(again);
    positions = std::move(again_positions);
  }
  confirmation.unstable = nominees.size();
  for (auto& [position, change] : confirmed) confirmation.changes.push_back(std::move(change));
  return confirmation;
}

}  // namespace syncgate
