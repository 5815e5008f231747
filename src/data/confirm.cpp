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

// The current rows of `wanted` on one side. Keys that the side itself spelled (`spelled_here`) and
// keys spelled by the other side are looked up apart: under a collation that ignores case, 'Abc'
// from there and 'abc' from here are one row, which a single look-up would give to only one of
// them.
Result<std::vector<std::optional<Row>>> LookUpApart(SqlSession& session, const TableShape& shape,
                                                    const std::vector<Nominee>& nominees,
                                                    const std::vector<std::size_t>& wanted,
                                                    const std::vector<bool>& spelled_here) {
  std::vector<std::optional<Row>> rows(wanted.size());
  for (const bool here : {true, false}) {
    std::vector<Row> keys;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (spelled_here[wanted[i]] != here) continue;
      keys.push_back(nominees[wanted[i]].key);
      places.push_back(i);
    }
    auto found = TRY(LookUp(session, shape, keys));
    for (std::size_t i = 0; i < places.size(); ++i) rows[places[i]] = std::move(found[i]);
  }
  return rows;
}

}  // namespace

Result<Confirmation> Confirm(SqlSession& source, const TableShape& source_shape, SqlSession& node,
                             const TableShape& node_shape, std::vector<Nominee> nominees) {
  std::vector<bool> spelled_by_source;
  std::vector<bool> spelled_by_node;
  std::vector<std::size_t> open;  // positions of the nominees not yet decided
  for (std::size_t i = 0; i < nominees.size(); ++i) {
    spelled_by_source.push_back(nominees[i].source.has_value());
    spelled_by_node.push_back(nominees[i].node.has_value());
    open.push_back(i);
  }
  std::map<std::size_t, RowChange> confirmed;  // by position, to keep the order
  for (int round = 0; round < kRounds && !open.empty(); ++round) {
    if (round > 1) std::this_thread::sleep_for(kPause);
    auto source_rows = TRY(LookUpApart(source, source_shape, nominees, open, spelled_by_source));
    auto node_rows = TRY(LookUpApart(node, node_shape, nominees, open, spelled_by_node));
    std::vector<std::size_t> again;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (source_rows[i] == node_rows[i]) continue;  // alike by now, or gone on both
      Nominee& nominee = nominees[open[i]];
      const auto source_digest = DigestOf(source_shape, source_rows[i]);
      const auto node_digest = DigestOf(node_shape, node_rows[i]);
      if (source_digest == nominee.source && node_digest == nominee.node) {
        confirmed.emplace(open[i], ToChange(source_shape, nominee.key, std::move(source_rows[i]),
                                            std::move(node_rows[i])));
        continue;
      }
      nominee.source = source_digest;
      nominee.node = node_digest;
      again.push_back(open[i]);
    }
    open = std::move(again);
  }
  Confirmation confirmation;
  confirmation.unstable = open.size();
  for (auto& [position, change] : confirmed) confirmation.changes.push_back(std::move(change));
  return confirmation;
}

}  // namespace syncgate
