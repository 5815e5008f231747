// The digest of a row: the first 64 bits of SHA-256 over an unambiguous, NULL-exact encoding of its
// cells. The servers compute it (RowDigestExpression), the client too (RowDigest): the plan's own
// guards hold client-made digests that the server must meet.
//
// Encoding: cells joined by ','. NULL is N. Cells whose text cannot hold ',' or 'N' (numbers,
// times) stand as they are; all others as LENGTH ':' BYTES. So ('x#','y') and ('x','#y'), or NULL
// and 'N', never meet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "data/sql_session.h"
#include "data/sql_text.h"
#include "data/table_shape.h"

namespace syncgate {

// SQL: BIGINT UNSIGNED; NULL where the encoding is longer than max_allowed_packet.
std::string RowDigestExpression(const std::vector<Column>& columns);

// SQL: the encoding itself of some columns; used to spread keys over buckets.
std::string EncodingExpression(const std::vector<Column>& columns);

// The same digest of a row that was read by CanonicalList(columns).
std::uint64_t RowDigest(const std::vector<Column>& columns, const Row& row);

// Asks the server to digest known literals of every kind and compares with our own result. kRefused
// "digest-self-test" where they differ: nothing this server says of equality could be believed.
Result<void> SelfTestDigest(SqlSession& session);

}  // namespace syncgate
