// A source of the other flavour: MariaDB to MySQL and back. Rows arrive exactly, or the table is
// refused by name.
#include <cstdlib>

#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

struct Pair {
  std::string name;
  std::string source;  // columns of CREATE TABLE
  std::string node;
  std::string rows;        // VALUES, on the source
  std::string refused;     // code in the diff; empty: it travels
  std::string there = "";  // VALUES, on the node
  bool from_maria = true;  // whether the case exists with the source on this flavour
  bool from_mysql = true;
};

void PrintTo(const Pair& pair, std::ostream* out) { *out << pair.name; }

const char* const kText = "VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

std::vector<Pair> Pairs() {
  const auto same = [](const std::string& name, const std::string& columns,
                       const std::string& rows) {
    return Pair{name, columns, columns, rows, "", "", true, true};
  };
  return {
      same("Integers",
           "a TINYINT UNSIGNED, b BIGINT UNSIGNED PRIMARY KEY, c INT, d MEDIUMINT, e TINYINT(1), f "
           "YEAR, g BIT(64)",
           "(255, 18446744073709551615, -2147483648, 8388607, 1, 2155, b'1'), (0, 0, NULL, -1, "
           "NULL, "
           "0, b'0')"),
      same(
          "Numbers", "k DECIMAL(30,10) PRIMARY KEY, d DECIMAL(65,30), f FLOAT, g DOUBLE",
          "(-0.5, 12345678901234567890123456789012345.123456789012345678901234567890, 0.1, 1e308), "
          "(0, -0.000000000000000000000000000001, 16777217, 2.2250738585072014e-308), (1, 1, 0, "
          "0), (2, NULL, 3.4028234e38, 0.30000000000000004)"),
      same("Times", "k DATETIME(6) PRIMARY KEY, d DATE, t TIME(3), s TIMESTAMP(6) NULL",
           "('2026-11-22 10:11:12.123456', '2026-11-22', '-838:59:59.000', '2038-01-19 03:14:07'), "
           "('1000-01-01 00:00:00', '9999-12-31', '00:00:00.001', NULL)"),
      same("Texts",
           std::string("k ") + kText +
               " PRIMARY KEY, l VARCHAR(20) CHARACTER SET latin1, g VARCHAR(20) CHARACTER SET gbk, "
               "t "
               "LONGTEXT, e ENUM('a','b','') CHARACTER SET utf8mb4, s SET('x','y') CHARACTER SET "
               "utf8mb4",
           "(_utf8mb4 0xE5AD90F09F9880, _utf8mb4 0xC3A4, _utf8mb4 0xE5AD90, 'a\\\\b''c', 'b', "
           "'x,y'), "
           "('', '', NULL, '\\n\\t', '', ''), ('A', 'x', 'y', NULL, NULL, NULL), ('a', 'x', 'y', "
           "'0', 'a', "
           "'y')"),
      same("Bytes", "k VARBINARY(20) PRIMARY KEY, b BINARY(4), l LONGBLOB",
           "(x'00', x'00ff00', x''), (x'', x'01020304', x'c328'), (x'0000', NULL, NULL)"),
      same("Shapes", "k INT PRIMARY KEY, p GEOMETRY NOT NULL",
           "(1, ST_GeomFromText('POINT(1 2)', 0)), (2, ST_GeomFromText('LINESTRING(0 0,1 1)', "
           "3857))"),
      same("GeneratedColumns",
           "k INT PRIMARY KEY, a INT, g INT GENERATED ALWAYS AS (a * 2) STORED, v INT GENERATED "
           "ALWAYS AS "
           "(a + 1) VIRTUAL",
           "(1, 10, DEFAULT, DEFAULT), (2, NULL, DEFAULT, DEFAULT)"),
      {"ColumnsInAnotherOrder", "k INT PRIMARY KEY, a INT, b TEXT",
       "b TEXT, k INT PRIMARY KEY, a INT", "(1, 2, 'x'), (2, 3, 'y')", ""},
      {"CharactersThatTheNodeHasToo", "k INT PRIMARY KEY, t VARCHAR(20) CHARACTER SET utf8mb4",
       "k INT PRIMARY KEY, t VARCHAR(20) CHARACTER SET latin1",
       "(1, _utf8mb4 0xC3A4), (2, 'plain')", ""},
      {"CharactersThatTheNodeHasNot", "k INT PRIMARY KEY, t VARCHAR(20) CHARACTER SET utf8mb4",
       "k INT PRIMARY KEY, t VARCHAR(20) CHARACTER SET latin1", "(1, _utf8mb4 0xE5AD90)",
       "charset-mismatch"},
      {"KeysUnderOtherCollations",
       "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY, v INT",
       "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY, v INT",
       "('Abc', 1), ('b', 2), ('C', 3), ('a', 4)", "", "('b', 1), ('zz', 0)"},
      {"KeysThatAreOneThereAndTwoHere",
       "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PRIMARY KEY, v INT",
       "k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY, v INT",
       "('abc', 1), ('ABC', 2)", "key-ambiguous", "('abc', 1)"},
      {"JsonIsAnotherThing", "k INT PRIMARY KEY, j JSON", "k INT PRIMARY KEY, j JSON",
       "(1, '{\"a\": 1}')", "schema-mismatch"},
      {"UuidsAsTheirText", "k UUID PRIMARY KEY, v INT",
       "k CHAR(36) CHARACTER SET ascii PRIMARY KEY, v INT",
       "('018f3e2a-0000-7000-8000-000000000001', 1)", "", "", true, false},
  };
}

