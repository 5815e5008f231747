#include "data/compare.h"

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "data/chunk.h"
#include "data/confirm.h"
#include "data/dependents.h"
#include "data/describe_key.h"
#include "data/owners.h"
#include "data/snapshot.h"
#include "data/sql_text.h"

namespace syncgate {
namespace {

// Keys in a stable order that people expect: integers by value, all else by bytes.
struct KeyLess {
  const TableShape* shape;

  bool operator()(const Row& a, const Row& b) const {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i] == b[i]) continue;
      const std::string& left = *a[i];
      const std::string& right = *b[i];
      if (shape->columns[shape->key[i]].kind == ColumnKind::kInteger) {
        const bool left_minus = left.starts_with('-');
        if (left_minus != right.starts_with('-')) return left_minus;
        if (left.size() != right.size()) return (left.size() < right.size()) != left_minus;
        return (left < right) != left_minus;
      }
      return left < right;
    }
    return false;
  }
};

// Where the key columns have other collations on the node, a row that answers to a key spelled
// otherwise may be the partner of several rows of the source: 'a' and 'A' are one key here and two
// there.
Result<void> CheckKeysPair(const TableShape& shape, const std::vector<RowChange>& changes) {
  for (const RowChange& change : changes) {
    if (!change.before || !change.after) continue;
    const Row before = shape.KeyOf(*change.before);
    const Row after = shape.KeyOf(*change.after);
    if (before == after) continue;
    return Fail(ErrorKind::kRefused, "key-ambiguous",
                "table " + shape.name.str() + ": the source's key " + DescribeKey(shape, after) +
                    " meets the node's " + DescribeKey(shape, before) +
                    ", and the key columns have different collations on both sides",
                "give the key columns the same collation on source and node");
  }
  return {};
}

constexpr char kUtc[] = "+00:00";

// The zone in which scans, all sides alike, take the times in `where`. A fixed offset spells
// different times differently, so digests tell them apart in it as they do in UTC.
Result<void> EnterZone(const CompareSide& source, const std::vector<CompareSide>& nodes,
                       const std::string& zone) {
  if (source.shape.where.empty() || source.shape.time_zone == kUtc) return {};
  const std::string statement = "SET SESSION time_zone = " + TextLiteral(zone);
  TRY(source.scan->Execute(statement));
  for (const CompareSide& node : nodes) TRY(node.scan->Execute(statement));
  return {};
}

class TableComparison {
 public:
  TableComparison(const CompareSide& source, const std::vector<CompareSide>& nodes, bool quick,
                  const CompareHooks& hooks, const CompareSizes& sizes)
      : source_(source),
        nodes_(nodes),
        quick_(quick),
        hooks_(hooks),
        sizes_(sizes),
        results_(nodes.size()) {
    snapshots_.push_back(std::make_unique<Snapshot>(*source.scan));
    for (const CompareSide& node : nodes) {
      snapshots_.push_back(std::make_unique<Snapshot>(*node.scan));
    }
    reported_.resize(nodes.size());
    scans_left_.assign(nodes.size(), kOwnerScans);
    for (const auto position : source.shape.key) {
      if (source.shape.columns[position].kind == ColumnKind::kText)
        keys_may_sort_differently_ = true;
    }
  }

  Result<std::vector<NodeComparison>> Run() {
    std::uint64_t rows_done = 0;
    KeyRange range;
    range.upto = TRY(Boundary(std::nullopt));
    while (true) {
      if (hooks_.check_stop) TRY(hooks_.check_stop());
      std::optional<Row> next;
      const auto buckets = TRY(DigestAll(range, &next));
      for (const auto& [number, bucket] : buckets[0]) rows_done += bucket.rows;
      for (std::size_t node = 0; node < nodes_.size(); ++node) {
        TRY(CompareChunk(node, range, buckets[0], buckets[node + 1]));
      }
      if (hooks_.on_progress) hooks_.on_progress(rows_done);
      if (!range.upto) break;
      range.after = std::move(range.upto);
      range.upto = std::move(next);
    }
    for (NodeComparison& result : results_) result.counts.source_rows = rows_done;
    return results_;
  }

