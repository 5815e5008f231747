// What hides differences, or invents them, in comparisons of this kind.
#include <chrono>
#include <filesystem>
#include <thread>

#include "hazards/hazard_test.h"

namespace syncgate::test {
namespace {

// Ids whose CRC32 ends alike: in whatever power of two of buckets rows are spread by it, they meet
// in one. All have four digits, so that their rows are of one length.
constexpr char kOneBucket[] = "n > 999 AND CRC32(n) & 1023 = CRC32(1000) & 1023 LIMIT 4";

TEST_F(Comparing, BulkFlipOfAnEvenNumberOfRowsIsSeen) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, status INT)");
  RunEverywhere("INSERT INTO t SELECT n, 0 FROM " + Numbers(9999) + " WHERE " + kOneBucket);
  Run(Server::kNode1, "UPDATE t SET status = 1");
  Project();
  ExpectDifferences({0, 4, 0});
  ThereAndBack();
}

TEST_F(Comparing, TwoRowsThatSwapTheirValuesAreSeen) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v CHAR(1))");
  RunEverywhere("INSERT INTO t SELECT n, 'a' FROM " + Numbers(9999) + " WHERE " + kOneBucket);
  RunEverywhere("DELETE FROM t ORDER BY id DESC LIMIT 2");
  Run(Server::kSource, "UPDATE t SET v = 'b' ORDER BY id LIMIT 1");
  Run(Server::kNode1, "UPDATE t SET v = 'b' ORDER BY id DESC LIMIT 1");
  Project();
  ExpectDifferences({0, 2, 0});
  ThereAndBack();
}

// Each pair of rows has the same bytes one after the other, whatever stands between cells.
TEST_F(Comparing, TextCellsThatWouldRunTogetherDiffer) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b VARCHAR(20), c BLOB)");
  Run(Server::kSource,
      "INSERT INTO t VALUES (1,'x','y',''),(2,'x#','y',''),(3,'x,','y',''),(4,'','xy',''),"
      "(5,'1:x','y',''),(6,'a,1:b','c',''),(7,'','',',')");
  Run(Server::kNode1,
      "INSERT INTO t VALUES (1,'xy','',''),(2,'x','#y',''),(3,'x',',y',''),(4,'','x','y'),"
      "(5,'1','x:y',''),(6,'a','1:b,c',''),(7,',','','')");
  Project();
  ExpectDifferences({0, 7, 0});
  ThereAndBack();
}

// One cell a row, so that nothing else tells the rows apart.
TEST_F(Comparing, NullIsNeitherEmptyNorZeroNorItsName) {
  RunEverywhere(
      "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(10), b BLOB, f FLOAT, n INT, d DATE)");
  Run(Server::kSource, "INSERT INTO t (id) VALUES (1),(2),(3),(4),(5),(6),(7)");
  Run(Server::kNode1,
      "INSERT INTO t (id, v, b, f, n, d) VALUES (1,'',NULL,NULL,NULL,NULL),"
      "(2,'N',NULL,NULL,NULL,NULL),(3,'NULL',NULL,NULL,NULL,NULL),(4,NULL,'',NULL,NULL,NULL),"
      "(5,NULL,NULL,0,NULL,NULL),(6,NULL,NULL,NULL,0,NULL),(7,NULL,NULL,NULL,NULL,'0000-00-00')");
  Project();
  ExpectDifferences({0, 7, 0});
  ThereAndBack();
}

TEST_F(Comparing, ServersInOtherTimeZonesCompareAlike) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMP NULL)");
  RunEverywhere("INSERT INTO t VALUES (1,'2026-01-01 00:30:00'),(2,'2025-12-31 23:30:00')");
  Project();
  Run(Server::kNode1, "SET GLOBAL time_zone = '+05:00'");
  const StepResult compared = Step({"compare", "--node", "node1", "--detailed-exitcode"});
  Project("t: {deletes: true, where: \"at >= '2026-01-01'\"}");
  Run(Server::kNode1, "UPDATE t SET at = '2026-01-01 00:31:00' WHERE id = 1");
  Run(Server::kNode1, "UPDATE t SET at = '2025-12-31 23:31:00' WHERE id = 2");
  const StepResult windowed = Step({"compare", "--node", "node1"});
  Run(Server::kNode1, "SET GLOBAL time_zone = DEFAULT");
  EXPECT_EQ(compared.exit_code, 0) << compared.err;
  EXPECT_EQ(windowed.exit_code, 0) << windowed.err;
  EXPECT_EQ(Counted(), (RowCounts{0, 1, 0}));  // row 2 is before the window, in UTC
}

