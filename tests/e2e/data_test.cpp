// Rows through all steps, on tables made to break tools of this kind: after apply the node's rows
// are the source's by a dump that shares no code with syncgate, after rollback they are what they
// were.
#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

std::string Yaml(const std::string& name) {
  std::string text = "\"";
  for (const char c : name)
    text += c == '"' || c == '\\' ? std::string("\\") + c : c == '\n' ? "\\n" : std::string(1, c);
  return text + "\"";
}

class Data : public RunTest {
 public:
  void Project(const std::string& tables) const {
    ProjectText text;
    text.tables = tables;
    WriteProject(text);
  }
  void CompareAndPlan(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> compare = {"compare", "--node", "node1"};
    compare.insert(compare.end(), more.begin(), more.end());
    Must(compare);
    Must({"generate-sql"});
  }
  // There and back for one table whose differences are made.
  void RoundTrip(const std::string& table, const std::vector<std::string>& columns = {}) const {
    const std::string before = Dump(Server::kNode1, table);
    EXPECT_NE(Dump(Server::kNode1, table, columns), Dump(Server::kSource, table, columns));
    CompareAndPlan();
    Must({"apply-node", "--node", "node1"});
    EXPECT_EQ(Dump(Server::kNode1, table, columns), Dump(Server::kSource, table, columns));
    Must({"compare", "--node", "node1", "--artifacts", "after", "--detailed-exitcode"});
    Must({"rollback", "--node", "node1"});
    EXPECT_EQ(Dump(Server::kNode1, table), before);
  }
};

struct Case {
  std::string name;
  std::string columns;  // of CREATE TABLE
  std::string source;   // VALUES
  std::string node;     // VALUES; empty: no rows
  bool maria = true;
  bool mysql = true;
  std::string table = "t";
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.name; }

class NastyTable : public Data, public testing::WithParamInterface<Case> {};

TEST_P(NastyTable, TravelsThereAndBack) {
  const Case& row = GetParam();
  if (IsMySql() ? !row.mysql : !row.maria) GTEST_SKIP() << "not on this flavour: " << row.name;
  const std::string table = Quoted(row.table);
  RunEverywhere("CREATE TABLE " + table + " (" + row.columns + ")");
  if (!row.source.empty()) Run(Server::kSource, "INSERT INTO " + table + " " + row.source);
  if (!row.node.empty()) Run(Server::kNode1, "INSERT INTO " + table + " " + row.node);
  Project("{" + Yaml(row.table) + ": {deletes: true}}");
  RoundTrip(row.table);
}