 private:
  Result<std::optional<Row>> Boundary(const std::optional<Row>& after) {
    TRY(snapshots_[0]->Enter());
    auto boundary = TRY(NextBoundary(*source_.scan, source_.shape, after, sizes_.chunk_rows));
    TRY(snapshots_[0]->Leave());
    return boundary;
  }

  Result<BucketMap> DigestOne(Snapshot& snapshot, const CompareSide& side,
                              const KeyRange& range) const {
    TRY(snapshot.Enter());
    auto buckets = TRY(DigestChunk(*side.scan, side.shape, range, sizes_.buckets));
    TRY(snapshot.Leave());
    return buckets;
  }

  // All sides at once; the source's thread also finds where the next chunk ends.
  Result<std::vector<BucketMap>> DigestAll(const KeyRange& range, std::optional<Row>* next) {
    std::vector<std::future<Result<BucketMap>>> others;
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
      others.push_back(std::async(std::launch::async, [this, node, &range] {
        return DigestOne(*snapshots_[node + 1], nodes_[node], range);
      }));
    }
    auto source = DigestOne(*snapshots_[0], source_, range);
    Result<std::optional<Row>> boundary = std::nullopt;
    if (source && range.upto) boundary = Boundary(range.upto);
    std::vector<Result<BucketMap>> answers;
    for (auto& other : others) answers.push_back(other.get());  // join all before any return
    std::vector<BucketMap> all;
    all.push_back(TRY(std::move(source)));
    *next = TRY(std::move(boundary));
    for (auto& answer : answers) all.push_back(TRY(std::move(answer)));
    return all;
  }

  Result<void> CompareChunk(std::size_t node, const KeyRange& range, const BucketMap& source,
                            const BucketMap& target) {
    std::vector<unsigned> differing;
    std::vector<std::uint64_t> sizes;
    for (unsigned number = 0; number < sizes_.buckets; ++number) {
      const auto left = source.find(number);
      const auto right = target.find(number);
      const bool has_left = left != source.end();
      const bool has_right = right != target.end();
      if (has_right) results_[node].counts.node_rows += right->second.rows;
      if (!has_left && !has_right) continue;
      if (has_left && has_right && left->second == right->second && left->second.Digested())
        continue;
      differing.push_back(number);
      sizes.push_back(
          std::max(has_left ? left->second.rows : 0, has_right ? right->second.rows : 0));
    }
    if (differing.empty()) return {};
    results_[node].differs = true;
    if (quick_) return {};
    // Some buckets at a time, so that a node with a million extra rows does not need their keys at
    // once.
    for (std::size_t first = 0; first < differing.size();) {
      std::vector<unsigned> group;
      for (std::uint64_t rows = 0; first < differing.size(); ++first) {
        rows += sizes[first];
        if (!group.empty() && rows > sizes_.listed_rows) break;
        group.push_back(differing[first]);
      }
      TRY(CompareBuckets(node, range, group));
    }
    return {};
  }

  Result<std::vector<DigestedKey>> ListOne(Snapshot& snapshot, const CompareSide& side,
                                           const KeyRange& range,
                                           const std::vector<unsigned>& buckets) const {
    TRY(snapshot.Enter());
    auto keys = TRY(ListBuckets(*side.scan, side.shape, range, sizes_.buckets, buckets));
    TRY(snapshot.Leave());
    return keys;
  }

  Result<void> CompareBuckets(std::size_t node, const KeyRange& range,
                              const std::vector<unsigned>& buckets) {
    auto other = std::async(std::launch::async, [&] {
      return ListOne(*snapshots_[node + 1], nodes_[node], range, buckets);
    });
    auto source_answer = ListOne(*snapshots_[0], source_, range, buckets);
    auto node_answer = other.get();
    auto source_keys = TRY(std::move(source_answer));
    auto node_keys = TRY(std::move(node_answer));

    struct Pair {
      std::optional<std::uint64_t> source, node;
      bool undigested = false;
      std::uint64_t bytes = 0;  // of the larger of the two
    };
    std::map<Row, Pair, KeyLess> pairs(KeyLess{&source_.shape});
    for (DigestedKey& entry : source_keys) {
      Pair& pair = pairs[std::move(entry.key)];
      pair.source = entry.digest.value_or(0);
      pair.undigested |= !entry.digest;
      pair.bytes = std::max(pair.bytes, entry.bytes.value_or(sizes_.confirmed_bytes));
    }
    for (DigestedKey& entry : node_keys) {
      Pair& pair = pairs[std::move(entry.key)];
      pair.node = entry.digest.value_or(0);
      pair.undigested |= !entry.digest;
      pair.bytes = std::max(pair.bytes, entry.bytes.value_or(sizes_.confirmed_bytes));
    }
    std::vector<Nominee> nominees;
    std::uint64_t bytes = 0;
    for (const auto& [key, pair] : pairs) {
      if (pair.source == pair.node && !pair.undigested) continue;
      if (nominees.size() == sizes_.confirmed_rows ||
          (!nominees.empty() && bytes + pair.bytes > sizes_.confirmed_bytes)) {
        TRY(Report(node, std::exchange(nominees, {})));
        bytes = 0;
      }
      bytes += pair.bytes;
      nominees.push_back({key, pair.source, pair.node});
    }
    return Report(node, std::move(nominees));
  }

  Result<void> Report(std::size_t node, std::vector<Nominee> nominees) {
    if (nominees.empty()) return {};
    SqlSession* source = TRY(source_.confirm());
    SqlSession* target = TRY(nodes_[node].confirm());
    const CompareSide& side = nodes_[node];
    auto confirmation =
        TRY(Confirm(*source, source_.shape, *target, side.shape, std::move(nominees)));
    if (!side.same_key_collation) TRY(CheckKeysPair(side.shape, confirmation.changes));
    if (hooks_.on_change) {
      TRY(FindOwners(*target, side.shape, side.unique, confirmation.changes, &scans_left_[node]));
      TRY(CountDependents(*target, side.shape, side.referencing, confirmation.changes));
    }
    TableCounts& counts = results_[node].counts;
    counts.unstable += confirmation.unstable;
    for (RowChange& change : confirmation.changes) {
      if (keys_may_sort_differently_ && !reported_[node].insert(change.key).second) continue;
      switch (change.kind) {
        case ChangeKind::kInsert:
          ++counts.missing;
          break;
        case ChangeKind::kUpdate:
          ++counts.mismatched;
          break;
        case ChangeKind::kDelete:
          ++counts.extra;
          break;
      }
      if (hooks_.on_change) TRY(hooks_.on_change(node, std::move(change)));
    }
    return {};
  }

  const CompareSide& source_;
  const std::vector<CompareSide>& nodes_;
  const bool quick_;
  const CompareHooks& hooks_;
  const CompareSizes& sizes_;
  std::vector<NodeComparison> results_;
  std::vector<std::unique_ptr<Snapshot>> snapshots_;  // the source's first
  // Text keys can sort in another way on another server or be spelled in two ways; then a row may
  // be nominated twice. Holds the keys reported so far in that case only.
  bool keys_may_sort_differently_ = false;
  std::vector<int> scans_left_;  // by node, to find owners of unique values without an index
  std::vector<std::set<Row>> reported_;
};

}  // namespace

Result<std::vector<NodeComparison>> CompareTable(const CompareSide& source,
                                                 const std::vector<CompareSide>& nodes, bool quick,
                                                 const CompareHooks& hooks,
                                                 const CompareSizes& sizes) {
  TRY(EnterZone(source, nodes, source.shape.time_zone));
  auto results = TableComparison(source, nodes, quick, hooks, sizes).Run();
  const auto left = EnterZone(source, nodes, kUtc);
  if (results && !left) return std::unexpected(left.error());
  return results;
}

}  // namespace syncgate