// The same words mean other moments eight hours east.
TEST_F(Comparing, TimesInWhereMayBeOfAnotherZone) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, at TIMESTAMP NULL, v INT)");
  // 23:30 of the day before and 00:30 in +08:00, in UTC.
  RunEverywhere("INSERT INTO t VALUES (1,'2025-12-31 15:30:00',1),(2,'2025-12-31 16:30:00',1)");
  Run(Server::kSource, "UPDATE t SET v = 2");
  Run(Server::kSource, "INSERT INTO t VALUES (3,'2026-01-01 00:00:00',3)");
  Project(
      "t: {where: \"at >= '2026-01-01'\", time_zone: \"+08:00\"}\n"
      "  u: {where: \"at >= '2026-01-01'\"}");
  RunEverywhere("CREATE TABLE u (id INT PRIMARY KEY, at TIMESTAMP NULL)");
  Run(Server::kSource, "INSERT INTO u VALUES (1,'2026-01-01'),(2,'2025-12-31 23:59:59')");
  ExpectDifferences({1, 1, 0});
  EXPECT_EQ(Counted("u"), (RowCounts{1, 0, 0}));
  Plan();
  Apply();
  // Times are moved as they are, and the next table is read in UTC again.
  const std::string now = "SELECT GROUP_CONCAT(UNIX_TIMESTAMP(at), '/', v ORDER BY id) FROM t";
  EXPECT_EQ(Value(Server::kNode1, now), "1767195000/1,1767198600/2,1767225600/3");
  EXPECT_EQ(Value(Server::kNode1, "SELECT UNIX_TIMESTAMP(at) FROM u"), "1767225600");
}

TEST_F(Comparing, ATimestampKeyInAnotherZoneIsRefused) {
  RunEverywhere("CREATE TABLE t (at TIMESTAMP NOT NULL PRIMARY KEY, v INT)");
  Project("t: {where: \"at >= '2026-01-01'\", time_zone: \"+08:00\"}");
  RefusedBeforeApply("time-zone-key");
}

// Three ways for a row to stand across the edge of `where`.
TEST_F(Comparing, ARowOnOneSideOfWhereIsComparedByItsKey) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
  Run(Server::kSource, "INSERT INTO t VALUES (1,10),(2,1),(3,10),(5,1)");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,1),(2,10),(4,10),(5,2)");
  Project("t: {deletes: true, where: v >= 10}");
  ExpectDifferences({1, 2, 1});
  Plan();
  Apply();
  EXPECT_EQ(Client(Server::kNode1, "SELECT id, v FROM t ORDER BY id"),
            "1\t10\n2\t1\n3\t10\n5\t2\n");
}

TEST_F(Comparing, KeysThatDifferInCaseOrPaddingAreOneRow) {
  RunEverywhere("CREATE TABLE t (k VARCHAR(20) COLLATE utf8mb4_general_ci PRIMARY KEY, v INT)");
  Run(Server::kSource, "INSERT INTO t VALUES ('abc ',1),('Straße',2),('same',3),('É',4)");
  Run(Server::kNode1, "INSERT INTO t VALUES ('ABC',1),('straße',9),('same',3),('e',4)");
  Project();
  ExpectDifferences({0, 3, 0});
  ThereAndBack();
}

