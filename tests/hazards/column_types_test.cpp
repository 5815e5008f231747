// Numbers, times, lists and structured types, with their extremes, through every kind of change.
#include "hazards/column_types.h"

namespace syncgate::test {
namespace {

std::string Repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST_F(ColumnTypes, Integers) {
  Travel(
      {Values("TINYINT", {"-128", "127", "0", "NULL"}), Values("TINYINT UNSIGNED", {"255", "0"}),
       Values("BOOL", {"TRUE", "FALSE", "2"}), Values("SMALLINT", {"-32768", "32767"}),
       Values("MEDIUMINT", {"-8388608", "8388607"}),
       Values("MEDIUMINT UNSIGNED", {"16777215", "0"}),
       Values("INT UNSIGNED", {"4294967295", "2147483648"}),
       Values("INT(8) ZEROFILL", {"42", "123456789", "0"}),
       Values("BIGINT", {"-9223372036854775808", "9223372036854775807", "-1", "9007199254740993"}),
       Values("BIGINT UNSIGNED",
              {"18446744073709551615", "9223372036854775808", "18446744073709551614", "0"}),
       Values("YEAR", {"1901", "2155", "0", "NULL"})});
}

TEST_F(ColumnTypes, Decimals) {
  Travel({Values("DECIMAL(65,30)",
                 {"99999999999999999999999999999999999.999999999999999999999999999999",
                  "-99999999999999999999999999999999999.999999999999999999999999999999",
                  "0.000000000000000000000000000001", "-0.000000000000000000000000000001", "0",
                  "NULL"}),
          Values("DECIMAL(65,0)", {Repeated("9", 65), "-" + Repeated("9", 65), "1"}),
          Values("DECIMAL(30,30)", {"0." + Repeated("9", 30), "-0." + Repeated("9", 30)}),
          Values("DECIMAL(10,2) UNSIGNED ZEROFILL", {"1.5", "99999999.99", "0"})});
}

// Each reads back to the same bits: the largest, the smallest, the denormal, what 15 digits cannot
// tell apart.
TEST_F(ColumnTypes, FloatsAndDoubles) {
  Travel({Values("FLOAT",
                 {"3.4028234663852886e38", "-3.4028234663852886e38", "1.1754943508e-38", "1.4e-45",
                  "0.1", "0.10000001", "16777216", "16777217e1", "0e0", "1e10", "NULL"}),
          Values("DOUBLE",
                 {"1.7976931348623157e308", "-1.7976931348623157e308", "2.2250738585072014e-308",
                  "5e-324", "0.1e0", "0.10000000000000002e0", "0.3e0", "0.30000000000000004e0",
                  "9007199254740992e0", "1e22", "1e23", "123456789.12345679e0", "0e0", "NULL"}),
          Values("DOUBLE UNSIGNED", {"0", "1e308"}),
          Values("FLOAT(7,3)", {"1234.567", "-9999.999", "0.001"}),
          Values("DOUBLE(20,4)", {"1234567890123.4567", "0.0001", "0"})});
}

TEST_F(ColumnTypes, ZeroOfEitherSign) {
  if (!IsMySql()) GTEST_SKIP() << "MariaDB stores no negative zero";
  Travel({Values("FLOAT", {"0e0", "-0e0", "1e0"}), Values("DOUBLE", {"0e0", "-0e0", "1e0"})});
}

// All 64 widths in one table.
TEST_F(ColumnTypes, BitsOfEveryWidth) {
  TypeCase bits;
  std::string ones;
  std::string first;
  std::string last;
  for (int width = 1; width <= 64; ++width) {
    const std::string comma = width > 1 ? "," : "";
    bits.columns += comma + "b" + std::to_string(width) + " BIT(" + std::to_string(width) + ")";
    ones += comma + "b'" + Repeated("1", width) + "'";
    first += comma + "b'1" + Repeated("0", width - 1) + "'";
    last += comma + (width == 1 ? "NULL" : "1");
  }
  bits.rows = {ones, first, last};
  Travel({bits});
}

TEST_F(ColumnTypes, DatesAndTimes) {
  Travel({Values("DATE", {"'1000-01-01'", "'9999-12-31'", "'2024-02-29'", "NULL"}),
          Values("DATETIME", {"'1000-01-01 00:00:00'", "'9999-12-31 23:59:59'"}),
          Values("DATETIME(6)", {"'9999-12-31 23:59:59.999999'", "'2026-11-01 00:00:00.000001'",
                                 "'2026-11-01 00:00:00'"}),
          Values("DATETIME(3)", {"'2026-11-01 00:00:00.001'", "'2026-11-01 00:00:00.010'"}),
          Values("TIMESTAMP(6) NULL", {"'1970-01-01 00:00:01'", "'2038-01-19 03:14:07.999999'",
                                       "'2026-03-29 02:30:00.5'", "'2026-10-25 01:30:00'", "NULL"}),
          Values("TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
                 {"'2001-01-01 00:00:00'", "'2002-01-01 00:00:00'"})});
}

TEST_F(ColumnTypes, TimesBeyondADay) {
  Travel({Values("TIME", {"'-838:59:59'", "'838:59:59'", "'24:00:00'", "'-00:00:01'", "'00:00:00'",
                          "NULL"}),
          Values("TIME(6)", {"'-838:59:58.999999'", "'100:00:00.000001'", "'-00:00:00.000001'",
                             "'00:00:00'"})});
}

TEST_F(ColumnTypes, ZeroAndImpossibleDates) {
  Travel({Values("DATE", {"'0000-00-00'", "'2026-02-31'", "'2026-00-00'", "'2026-11-00'",
                          "'0000-01-01'", "'2026-04-31'", "NULL"}),
          Values("DATETIME(6)", {"'0000-00-00 00:00:00'", "'2026-02-31 23:59:59.999999'",
                                 "'2026-00-01 01:02:03'", "'0000-00-00 00:00:00.000001'"}),
          Values("TIMESTAMP NULL", {"'0000-00-00 00:00:00'", "'2026-01-01 00:00:00'", "NULL"})});
}

// Members that look like the number of another member, the empty member, NULL.
TEST_F(ColumnTypes, EnumsAndSetsThatLookLikeNumbers) {
  Travel({Values("ENUM('2','3','1','0','')", {"'1'", "'2'", "'3'", "'0'", "''", "NULL"}),
          Values("ENUM('a,b','it''s','你','\\\\','x y')",
                 {"'a,b'", "'it''s'", "'你'", "'\\\\'", "'x y'"}),
          Values("ENUM('é','e') CHARACTER SET latin1 COLLATE latin1_bin", {"'é'", "'e'"}),
          Values("SET('4','1','2')", {"'1'", "'2'", "'4'", "'4,1,2'", "''", "'1,2'", "NULL"}),
          Values("SET(" +
                     [] {
                       std::string members;
                       for (int i = 0; i < 64; ++i)
                         members +=
                             (i > 0 ? ",'" : "'") + std::string("m") + std::to_string(i) + "'";
                       return members + ")";
                     }(),
                 {"18446744073709551615", "9223372036854775808", "1", "0"})});
  const std::string positions = "SELECT GROUP_CONCAT(v + 0 ORDER BY id) FROM t0";
  Apply();
  EXPECT_EQ(Client(Server::kNode1, positions), Client(Server::kSource, positions));
}

// An ENUM that holds what is no member of it (an old, lax INSERT) has no text that could write it.
TEST_F(ColumnTypes, AnEnumWithoutAMemberIsRefusedWhereItWouldBeWritten) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v ENUM('a','b'))");
  Client(Server::kSource, "SET sql_mode = ''; INSERT INTO t VALUES (1, 'nothing'), (2, 'a')");
  Run(Server::kNode1, "INSERT INTO t VALUES (1, 'a'), (2, 'a')");
  Project();
  ExpectDifferences({0, 1, 0});
  const auto planned = Step({"generate-sql"});
  EXPECT_EQ(planned.exit_code, 3);
  EXPECT_TRUE(planned.Says("value-not-storable"));
  EXPECT_EQ(Client(Server::kNode1, "SELECT v FROM t ORDER BY id"), "a\na\n");
}

