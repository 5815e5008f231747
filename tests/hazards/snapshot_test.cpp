// The parts of the comparison that no whole run shows: the read view, the metadata lock, exact
// sums.
#include "data/snapshot.h"

#include <string>

#include "data/chunk.h"
#include "data/row_digest.h"
#include "hazards/hazard_test.h"

namespace syncgate::test {
namespace {

std::string Cell(SqlSession& session, const std::string& sql) {
  const auto rows = session.Rows(sql);
  return rows && !rows->empty() ? rows->front().front().value_or("NULL") : rows.error().code;
}

TEST_F(Comparing, AChunkIsReadFromOneSnapshot) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY)");
  const auto session = Connect(Server::kNode1, Account::kReadOnly, SessionRole::kReader);
  Snapshot snapshot(*session);
  ASSERT_TRUE(snapshot.Enter());
  Run(Server::kNode1, "INSERT INTO t VALUES (1)");
  EXPECT_EQ(Cell(*session, "SELECT COUNT(*) FROM t"), "0");
  Run(Server::kNode1, "INSERT INTO t VALUES (2)");
  EXPECT_EQ(Cell(*session, "SELECT COUNT(*) FROM t"), "0");
}

TEST_F(Comparing, TheSnapshotIsMadeAnewWhenItIsOld) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY)");
  const auto session = Connect(Server::kNode1, Account::kReadOnly, SessionRole::kReader);
  Snapshot snapshot(*session, std::chrono::seconds(0));
  ASSERT_TRUE(snapshot.Enter());
  ASSERT_TRUE(snapshot.Leave());
  Run(Server::kNode1, "INSERT INTO t VALUES (1)");
  ASSERT_TRUE(snapshot.Enter());
  EXPECT_EQ(Cell(*session, "SELECT COUNT(*) FROM t"), "1");
}

// The metadata lock goes with the chunk. Where the read view is older than the table (MySQL) the
// next chunk fails by name.
TEST_F(Comparing, BetweenChunksAnAlterPasses) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
  RunEverywhere("INSERT INTO t VALUES (1,1)");
  const auto session = Connect(Server::kNode1, Account::kReadOnly, SessionRole::kReader);
  Snapshot snapshot(*session);
  ASSERT_TRUE(snapshot.Enter());
  EXPECT_EQ(Cell(*session, "SELECT v FROM t"), "1");
  ASSERT_TRUE(snapshot.Leave());
  const auto other = Connect(Server::kNode1, Account::kAdmin);
  ASSERT_TRUE(other->Execute("SET SESSION lock_wait_timeout = 2"));
  const auto altered = other->Execute("ALTER TABLE t ADD COLUMN w INT, ALGORITHM=COPY");
  EXPECT_TRUE(altered) << altered.error().message;
  ASSERT_TRUE(snapshot.Enter());
  const auto rows = session->Rows("SELECT v FROM t");
  if (!IsMySql() && rows) return;
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, "table-changed");
  EXPECT_EQ(rows.error().kind, ErrorKind::kTryLater);
}

// A sum that passes through a DOUBLE loses its last digits.
TEST_F(Comparing, SumsOfDigestsAreExact) {
  Run(Server::kNode1, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
  Run(Server::kNode1, "INSERT INTO t SELECT n, n FROM " + Numbers(1000));
  TableShape shape;
  shape.name = TableName("t");
  shape.key_index = "PRIMARY";
  shape.columns.resize(2);
  shape.columns[0].name = ColumnName("id");
  shape.columns[0].kind = ColumnKind::kInteger;
  shape.columns[1].name = ColumnName("v");
  shape.columns[1].kind = ColumnKind::kText;
  shape.key = {0};
  const auto session = Connect(Server::kNode1, Account::kReadOnly, SessionRole::kReader);
  const auto buckets = DigestChunk(*session, shape, {}, CompareSizes{}.buckets);
  ASSERT_TRUE(buckets) << buckets.error().message;
  __extension__ typedef unsigned __int128 Sum;
  Sum served = 0;
  std::uint64_t rows = 0;
  for (const auto& [number, bucket] : *buckets) {
    Sum one = 0;
    ASSERT_EQ(bucket.sum.find_first_not_of("0123456789"), std::string::npos) << bucket.sum;
    for (const char digit : bucket.sum) one = one * 10 + static_cast<unsigned>(digit - '0');
    served += one;
    rows += bucket.rows;
  }
  Sum made = 0;
  for (int i = 1; i <= 1000; ++i)
    made += RowDigest(shape.columns, {std::to_string(i), std::to_string(i)});
  EXPECT_EQ(rows, 1000U);
  EXPECT_TRUE(served == made);
}

}  // namespace
}  // namespace syncgate::test