// The same rows under keys that the servers sort in different orders, over several chunks.
class OrderedDifferently : public Comparing {
 protected:
  void Fill() const {
    const std::string insert =
        "INSERT INTO t SELECT CONCAT(IF(n % 2, 'k', 'K'), IF(n % 3, '_', 'Z'), n), n FROM " +
        Numbers(40'500);
    for (const Server server : {Server::kSource, Server::kNode1}) {
      Run(server, std::string("CREATE TABLE t (k VARCHAR(20) COLLATE ") +
                      (server == Server::kSource ? "utf8mb4_bin" : "utf8mb4_general_ci") +
                      " PRIMARY KEY, v INT)");
      Run(server, insert);
    }
    Project();
  }
};

TEST_F(OrderedDifferently, RowsThatAreAlikeAreNotReported) {
  Fill();
  ExpectInSync();
}

TEST_F(OrderedDifferently, EachDifferenceIsReportedOnce) {
  Fill();
  Run(Server::kNode1, "UPDATE t SET v = -v WHERE v % 5000 = 1");
  Run(Server::kNode1, "DELETE FROM t WHERE v % 10000 = 2");
  Run(Server::kNode1, "INSERT INTO t VALUES ('kZextra', 0), ('a', 0), ('~', 0), ('K_extra', 0)");
  ExpectDifferences({5, 9, 4});
  Plan();
  Apply();
  ExpectInSync();
}

TEST_F(Comparing, ClusteredCompositeKeysAcrossChunkEdges) {
  RunEverywhere("CREATE TABLE t (a INT, b VARCHAR(10), c DATE, v INT, PRIMARY KEY (a, b, c))");
  RunEverywhere(
      "INSERT INTO t SELECT IF(n <= 40000, 1, n % 3), CONCAT('b', n % 7), '2026-01-01' + INTERVAL "
      "n DAY, 0 FROM " +
      Numbers(45'000));
  Project();
  ExpectInSync();
  // Where the first two chunks of 20,000 end, and around.
  for (const char* row : {"19998, 1", "19999, 1", "20000, 1", "39999, 1", "40000, 1", "0, 1"}) {
    Run(Server::kNode1, "UPDATE t JOIN (SELECT a, b, c FROM t ORDER BY a, b, c LIMIT " +
                            std::string(row) + ") x USING (a, b, c) SET v = 1");
  }
  Run(Server::kNode1, "INSERT INTO t VALUES (-1,'','2026-01-01',0),(99,'','2026-01-01',0)");
  ExpectDifferences({0, 6, 2});
  ThereAndBack();
}

TEST_F(Comparing, RowsOutsideTheSourcesKeysCount) {
  RunEverywhere("CREATE TABLE t (id BIGINT UNSIGNED PRIMARY KEY, v INT)");
  Run(Server::kSource, "INSERT INTO t VALUES (1000,1)");
  Run(Server::kNode1, "INSERT INTO t VALUES (0,1),(1000,1),(18446744073709551615,1)");
  Project();
  ExpectDifferences({0, 0, 2});
  ThereAndBack();
  Run(Server::kSource, "DELETE FROM t");
  ExpectDifferences({0, 0, 3});
}

TEST_F(Comparing, TheGeneratedRowIdIsNoKey) {
  if (!IsMySql()) GTEST_SKIP() << "MySQL's";
  for (const Server server : {Server::kSource, Server::kNode1}) {
    Client(server,
           "SET sql_generate_invisible_primary_key = 1; CREATE TABLE t (a INT, b INT);"
           "CREATE TABLE u (a INT NOT NULL UNIQUE, b INT); INSERT INTO t VALUES (1,1);");
  }
  Client(Server::kSource, "INSERT INTO u VALUES (1,1),(2,2)");
  Client(Server::kNode1, "INSERT INTO u VALUES (2,2),(1,3)");  // other row ids
  Project("t: {}\n  u: {deletes: true}");
  const StepResult compared = Compare(3);
  EXPECT_TRUE(compared.Says("table-no-key")) << compared.err;
  EXPECT_EQ(Counted("u"), (RowCounts{0, 1, 0}));
}

TEST_F(Comparing, TablesThatCannotBeToldApartAreRefusedByName) {
  RunEverywhere("CREATE TABLE bare (a INT)");
  RunEverywhere("CREATE TABLE nullable (a INT UNIQUE)");
  RunEverywhere("CREATE TABLE prefix (a VARCHAR(300) NOT NULL, UNIQUE (a(10)))");
  RunEverywhere("CREATE TABLE floating (a DOUBLE PRIMARY KEY)");
  Project("bare: {}\n  nullable: {}\n  prefix: {}\n  floating: {}");
  const StepResult compared = Compare(3);
  for (const char* table : {"bare", "nullable", "prefix", "floating"}) {
    EXPECT_NE(compared.err.find(std::string("table ") + table), std::string::npos) << table;
  }
  EXPECT_TRUE(compared.Says("table-no-key"));
  EXPECT_TRUE(compared.Says("key-unsupported"));
}

// Statements of others at work; what a step says and does while there are too many.
class BusyNode : public Comparing {
 protected:
  void SetUp() override {
    Comparing::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
    RunEverywhere("INSERT INTO t SELECT n, n FROM " + Numbers(5000));
    Run(Server::kNode1, "UPDATE t SET v = 0 WHERE id = 7");
    Project("t: {}\nlimits: {threads_running: 4}");
  }
  std::string Others() const {
    return *Value(Server::kNode1,
                  "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT "
                  "SLEEP(%'");
  }
  void MakeBusy() const {
    std::string load;
    for (int i = 0; i < 6; ++i) {
      load += "(" + ClientCommand(Server::kNode1, "SELECT SLEEP(5)") + ") >/dev/null 2>&1 & ";
    }
    ASSERT_EQ(Shell(load + "true"), 0);
    for (int tries = 0; tries < 300 && Others() != "6"; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ASSERT_EQ(Others(), "6");
  }
  void ExpectWaited(const StepResult& step) const {
    EXPECT_NE(step.err.find("node1 is busy: "), std::string::npos) << step.err;
    EXPECT_EQ(Others(), "0") << "it did not wait";
  }
};

TEST_F(BusyNode, IsNotReadUntilItIsCalm) {
  MakeBusy();
  ExpectWaited(Compare());
  EXPECT_EQ(Counted(), (RowCounts{0, 1, 0}));
}

TEST_F(BusyNode, IsNotWrittenUntilItIsCalm) {
  Compare();
  Plan();
  MakeBusy();
  ExpectWaited(Apply());
  EXPECT_TRUE(Dump(Server::kNode1) == Dump(Server::kSource));
}

// What the server logged of compare: one connection that scans, one more where something differs.
TEST_F(Comparing, OneConnectionScansAServer) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
  RunEverywhere("CREATE TABLE u (id INT PRIMARY KEY, v INT)");
  RunEverywhere("INSERT INTO t SELECT n, n FROM " + Numbers(50'000));
  Run(Server::kNode1, "UPDATE t SET v = 0 WHERE id % 10000 = 1");
  Run(Server::kNode1, "INSERT INTO u VALUES (1,1)");
  Project("t: {}\n  u: {deletes: true}");
  const auto logins = [&](Server server, bool differing) {
    const std::string file = sandbox().Env(server, "LOG");
    const auto start = std::filesystem::exists(file) ? std::filesystem::file_size(file) : 0;
    Run(server, "SET GLOBAL general_log = 1");
    const StepResult compared =
        Step({"compare", "--node", "node1", "--tables", differing ? "t,u" : "u"});
    Run(server, "SET GLOBAL general_log = 0");
    EXPECT_EQ(compared.exit_code, 0) << compared.err;
    const std::string log = ReadText(file).substr(start);
    int count = 0;
    for (std::size_t at = 0; (at = log.find("Connect\tsync_ro@", at)) != log.npos; ++at) ++count;
    return count;
  };
  EXPECT_EQ(logins(Server::kNode1, true), 2);
  Run(Server::kSource, "INSERT INTO u VALUES (1,1)");
  EXPECT_EQ(logins(Server::kNode1, false), 1);
  EXPECT_EQ(logins(Server::kSource, false), 1);
}

}  // namespace
}  // namespace syncgate::test
