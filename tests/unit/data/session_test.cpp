// What is asked of a server, and what is done about an answer that no real server gives on demand.
#include <gtest/gtest.h>

#include "data/lookup.h"
#include "data/row_digest.h"
#include "fake_session.h"

namespace syncgate::test {
namespace {

TableShape Shape() {
  TableShape shape;
  shape.name = TableName("t");
  shape.key_index = "PRIMARY";
  shape.columns.resize(1);
  shape.columns[0].name = ColumnName("id");
  shape.columns[0].kind = ColumnKind::kInteger;
  shape.key = {0};
  return shape;
}

// Known cells as a server gives them, and a digest.
FakeSession::Answer Digesting(const std::string& digest) {
  return [digest](const std::string&) -> Result<std::vector<Row>> {
    return std::vector<Row>{{"-9223372036854775807", "0.100", "1e-7",
                             "\xE5\xAD\x90\xF0\x9F\x98\x80", std::nullopt, "2026-01-02 03:04:05",
                             std::string("\0\xff,", 3), digest}};
  };
}

TEST(SelfTestDigest, RefusesAServerThatDigestsInAnotherWay) {
  FakeSession other(Digesting("1"));
  const auto tested = SelfTestDigest(other);
  ASSERT_FALSE(tested);
  EXPECT_EQ(tested.error().code, "digest-self-test");
  EXPECT_EQ(tested.error().kind, ErrorKind::kRefused);
  FakeSession silent([](const std::string&) { return std::vector<Row>(); });
  EXPECT_FALSE(SelfTestDigest(silent));
}

// A server that would look rows up as `type` says.
FakeSession::Answer LookingUpBy(const std::string& type) {
  return [type](const std::string& sql) -> Result<std::vector<Row>> {
    if (!sql.starts_with("EXPLAIN")) return std::vector<Row>{{"1"}};
    return std::vector<Row>{{"1", "SIMPLE", "t", type}};
  };
}

TEST(LookUpTest, ForcesTheKeysIndex) {
  FakeSession session(LookingUpBy("range"));
  ASSERT_TRUE(LookUp(session, Shape(), {{"1"}, {"2"}}, Locking::kForUpdate));
  ASSERT_EQ(session.asked.size(), 2U);
  EXPECT_EQ(session.asked[1],
            "SELECT `id` FROM `t` FORCE INDEX (`PRIMARY`) WHERE `id` IN (1, 2) ORDER BY `id` FOR "
            "UPDATE NOWAIT");
}

TEST(LookUpTest, LocksKeyByKeyWhereTheServerWouldWalkTheTable) {
  FakeSession session(LookingUpBy("index"));
  ASSERT_TRUE(LookUp(session, Shape(), {{"1"}, {"2"}}, Locking::kForUpdate));
  ASSERT_GE(session.asked.size(), 3U);
  EXPECT_EQ(
      session.asked[1],
      "SELECT `id` FROM `t` FORCE INDEX (`PRIMARY`) WHERE `id` IN (1) ORDER BY `id` FOR UPDATE "
      "NOWAIT");
  EXPECT_EQ(
      session.asked[2],
      "SELECT `id` FROM `t` FORCE INDEX (`PRIMARY`) WHERE `id` IN (2) ORDER BY `id` FOR UPDATE "
      "NOWAIT");
}

// One line of EXPLAIN with this access type.
Result<void> Explained(Flavor flavor, const Cell& table, const Cell& type) {
  FakeSession session(
      [&](const std::string&) -> Result<std::vector<Row>> {
        Row row = {"1", "SIMPLE", table};
        if (flavor == Flavor::kMySql) row.emplace_back(std::nullopt);
        row.push_back(type);
        return std::vector<Row>{row};
      },
      flavor);
  return CheckIndexAccess(session, Shape(), {"1"});
}

TEST(CheckIndexAccess, RefusesWhatWalksTheTable) {
  for (const Flavor flavor : {Flavor::kMySql, Flavor::kMariaDb}) {
    for (const char* type : {"ALL", "index"}) {
      const auto checked = Explained(flavor, "t", type);
      ASSERT_FALSE(checked) << type;
      EXPECT_EQ(checked.error().code, "no-index-access");
    }
    EXPECT_FALSE(Explained(flavor, "t", std::nullopt));
    for (const char* type : {"const", "eq_ref", "ref", "range"}) {
      EXPECT_TRUE(Explained(flavor, "t", type)) << type;
    }
    EXPECT_TRUE(Explained(flavor, std::nullopt, std::nullopt));  // none of the keys is there
  }
}

}  // namespace
}  // namespace syncgate::test
