// The rules of data/ that need no server: text, encodings, batches, order, preflight.
#include <gtest/gtest.h>

#include "data/apply.h"
#include "data/batcher.h"
#include "data/describe_key.h"
#include "data/order.h"
#include "data/preflight.h"
#include "data/render.h"
#include "data/row_digest.h"
#include "data/sql_text.h"

namespace syncgate {
namespace {

Column Make(const std::string& name, ColumnKind kind, const std::string& type = "") {
  Column column;
  column.name = ColumnName(name);
  column.kind = kind;
  column.type = type;
  return column;
}

TableShape Shape(std::vector<Column> columns, std::vector<std::size_t> key) {
  TableShape shape;
  shape.name = TableName("t");
  shape.key_index = "PRIMARY";
  shape.columns = std::move(columns);
  shape.key = std::move(key);
  return shape;
}

struct LiteralRow {
  const char* name;
  ColumnKind kind;
  Cell cell;
  const char* sql;  // nullptr: refused
};

class LiteralTest : public testing::TestWithParam<LiteralRow> {};

TEST_P(LiteralTest, MeansTheSameUnderAnySqlMode) {
  const auto literal = Literal(GetParam().cell, Make("c", GetParam().kind));
  if (GetParam().sql == nullptr) {
    EXPECT_FALSE(literal.has_value());
  } else {
    ASSERT_TRUE(literal.has_value());
    EXPECT_EQ(*literal, GetParam().sql);
  }
}

const LiteralRow kLiterals[] = {
    {"null", ColumnKind::kText, std::nullopt, "NULL"},
    {"empty", ColumnKind::kText, "", "''"},
    {"quote", ColumnKind::kText, "it's", "'it''s'"},
    {"backslash", ColumnKind::kText, "a\\b", "_utf8mb4 0x615c62"},
    {"newline", ColumnKind::kText, "a\nb", "_utf8mb4 0x610a62"},
    {"chinese", ColumnKind::kText, "\xE5\xAD\x90", "_utf8mb4 0xe5ad90"},
    {"integer", ColumnKind::kInteger, "18446744073709551615", "18446744073709551615"},
    {"negative", ColumnKind::kInteger, "-1", "-1"},
    {"integer_injection", ColumnKind::kInteger, "1 OR 1", nullptr},
    {"integer_empty", ColumnKind::kInteger, "", nullptr},
    {"decimal", ColumnKind::kDecimal, "-0.10", "-0.10"},
    {"decimal_exponent", ColumnKind::kDecimal, "1e5", nullptr},
    {"double", ColumnKind::kDouble, "0.1", "0.1e0"},
    {"double_exponent", ColumnKind::kDouble, "1e-7", "1e-7"},
    {"double_minus_zero", ColumnKind::kDouble, "-0", "-0e0"},
    {"time", ColumnKind::kTemporal, "-838:59:59.000000", "'-838:59:59.000000'"},
    {"time_injection", ColumnKind::kTemporal, "'; DROP", nullptr},
    {"binary", ColumnKind::kBinary, std::string("\0\xff", 2), "x'00ff'"},
    {"binary_empty", ColumnKind::kBinary, "", "x''"},
    {"unknown", ColumnKind::kUnknown, "x", nullptr},
};
INSTANTIATE_TEST_SUITE_P(Rows, LiteralTest, testing::ValuesIn(kLiterals),
                         [](const auto& row) { return row.param.name; });

TEST(QuoteNameTest, DoublesBackticks) { EXPECT_EQ(QuoteName("a`b\nc.d"), "`a``b\nc.d`"); }

TEST(CommentTextTest, CannotEndTheLine) { EXPECT_EQ(CommentText("a\nDROP\r\x01"), "a?DROP??"); }

TEST(KeyConditionTest, ExpandsARowComparisonSoThatTheIndexServes) {
  const TableShape shape =
      Shape({Make("a", ColumnKind::kInteger), Make("b", ColumnKind::kText)}, {0, 1});
  EXPECT_EQ(KeyAfter(shape, {"1", "x"}).value(), "((`a` > 1) OR (`a` = 1 AND `b` > 'x'))");
  EXPECT_EQ(KeyUpTo(shape, {"1", "x"}).value(), "((`a` < 1) OR (`a` = 1 AND `b` <= 'x'))");
  EXPECT_EQ(KeyIn(shape, {{"1", "x"}, {"2", "y"}}).value(),
            "((`a` = 1 AND `b` = 'x') OR (`a` = 2 AND `b` = 'y'))");
}

TEST(RowDigestTest, IsUnambiguousAndNullExact) {
  const std::vector<Column> two = {Make("a", ColumnKind::kText), Make("b", ColumnKind::kText)};
  EXPECT_NE(RowDigest(two, {"x#", "y"}), RowDigest(two, {"x", "#y"}));
  EXPECT_NE(RowDigest(two, {"1:a,1:b", "c"}), RowDigest(two, {"1:a", "1:b,c"}));
  EXPECT_NE(RowDigest(two, {std::nullopt, ""}), RowDigest(two, {"", std::nullopt}));
  EXPECT_NE(RowDigest(two, {"N", ""}), RowDigest(two, {std::nullopt, ""}));
  const std::vector<Column> number = {Make("n", ColumnKind::kFloat)};
  EXPECT_NE(RowDigest(number, {"0"}), RowDigest(number, {std::nullopt}));
}

RowChange Change(ChangeKind kind, Row key, std::optional<Row> before, std::optional<Row> after) {
  return {kind, std::move(key), std::move(before), std::move(after)};
}

RenderContext Context(Flavor flavor, int major, int minor, int patch) {
  RenderContext context;
  context.shape = Shape({Make("id", ColumnKind::kInteger), Make("v", ColumnKind::kText)}, {0});
  context.server.flavor = flavor;
  context.server.major = major;
  context.server.minor = minor;
  context.server.patch = patch;
  return context;
}

std::string Only(const Result<std::vector<std::string>>& statements) {
  return statements.has_value() && statements->size() == 1 ? statements->front() : "?";
}

TEST(RenderTest, InsertsNeverOverwrite) {
  const std::vector<RowChange> changes = {Change(ChangeKind::kInsert, {"1"}, {}, Row{"1", "a"})};
  EXPECT_EQ(
      Only(RenderStatements(Context(Flavor::kMariaDb, 10, 11, 0), ChangeKind::kInsert, changes)),
      "INSERT INTO `t` (`id`, `v`) VALUES\n(1, 'a')\nON DUPLICATE KEY UPDATE `id` = `t`.`id`");
}

TEST(RenderTest, UpsertsFollowTheFlavour) {
  const std::vector<RowChange> changes = {
      Change(ChangeKind::kUpdate, {"1"}, Row{"1", "a"}, Row{"1", "b"})};
  EXPECT_EQ(
      Only(RenderStatements(Context(Flavor::kMariaDb, 11, 4, 0), ChangeKind::kUpdate, changes)),
      "INSERT INTO `t` (`id`, `v`) VALUES\n(1, 'b')\nON DUPLICATE KEY UPDATE `v` = VALUES(`v`)");
  EXPECT_EQ(
      Only(RenderStatements(Context(Flavor::kMySql, 8, 0, 19), ChangeKind::kUpdate, changes)),
      "INSERT INTO `t` (`id`, `v`) VALUES\n(1, 'b') AS `incoming`\nON DUPLICATE KEY UPDATE `v` = "
      "`incoming`.`v`");
  EXPECT_EQ(
      Only(RenderStatements(Context(Flavor::kMySql, 8, 0, 18), ChangeKind::kUpdate, changes)),
      "INSERT INTO `t` (`id`, `v`) VALUES\n(1, 'b')\nON DUPLICATE KEY UPDATE `v` = VALUES(`v`)");
}

TEST(RenderTest, AnUpdateThatOnlyRespellsTheKeyWritesTheKey) {
  RenderContext context = Context(Flavor::kMariaDb, 10, 11, 0);
  context.shape.columns[0] = Make("id", ColumnKind::kText);
  const std::vector<RowChange> changes = {
      Change(ChangeKind::kUpdate, {"abc"}, Row{"ABC", "a"}, Row{"abc", "a"})};
  EXPECT_NE(
      Only(RenderStatements(context, ChangeKind::kUpdate, changes)).find("`id` = VALUES(`id`)"),
      std::string::npos);
}

TEST(RenderTest, ColumnsWithoutDefaultMakeUpdatesByKey) {
  RenderContext context = Context(Flavor::kMySql, 9, 7, 0);
  context.keyed_updates = true;
  context.touch_not = {ColumnName("seen")};
  const std::vector<RowChange> changes = {
      Change(ChangeKind::kUpdate, {"1"}, Row{"1", "a"}, Row{"1", "b"})};
  EXPECT_EQ(Only(RenderStatements(context, ChangeKind::kUpdate, changes)),
            "UPDATE `t` SET `v` = 'b', `seen` = `seen`\nWHERE `id` IN (1)");
}

TEST(RenderTest, GeneratedColumnsAreNeverWritten) {
  RenderContext context = Context(Flavor::kMySql, 9, 7, 0);
  context.shape.columns[1].generated = true;
  context.shape.columns.push_back(Make("w", ColumnKind::kInteger));
  const std::vector<RowChange> changes = {
      Change(ChangeKind::kInsert, {"1"}, {}, Row{"1", "gen", "2"})};
  EXPECT_EQ(Only(RenderStatements(context, ChangeKind::kInsert, changes)).find("`v`"),
            std::string::npos);
}

TEST(ReversedTest, TwiceIsTheSame) {
  for (const RowChange& change : {Change(ChangeKind::kInsert, {"1"}, {}, Row{"1"}),
                                  Change(ChangeKind::kUpdate, {"1"}, Row{"1"}, Row{"2"}),
                                  Change(ChangeKind::kDelete, {"1"}, Row{"1"}, {})}) {
    EXPECT_EQ(Reversed(Reversed(change)), change);
  }
}

TEST(BatcherTest, CutsByRowsAndBytesAndLosesNothing) {
  std::vector<std::size_t> sizes;
  Batcher batcher([&](std::vector<RowChange>&& changes) -> Result<void> {
    sizes.push_back(changes.size());
    return {};
  });
  for (int i = 0; i < 1001; ++i) {
    ASSERT_TRUE(batcher.Add(Change(ChangeKind::kInsert, {"1"}, {}, Row{"x"})).has_value());
  }
  ASSERT_TRUE(
      batcher.Add(Change(ChangeKind::kInsert, {"1"}, {}, Row{std::string(kBatchBytes + 1, 'x')}))
          .has_value());
  ASSERT_TRUE(batcher.Add(Change(ChangeKind::kInsert, {"1"}, {}, Row{"x"})).has_value());
  ASSERT_TRUE(batcher.Finish().has_value());
  EXPECT_EQ(sizes, (std::vector<std::size_t>{500, 500, 1, 1, 1}));
}

TEST(ParentsFirstTest, OrdersAndNamesCycles) {
  const std::vector<TableName> tables = {TableName("child"), TableName("parent"),
                                         TableName("self")};
  EXPECT_EQ(ParentsFirst(tables, {{TableName("parent")}, {}, {TableName("self")}}).value(),
            (std::vector<std::size_t>{1, 2, 0}));
  const auto cycle = ParentsFirst(tables, {{TableName("parent")}, {TableName("child")}, {}});
  ASSERT_FALSE(cycle.has_value());
  EXPECT_EQ(cycle.error().code, "foreign-key-cycle");
  EXPECT_NE(cycle.error().message.find("child, parent"), std::string::npos);
}

TableDef Table() {
  TableDef table;
  table.name = TableName("t");
  table.engine = "InnoDB";
  table.columns = {Make("id", ColumnKind::kInteger, "int(11)"),
                   Make("v", ColumnKind::kText, "varchar(10)")};
  table.unique_keys = {{"PRIMARY", true, {{0, 0, ""}}}};
  return table;
}

std::string RefusalOf(const TableDef& source, const TableDef& node, const TableRules& rules = {}) {
  const auto matched = MatchTable(source, node, rules, true);
  return matched.has_value() ? "" : matched.error().code;
}

TEST(MatchTableTest, TakesWhatCanBeDoneExactly) {
  TableDef other = Table();
  std::swap(other.columns[0], other.columns[1]);  // another order
  other.unique_keys[0].parts[0].column = 1;
  other.columns[1].type = "int";  // without a display width
  const auto matched = MatchTable(Table(), other, {}, true);
  ASSERT_TRUE(matched.has_value());
  EXPECT_EQ(matched->node.columns[0].name, ColumnName("id"));
  EXPECT_EQ(matched->node.key, (std::vector<std::size_t>{0}));
}

TEST(MatchTableTest, RefusesByName) {
  TableDef no_key = Table();
  no_key.unique_keys.clear();
  EXPECT_EQ(RefusalOf(no_key, Table()), "table-no-key");
  TableDef nullable_key = Table();
  nullable_key.unique_keys = {{"u", false, {{1, 0, ""}}}};
  nullable_key.columns[1].nullable = true;
  EXPECT_EQ(RefusalOf(nullable_key, nullable_key), "table-no-key");
  TableDef prefix = Table();
  prefix.unique_keys[0].parts[0].prefix = 3;
  EXPECT_EQ(RefusalOf(prefix, prefix), "key-unsupported");
  TableDef engine = Table();
  engine.engine = "MyISAM";
  EXPECT_EQ(RefusalOf(Table(), engine), "table-engine");
  TableDef type = Table();
  type.columns[1].type = "varchar(9)";
  EXPECT_EQ(RefusalOf(Table(), type), "schema-mismatch");
  TableDef more = Table();
  more.columns.push_back(Make("w", ColumnKind::kText, "text"));
  EXPECT_EQ(RefusalOf(Table(), more), "schema-mismatch");
  EXPECT_EQ(RefusalOf(more, Table()), "schema-mismatch");
  TableRules ignoring;
  ignoring.ignore_columns = {ColumnName("w")};
  EXPECT_EQ(RefusalOf(Table(), more, ignoring), "");
  EXPECT_EQ(RefusalOf(more, Table(), ignoring), "");
  TableRules unknown;
  unknown.ignore_columns = {ColumnName("nosuch")};
  EXPECT_EQ(RefusalOf(Table(), Table(), unknown), "column-unknown");
}

TEST(DescribeKeyTest, NamesTheColumnsAndHidesNoBytes) {
  const TableShape shape =
      Shape({Make("a", ColumnKind::kInteger), Make("b", ColumnKind::kBinary)}, {0, 1});
  EXPECT_EQ(DescribeKey(shape, {"7", std::string("\0x", 2)}), "a=7, b=0x0078");
}

}  // namespace
}  // namespace syncgate