TEST_F(ColumnTypes, Json) {
  std::vector<std::string> values = {R"('{"b": 18446744073709551615, "a": -9223372036854775808}')",
                                     R"('[1.5, 1e100, null, true, "你\\n\\u0000", {}]')",
                                     "'null'",
                                     "'\"\"'",
                                     "'0'",
                                     "'{}'",
                                     R"('{"": {"": [[[[[[[[[]]]]]]]]]}}')",
                                     "'\"1\"'",
                                     "'1'",
                                     "NULL"};
  // Text to MariaDB: spelling counts, and so does what no JSON number type could hold.
  if (!IsMySql()) {
    values.insert(values.end(), {"'1.0'", "'1.00'", "' 1'", R"('{"a":1,"a":2}')",
                                 "'123456789012345678901234567890.12345678901234567890'"});
  }
  Travel({Values("JSON", values)});
}

TEST_F(ColumnTypes, GeometryKeepsItsReferenceSystem) {
  Travel({Values("GEOMETRY",
                 {"ST_GeomFromText('POINT(1 2)', 4326)", "ST_GeomFromText('POINT(1 2)', 0)",
                  "ST_GeomFromText('POINT(2 1)', 4326)", "ST_GeomFromText('POINT(1 2)', 3857)",
                  "ST_GeomFromText('POLYGON((0 0,0 3,3 3,3 0,0 0),(1 1,1 2,2 2,2 1,1 1))')",
                  "ST_GeomFromText('MULTIPOINT(0 0,1 1)')",
                  "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))')", "NULL"}),
          Values("POINT NOT NULL", {"POINT(1e308, -1e-308)", "POINT(0, 0)"}),
          Values("LINESTRING", {"ST_GeomFromText('LINESTRING(0 0,1 1,2 2)')",
                                "ST_GeomFromText('LINESTRING(0 0,1 1,2 3)')"})});
}

