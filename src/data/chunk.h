// Chunks: consecutive key ranges between real keys of the source, each digested in buckets on the
// server.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "data/sql_session.h"
#include "data/table_shape.h"

namespace syncgate {

// How much is read at once. Tests make it less: it never changes what is found.
struct CompareSizes {
  std::uint64_t chunk_rows = 20'000;
  unsigned buckets = 128;                   // of a chunk; a power of two
  std::uint64_t listed_rows = 20'000;       // rows whose keys are held at once, a side
  std::size_t confirmed_rows = 200;         // rows read at once to confirm,
  std::uint64_t confirmed_bytes = 4 << 20;  // or rows of so many bytes, a side
};

// Rows with a key after `after` (absent: from the start) up to and with `upto` (absent: to the
// end). The ranges of one scan cover every row of every server, even one that sorts keys in another
// way: a row after no boundary is in the first range, and along any chain of boundaries some range
// must take it in.
struct KeyRange {
  std::optional<Row> after;
  std::optional<Row> upto;
};

struct Bucket {
  std::uint64_t rows = 0;
  std::string sum;  // exact decimal; 10^30 and more: some row could not be digested

  bool Digested() const { return sum.size() <= 30; }
  bool operator==(const Bucket&) const = default;
};

// Number of bucket -> its rows and digest sum; empty buckets are absent.
using BucketMap = std::map<unsigned, Bucket>;

// A row as a digest list gives it; no digest where the server could make none.
struct DigestedKey {
  Row key;
  std::optional<std::uint64_t> digest;
  std::optional<std::uint64_t> bytes;  // of the row's encoding; absent where the server made none
};

// The key `rows` rows after `after`: where a chunk ends; nullopt when fewer rows are left.
Result<std::optional<Row>> NextBoundary(SqlSession& session, const TableShape& shape,
                                        const std::optional<Row>& after, std::uint64_t rows);

// In `buckets` buckets, a power of two.
Result<BucketMap> DigestChunk(SqlSession& session, const TableShape& shape, const KeyRange& range,
                              unsigned buckets);

// Keys and digests of the rows of some of the `buckets` buckets of a chunk.
Result<std::vector<DigestedKey>> ListBuckets(SqlSession& session, const TableShape& shape,
                                             const KeyRange& range, unsigned buckets,
                                             const std::vector<unsigned>& wanted);

}  // namespace syncgate