INSTANTIATE_TEST_SUITE_P(
    Names, NastyTable,
    testing::Values(Case{"Backtick", "`a``b` INT PRIMARY KEY, `c d` INT", "VALUES (1,2)",
                         "VALUES (2,2)", true, true, "x`y"},
                    Case{"QuotesAndSpace", "`a'b` INT PRIMARY KEY, `c\"d\\e` INT", "VALUES (1,2)",
                         "VALUES (1,3)", true, true, "it's \"a\" \\ b"},
                    Case{"NewlineAndDot", "`a\nb` INT PRIMARY KEY, `c.d` INT", "VALUES (1,2)",
                         "VALUES (1,3)", true, true, "x\ny.z"},
                    Case{"Reserved", "`select` INT PRIMARY KEY, `values` INT, `incoming` INT",
                         "VALUES (1,2,3)", "VALUES (1,3,3)", true, true, "incoming"},
                    Case{"Chinese", "`编号` INT PRIMARY KEY, `说明` VARCHAR(20)", "VALUES (1,'建')",
                         "VALUES (1,'满')", true, true, "八字规则"},
                    // Were rows grouped by the column of that name, all but one would be missed.
                    Case{"Bucket", "id INT PRIMARY KEY, bucket INT",
                         "VALUES (1,7),(2,7),(3,7),(4,7)", "VALUES (5,7),(6,7),(7,7),(8,7)"},
                    Case{"CommentAndSemicolon", "`a;b` INT PRIMARY KEY, `-- c` INT, `/*d` INT",
                         "VALUES (1,2,3)", "VALUES (1,3,3)", true, true, "a/b;--"}),
    [](const auto& given) { return given.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Keys, NastyTable,
    testing::Values(
        Case{"Composite", "a INT, b VARCHAR(10), c DATE, v INT, PRIMARY KEY (c,a,b)",
             "VALUES (1,'x','2026-01-01',1),(1,'y','2026-01-01',2)",
             "VALUES (1,'x','2026-01-01',2),(2,'x','2026-01-01',1)"},
        Case{"Binary", "k VARBINARY(10) PRIMARY KEY, v INT",
             "VALUES ('',1),(0x00,2),(0x0000,3),(0xff27,4)", "VALUES (0x00,1),(0xff5c,4)"},
        Case{"Uuid", "k BINARY(16) PRIMARY KEY, v INT",
             "VALUES (UNHEX(LEFT(SHA2('a',256),32)),1),(UNHEX(LEFT(SHA2('b',256),32)),2)",
             "VALUES (UNHEX(LEFT(SHA2('a',256),32)),9),(UNHEX(LEFT(SHA2('c',256),32)),2)"},
        Case{"Decimal", "k DECIMAL(30,10) PRIMARY KEY, v INT",
             "VALUES (-0.0000000001,1),(12345678901234567890.1,2)",
             "VALUES (12345678901234567890.1,3),(0,0)"},
        Case{"Date", "k DATE PRIMARY KEY, v INT", "VALUES ('2026-11-01',1),('1000-01-01',2)",
             "VALUES ('2026-11-01',2),('9999-12-31',2)"},
        Case{"TextInOtherCase", "k VARCHAR(20) PRIMARY KEY, v INT",
             "VALUES ('Abc',1),('x',2),('same',3)", "VALUES ('abc',1),('X',3),('same',3)"},
        Case{"Negative", "k BIGINT PRIMARY KEY, v INT",
             "VALUES (-9223372036854775808,1),(-1,2),(0,3)",
             "VALUES (-1,3),(9223372036854775807,1)"},
        Case{"UnsignedLargest", "k BIGINT UNSIGNED PRIMARY KEY, v INT",
             "VALUES (18446744073709551615,1),(0,2)",
             "VALUES (18446744073709551615,2),(18446744073709551614,1)"},
        Case{"NotNullUnique", "k INT NOT NULL UNIQUE, v INT", "VALUES (1,1),(2,2)",
             "VALUES (1,2),(3,3)"},
        Case{"AutoIncrementZero", "id INT AUTO_INCREMENT PRIMARY KEY, v INT",
             "(id, v) SELECT 0, 1 UNION ALL SELECT 7, 1", "VALUES (7,2)"}),
    [](const auto& given) { return given.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Types, NastyTable,
    testing::Values(
        Case{"Decimal65", "id INT PRIMARY KEY, v DECIMAL(65,30)",
             "VALUES "
             "(1,-99999999999999999999999999999999999.999999999999999999999999999999),(2,0."
             "000000000000000000000000000001)",
             "VALUES (1,1)"},
        Case{"Floats", "id INT PRIMARY KEY, f FLOAT, d DOUBLE",
             "VALUES "
             "(1,0.1,0.1),(2,16777217,9007199254740993),(3,3.4028234e38,1.7976931348623157e308),(4,"
             "1.4e-45,5e-324),(5,-0.0,-0.0),(6,0.3,0.1e0+0.2e0)",
             "VALUES (1,0.1,0.10000000000000002),(6,0.30000004,0.3)"},
        Case{"Bit", "id INT PRIMARY KEY, b BIT(64), c BIT(1)",
             "VALUES "
             "(1,b'1111111111111111111111111111111111111111111111111111111111111111',b'1'),(2,0,0)",
             "VALUES (1,1,0),(2,0,1)"},
        Case{"Temporal",
             "id INT PRIMARY KEY, y YEAR, t TIME(6), d DATETIME(6), s TIMESTAMP(6) NULL",
             "VALUES (1,1901,'-838:59:59','1000-01-01 00:00:00.000001','2026-03-29 "
             "02:30:00.5'),(2,2155,'100:00:00.123456','9999-12-31 23:59:59.999999','2038-01-19 "
             "03:14:07')",
             "VALUES (1,2000,'00:00:00','2026-01-01','2026-03-29 01:30:00.5')"},
        Case{"NullIsNotEmpty", "id INT PRIMARY KEY, a VARCHAR(10), b VARCHAR(10), n FLOAT",
             "VALUES (1,NULL,'',NULL),(2,'',NULL,0),(3,'x#','y',NULL)",
             "VALUES (1,'',NULL,0),(2,NULL,'',NULL),(3,'x','#y',NULL)"},
        Case{"EnumAndSet", "id INT PRIMARY KEY, e ENUM('a','','1','2'), s SET('x','y')",
             "VALUES (1,'2','x,y'),(2,'','')", "VALUES (1,'1','y'),(2,'a',NULL)"},
        Case{"BlobAndText", "id INT PRIMARY KEY, b LONGBLOB, t TEXT CHARACTER SET utf8mb4",
             "VALUES "
             "(1,0x0061000d0a1a275c22,'😀\\'\"\\\\\n'),(2,REPEAT(0x00,70000),REPEAT('你',20000))",
             "VALUES (1,0x00,'😁')"},
        Case{"Latin1",
             "id INT PRIMARY KEY, l VARCHAR(20) CHARACTER SET latin1, u VARCHAR(20) CHARACTER SET "
             "utf8mb4",
             "VALUES (1,'é€',_utf8mb4'é€你')", "VALUES (1,'e',_utf8mb4'e')"},
        Case{"Json", "id INT PRIMARY KEY, j JSON",
             "VALUES (1,'{\"b\": 18446744073709551615, \"a\": [1.50, null, \"你\\\\n\"]}'),(2,'1')",
             "VALUES (1,'{}'),(2,'2')"},
        Case{"JsonNumberOfAnotherType", "id INT PRIMARY KEY, j JSON", "VALUES (1,'1')",
             "VALUES (1,'1.0')", true, false},
        Case{"Generated",
             "id INT PRIMARY KEY, a INT, g INT GENERATED ALWAYS AS (a * 2) STORED, w INT GENERATED "
             "ALWAYS AS (a + 1) VIRTUAL",
             "(id, a) VALUES (1,1),(2,2)", "(id, a) VALUES (1,2)"},
        Case{"OnUpdate",
             "id INT PRIMARY KEY, v INT, at TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE "
             "CURRENT_TIMESTAMP(3)",
             "VALUES (1,1,'2026-01-01 00:00:00.123'),(2,2,'2026-01-02')",
             "VALUES (1,2,'2025-01-01 00:00:00.123'),(2,2,'2026-01-01')"},
        Case{"InvisibleMySql", "id INT PRIMARY KEY, v INT, i INT INVISIBLE",
             "(id, v, i) VALUES (1,1,1),(2,2,2)", "(id, v, i) VALUES (1,1,2)", false, true},
        Case{"InvisibleMariaDb", "id INT PRIMARY KEY, v INT, i INT INVISIBLE DEFAULT 5",
             "(id, v, i) VALUES (1,1,1),(2,2,2)", "(id, v, i) VALUES (1,1,2)", true, false},
        Case{"Geometry", "id INT PRIMARY KEY, g GEOMETRY",
             "VALUES (1,ST_GeomFromText('POINT(1 2)', 4326)),(2,NULL)",
             "VALUES (1,ST_GeomFromText('POINT(2 1)', 0)),(2,ST_GeomFromText('LINESTRING(0 0,1 "
             "1)'))"},
        Case{"Vector", "id INT PRIMARY KEY, v VECTOR(3)",
             "VALUES (1,STRING_TO_VECTOR('[1,-0.0,3.4e38]')),(2,NULL)",
             "VALUES (1,STRING_TO_VECTOR('[1,2,3]')),(2,STRING_TO_VECTOR('[0,0,0]'))", false, true},
        Case{"EmptyOnTheNode", "id INT PRIMARY KEY, v INT", "VALUES (5,5)", ""},
        Case{"EmptyOnTheSource", "id INT PRIMARY KEY, v INT", "", "VALUES (5,5)"},
        Case{"KeyOnly", "id INT PRIMARY KEY", "VALUES (1),(2)", "VALUES (3)"}),
    [](const auto& given) { return given.param.name; });

// What MySQL cannot be made to store is refused before anything is planned.
TEST_F(Data, JsonThatMySqlCannotWriteIsRefused) {
  if (!IsMySql()) GTEST_SKIP() << "MariaDB stores the text";
  const std::string kDecimal = "VALUES (1, JSON_OBJECT('a', CAST(0.0400 AS DECIMAL(6,4))))";
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, j JSON)");
  const std::pair<std::string, std::string> kRows[] = {
      {"VALUES (1, '1')", "VALUES (1, '1.0')"},
      {kDecimal, "VALUES (1, '{}')"},
      {"VALUES (1, '{}')", kDecimal},
  };
  for (const auto& [source, node] : kRows) {
    RunEverywhere("TRUNCATE TABLE t");
    Run(Server::kSource, "INSERT INTO t " + source);
    Run(Server::kNode1, "INSERT INTO t " + node);
    Project("{t: {}}");
    Must({"compare", "--node", "node1"});
    const auto planned = Step({"generate-sql"});
    EXPECT_EQ(planned.exit, 3) << source;
    EXPECT_TRUE(planned.Diagnoses("json-not-writable")) << source;
  }
}

// Number 0 and the member '' have the same text.
TEST_F(Data, EnumThatHoldsNoMemberIsSeenAndRefused) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, e ENUM('a','') CHARACTER SET latin1)");
  RunEverywhere("INSERT IGNORE INTO t VALUES (1, 'no member')");
  Project("{t: {deletes: true}}");
  Must({"compare", "--node", "node1", "--detailed-exitcode"});
  Run(Server::kSource, "UPDATE t SET e = '' WHERE id = 1");
  EXPECT_TRUE(Must({"compare", "--node", "node1"}).Diagnoses("value-not-storable"));
  EXPECT_TRUE(Must({"generate-sql"}, 3).Diagnoses("value-not-storable"));
}