TEST_F(ColumnTypes, GeometryBoundToAReferenceSystem) {
  if (!IsMySql()) GTEST_SKIP() << "MySQL's";
  Travel({Values("POINT NOT NULL SRID 4326",
                 {"ST_GeomFromText('POINT(1 2)', 4326)", "ST_GeomFromText('POINT(2 1)', 4326)"})});
}

TEST_F(ColumnTypes, Vector) {
  if (!IsMySql() || Connect()->server().major < 9) GTEST_SKIP() << "MySQL's, from 9.0";
  Travel({Values("VECTOR(3)", {"STRING_TO_VECTOR('[1,2,3]')", "STRING_TO_VECTOR('[1,2,-3]')",
                               "STRING_TO_VECTOR('[0,0,0]')", "STRING_TO_VECTOR('[0,-0,0]')",
                               "STRING_TO_VECTOR('[3.4e38,1.2e-38,0.1]')", "NULL"})});
}

TEST_F(ColumnTypes, AddressesAndUuids) {
  if (IsMySql()) GTEST_SKIP() << "MariaDB's";
  Travel({Values("INET6", {"'::'", "'::ffff:1.2.3.4'", "'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'",
                           "'2001:db8::ff00:42:8329'", "NULL"}),
          Values("INET4", {"'0.0.0.0'", "'255.255.255.255'"}),
          Values("UUID", {"'00000000-0000-0000-0000-000000000000'",
                          "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
                          "'123e4567-e89b-12d3-a456-426655440000'", "NULL"})});
}

TEST_F(ColumnTypes, AddressesAndUuidsAsKeys) {
  if (IsMySql()) GTEST_SKIP() << "MariaDB's";
  RunEverywhere("CREATE TABLE t (k UUID, a INET6, v INT, PRIMARY KEY (k, a))");
  Run(Server::kSource,
      "INSERT INTO t VALUES ('123e4567-e89b-12d3-a456-426655440000','::1',1),"
      "('00000000-0000-0000-0000-000000000001','::2',2)");
  Run(Server::kNode1,
      "INSERT INTO t VALUES ('123e4567-e89b-12d3-a456-426655440000','::1',9),"
      "('ffffffff-0000-0000-0000-000000000001','::2',2)");
  Project();
  ThereAndBack();
  EXPECT_EQ(Counted(), (RowCounts{1, 1, 1}));
}

TEST_F(ColumnTypes, GeneratedAndInvisible) {
  RunEverywhere(
      "CREATE TABLE t (id INT PRIMARY KEY, a INT, s INT GENERATED ALWAYS AS (a * 2) STORED UNIQUE, "
      "w VARCHAR(30) GENERATED ALWAYS AS (CONCAT('<', a, '>')) VIRTUAL, i VARCHAR(10) " +
      std::string(IsMySql() ? "INVISIBLE DEFAULT '5'" : "INVISIBLE DEFAULT '5'") + ", INDEX (w))");
  Run(Server::kSource, "INSERT INTO t (id, a, i) VALUES (1,1,'x'),(2,2,NULL),(3,3,'你'),(4,4,'4')");
  Run(Server::kNode1, "INSERT INTO t (id, a, i) VALUES (1,10,'x'),(2,2,'2'),(4,4,'4'),(5,5,'5')");
  Project();
  ThereAndBack();
  EXPECT_EQ(Counted(), (RowCounts{1, 2, 1}));
}

}  // namespace
}  // namespace syncgate::test