class CrossFlavor : public RunTest, public testing::WithParamInterface<Pair> {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    const std::string own = std::getenv("SYNCGATE_TEST_FLAVOR");
    ::setenv("SYNCGATE_TEST_FLAVOR", own == "mysql" ? "mariadb" : "mysql", 1);
    auto other = Sandbox::Load();
    const bool required = Sandbox::Required();
    ::setenv("SYNCGATE_TEST_FLAVOR", own.c_str(), 1);
    if (!other && required) FAIL() << other.error().message;
    if (!other) GTEST_SKIP() << "no sandbox of the other flavour: " << other.error().message;
    other_ = std::make_unique<Sandbox>(*std::move(other));
    database_ = std::make_unique<FreshDatabase>(*other_);
    auto session = MysqlSession::Connect(
        other_->Target(Server::kSource, Account::kAdmin, database_->name()), SessionRole::kWriter);
    ASSERT_TRUE(session) << session.error().message;
    source_ = std::move(*session);
  }
  void TearDown() override {
    source_.reset();
    database_.reset();
    RunTest::TearDown();
  }

 protected:
  void OnSource(const std::string& sql) const {
    const auto done = source_->Execute(sql);
    ASSERT_TRUE(done) << sql << "\n" << done.error().message << " " << done.error().server.text;
  }
  void Project() {
    SetVariable("OTHER_PASSWORD", other_->Env(Server::kSource, "PASSWORD"));
    ProjectText text;
    text.tables = "{t: {deletes: true}}";
    text.source = {"mysql: {host: 127.0.0.1, port: " + other_->Env(Server::kSource, "PORT") +
                   ", user: sync, password_env: OTHER_PASSWORD, database: " + database_->name() +
                   "}"};
    WriteProject(text);
  }
  // Every cell as its bytes, by a statement that means the same on both servers; floats by their
  // value as a DOUBLE.
  static std::string Statement(
      const std::vector<std::vector<std::optional<std::string>>>& columns) {
    std::string list;
    for (const auto& column : columns) {
      const std::string name = Quoted(*column[0]);
      const std::string& type = *column[1];
      std::string cell = "HEX(CONVERT(" + name + " USING utf8mb4))";
      if (type == "double") {
        cell = "CONCAT(" + name + ")";  // of a CAST, MySQL would cut digits off
      } else if (type == "float") {
        cell = "CONCAT(CAST(" + name + " AS DOUBLE))";
      } else if (type == "bit") {
        cell = "CAST(" + name + " AS UNSIGNED)";
      } else if (type.find("bin") != std::string::npos || type.find("blob") != std::string::npos ||
                 type == "geometry") {
        cell = "HEX(" + name + ")";
      }
      list += (list.empty() ? "" : ", '|', ") + ("IFNULL(" + cell + ", 'NULL')");
    }
    return "SELECT CONCAT(" + list + ") FROM t ORDER BY 1";
  }
  static constexpr char kColumns[] =
      "SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = "
      "DATABASE() "
      "AND TABLE_NAME = 't' ORDER BY COLUMN_NAME";
  std::string DumpOfSource() const {
    const auto columns = source_->Rows(kColumns);
    if (!columns) return columns.error().message;
    const auto rows = source_->Rows(Statement(*columns));
    if (!rows) return rows.error().message + rows.error().server.text;
    std::string dump;
    for (const Row& row : *rows) dump += row[0].value_or("NULL") + "\n";
    return dump;
  }
  std::string DumpOfNode() const {
    std::string dump;
    for (const auto& row : Rows(Server::kNode1, Statement(Rows(Server::kNode1, kColumns)))) {
      dump += row[0].value_or("NULL") + "\n";
    }
    return dump;
  }

 private:
  std::unique_ptr<Sandbox> other_;
  std::unique_ptr<FreshDatabase> database_;
  std::unique_ptr<MysqlSession> source_;
};

TEST_P(CrossFlavor, ArrivesExactlyOrIsRefused) {
  const Pair& pair = GetParam();
  if (IsMySql() ? !pair.from_maria : !pair.from_mysql)
    GTEST_SKIP() << "the source has no such type";
  OnSource("CREATE TABLE t (" + pair.source + ") CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
  Run(Server::kNode1, "CREATE TABLE t (" + pair.node + ") CHARACTER SET utf8mb4");
  OnSource("INSERT INTO t VALUES " + pair.rows);
  if (!pair.there.empty()) Run(Server::kNode1, "INSERT INTO t VALUES " + pair.there);
  Project();
  const std::string before = DumpOfNode();
  if (!pair.refused.empty()) {
    Step({"compare", "--node", "node1"});
    EXPECT_TRUE(Must({"generate-sql"}, 3).Diagnoses(pair.refused));
    return;
  }
  Must({"compare", "--node", "node1"});
  Must({"generate-sql"});
  Must({"apply-node", "--node", "node1"});
  EXPECT_EQ(DumpOfNode(), DumpOfSource());
  Must({"compare", "--node", "node1", "--artifacts", "after", "--detailed-exitcode"});
  Must({"rollback", "--node", "node1"});
  EXPECT_EQ(DumpOfNode(), before);
}

INSTANTIATE_TEST_SUITE_P(Pairs, CrossFlavor, testing::ValuesIn(Pairs()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace syncgate::test