// Where the key is all there is, servers would rather walk the index than look many keys up.
TEST_F(Data, ManyRowsOfATableThatIsOnlyItsKey) {
  RunEverywhere("CREATE TABLE t (a INT, b INT, PRIMARY KEY (a, b))");
  const std::string digits =
      "(SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 "
      "UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";
  RunEverywhere("INSERT INTO t SELECT x.d * 10 + y.d, z.d FROM " + digits + " x, " + digits +
                " y, " + digits + " z");
  Run(Server::kSource, "DELETE FROM t WHERE b < 3");
  Run(Server::kNode1, "DELETE FROM t WHERE b > 6");
  Project("{t: {deletes: true}}");
  RoundTrip("t");
}

TEST_F(Data, FourRowsWhoseStatusFlipsAndTwoThatSwapAreFound) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, status INT, v VARCHAR(10))");
  RunEverywhere("INSERT INTO t VALUES (1,0,'a'),(2,0,'b'),(3,0,'c'),(4,0,'d'),(5,0,'e'),(6,0,'f')");
  Run(Server::kNode1, "UPDATE t SET status = 1 WHERE id <= 4");
  Run(Server::kNode1, "UPDATE t SET v = IF(id = 5, 'f', 'e') WHERE id > 4");
  Project("{t: {}}");
  EXPECT_TRUE(Must({"compare", "--node", "node1", "--detailed-exitcode"}, 2).Says("6 rows"));
  RoundTrip("t");
}

