#include "data/chunk.h"

#include <algorithm>
#include <charconv>

#include "data/row_digest.h"
#include "data/sql_text.h"

namespace syncgate {
namespace {

std::uint64_t ToNumber(const Cell& cell) {
  std::uint64_t number = 0;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), number);
  return number;
}

std::vector<Column> KeyColumns(const TableShape& shape) {
  std::vector<Column> columns;
  for (const auto position : shape.key) columns.push_back(shape.columns[position]);
  return columns;
}

// CRC32 only spreads keys over buckets; equality is never decided by it.
std::string BucketExpression(const TableShape& shape, unsigned buckets) {
  return "(CRC32(" + EncodingExpression(KeyColumns(shape)) + ") & " + std::to_string(buckets - 1) +
         ")";
}

Result<std::string> RangeCondition(const TableShape& shape, const KeyRange& range) {
  std::string condition = "TRUE";
  if (range.after) condition += " AND " + TRY(KeyAfter(shape, *range.after));
  if (range.upto) condition += " AND " + TRY(KeyUpTo(shape, *range.upto));
  if (!shape.where.empty()) condition += " AND (" + shape.where + "\n)";
  return condition;
}

}  // namespace

Result<std::optional<Row>> NextBoundary(SqlSession& session, const TableShape& shape,
                                        const std::optional<Row>& after,
                                        std::uint64_t rows_wanted) {
  const std::string condition = TRY(RangeCondition(shape, {after, std::nullopt}));
  auto rows =
      TRY(session.Rows("SELECT " + CanonicalList(KeyColumns(shape)) + " " + FromTable(shape) +
                       " WHERE " + condition + " ORDER BY " + KeyOrder(shape) + " LIMIT " +
                       std::to_string(rows_wanted - 1) + ", 1"));
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

Result<BucketMap> DigestChunk(SqlSession& session, const TableShape& shape, const KeyRange& range,
                              unsigned buckets) {
  // A NULL digest (row too long for max_allowed_packet) must never vanish in the SUM: it adds
  // 10^30, more than 2^33 rows of honest digests can reach.
  const std::string sum =
      "SUM(COALESCE(" + RowDigestExpression(shape.columns) + ",1000000000000000000000000000000))";
  BucketMap map;
  const std::string condition = TRY(RangeCondition(shape, range));
  const auto add = [&map](Row&& row) -> Result<void> {
    map[static_cast<unsigned>(ToNumber(row[0]))] = {ToNumber(row[1]), row[2].value_or("")};
    return {};
  };
  // By position: a name may be a column's, and GROUP BY takes the column then.
  TRY(session.Query("SELECT " + BucketExpression(shape, buckets) + ", COUNT(*), " + sum + " " +
                        FromTable(shape) + " WHERE " + condition + " GROUP BY 1",
                    add));
  return map;
}

Result<std::vector<DigestedKey>> ListBuckets(SqlSession& session, const TableShape& shape,
                                             const KeyRange& range, unsigned buckets,
                                             const std::vector<unsigned>& wanted) {
  std::string list;
  for (const unsigned bucket : wanted) list += (list.empty() ? "" : ",") + std::to_string(bucket);
  const std::string condition = TRY(RangeCondition(shape, range));
  std::vector<DigestedKey> keys;
  const auto add = [&keys](Row&& row) -> Result<void> {
    DigestedKey entry;
    if (row.back()) entry.bytes = ToNumber(row.back());
    row.pop_back();
    if (row.back()) entry.digest = ToNumber(row.back());
    row.pop_back();
    entry.key = std::move(row);
    keys.push_back(std::move(entry));
    return {};
  };
  TRY(session.Query(
      "SELECT " + CanonicalList(KeyColumns(shape)) + ", " + RowDigestExpression(shape.columns) +
          ", LENGTH(" + EncodingExpression(shape.columns) + ") " + FromTable(shape) + " WHERE " +
          condition + " AND " + BucketExpression(shape, buckets) + " IN (" + list + ")",
      add));
  return keys;
}

}  // namespace syncgate