TEST_F(Data, ExtraRowsGoOnlyWhereTheTableSaysSo) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
  Run(Server::kSource, "INSERT INTO t VALUES (1,1)");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,2),(2,2)");
  Project("{t: {}}");
  CompareAndPlan();
  Must({"apply-node", "--node", "node1"});
  EXPECT_EQ(Dump(Server::kNode1, "t"), "1|1|\n2|2|\n");
  Project("{t: {deletes: true}}");
  RoundTrip("t");
}

TEST_F(Data, OnlyChosenColumnsAreComparedAndWritten) {
  RunEverywhere(
      "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT DEFAULT 7, at TIMESTAMP NULL DEFAULT "
      "'2026-01-01' ON UPDATE CURRENT_TIMESTAMP)");
  Run(Server::kSource, "INSERT INTO t VALUES (1,1,1,'2026-02-01'),(2,2,2,'2026-02-01')");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,9,9,'2026-03-01')");
  for (const char* rules : {"columns: [a]", "ignore_columns: [b, at]"}) {
    Project(std::string("{t: {") + rules + "}}");
    RoundTrip("t", {"id", "a"});
  }
  Project("{t: {}}");
  CompareAndPlan({"--ignore-columns", "t=b,at"});
  Must({"apply-node", "--node", "node1"});
  EXPECT_EQ(Dump(Server::kNode1, "t"), "1|1|9|2026-03-01 00:00:00|\n2|2|7|2026-01-01 00:00:00|\n");
}

TEST_F(Data, ARowThatMovedOutOfWhereIsNotDeleted) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, day DATE)");
  Run(Server::kSource, "INSERT INTO t VALUES (1,'2026-01-01'),(2,'2026-11-02'),(3,'2026-01-01')");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,'2026-11-05'),(3,'2026-01-02'),(4,'2026-11-01')");
  Project("{t: {where: \"day >= '2026-11-01'\", deletes: true}}");
  const std::string before = Dump(Server::kNode1, "t");
  CompareAndPlan();
  Must({"apply-node", "--node", "node1"});
  EXPECT_EQ(Dump(Server::kNode1, "t"), "1|2026-01-01|\n2|2026-11-02|\n3|2026-01-02|\n");
  Must({"rollback", "--node", "node1"});
  EXPECT_EQ(Dump(Server::kNode1, "t"), before);
}

TEST_F(Data, DifferencesAtTheEdgesOfChunksAreFound) {
  const std::string digits =
      "(SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 "
      "UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(60))");
  RunEverywhere(
      "INSERT INTO t SELECT n, SHA2(n,224) FROM (SELECT 1 + a.d + 10*b.d + 100*c.d + 1000*e.d + "
      "10000*f.d n FROM " +
      digits + " a, " + digits + " b, " + digits + " c, " + digits + " e, " + digits +
      " f) x WHERE n <= 60000");
  Run(Server::kNode1,
      "UPDATE t SET v = 'other' WHERE id IN (1, 19999, 20000, 20001, 40000, 60000)");
  Run(Server::kNode1,
      "INSERT INTO t VALUES (-5,'before'),(0,'before'),(60001,'behind'),(70000,'behind')");
  Run(Server::kNode1, "DELETE FROM t WHERE id IN (2, 39999, 40001, 59999)");
  Project("{t: {deletes: true}}");
  EXPECT_TRUE(Must({"compare", "--node", "node1"}).Says("14 rows"));
  RoundTrip("t");
}

}  // namespace
}  // namespace syncgate::test
