// What changes a row on its way in, or writes what nobody planned.
#include "hazards/hazard_test.h"

namespace syncgate::test {
namespace {

// Planned without triggers in the way; `sql` comes on the node before it is applied.
class Meddled : public Planning {
 protected:
  StepResult ApplyAfter(const std::string& sql) const {
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20), n INT DEFAULT 0)");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'a',1),(2,'b',1)");
    Run(Server::kNode1, "INSERT INTO t VALUES (1,'x',1)");
    Run(Server::kNode1, sql);
    Project("t: {triggers: allow}");
    Compare();
    Plan();
    const std::string before = Dump(Server::kNode1);
    StepResult applied = Step({"apply-node", "--node", "node1"});
    EXPECT_TRUE(Dump(Server::kNode1) == before || applied.exit_code == 0);
    return applied;
  }
};

TEST_F(Meddled, ATriggerThatChangesTheRowFailsTheBatch) {
  const StepResult applied =
      ApplyAfter("CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW SET NEW.n = OLD.n + 1");
  EXPECT_EQ(applied.exit_code, 3);
  EXPECT_TRUE(applied.Says("not-as-planned")) << applied.err;
}

TEST_F(Meddled, ATriggerThatChangesAnInsertedRowFailsTheBatch) {
  const StepResult applied =
      ApplyAfter("CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.v = UPPER(NEW.v)");
  EXPECT_EQ(applied.exit_code, 3);
  EXPECT_TRUE(applied.Says("not-as-planned")) << applied.err;
}

// The row comes out as planned; only the server's note tells that a value was cut on its way.
TEST_F(Planning, AWarningOfTheServerFailsTheBatch) {
  RunEverywhere(
      "CREATE TABLE t (id INT PRIMARY KEY, v INT, g DECIMAL(4,2) AS (v + 0.23456) STORED)");
  Run(Server::kSource, "INSERT INTO t (id, v) VALUES (1,1)");
  Project();
  Compare();
  Plan();
  EXPECT_TRUE(Apply(3).Says("unexpected-warning"));
  EXPECT_EQ(Client(Server::kNode1, "SELECT COUNT(*) FROM t"), "0\n");
}

TEST_F(Planning, AColumnThatFollowsTheClockKeepsThePlannedTime) {
  RunEverywhere(
      "CREATE TABLE t (id INT PRIMARY KEY, v INT, at TIMESTAMP(3) NOT NULL DEFAULT "
      "CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), ignored INT NOT NULL DEFAULT 0)");
  Run(Server::kSource, "INSERT INTO t (id, v, at) VALUES (1,1,'2020-01-01'),(2,2,'2020-01-01')");
  Run(Server::kNode1, "INSERT INTO t (id, v, at) VALUES (1,9,'2020-01-01'),(3,3,'2020-01-01')");
  Project();
  ThereAndBack();
  // Outside the comparison it is left as it was, not set to now.
  Project("t: {ignore_columns: [at]}");
  Compare();
  Plan();
  Apply();
  EXPECT_EQ(Client(Server::kNode1, "SELECT v, at FROM t WHERE id = 1"),
            "1\t2020-01-01 00:00:00.000\n");
}

TEST_F(Planning, KeyZeroIsNotTheNextNumber) {
  RunEverywhere("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
  // By the database's own client: our sessions are what is being tested.
  Client(Server::kSource,
         "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'; INSERT INTO t VALUES (0,1),(5,5)");
  Run(Server::kNode1, "INSERT INTO t VALUES (5,6)");
  Project();
  ThereAndBack();
}

TEST_F(Planning, AnIgnoredColumnWithoutDefaultIsNeverInvented) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v INT, secret INT NOT NULL)");
  Run(Server::kSource, "INSERT INTO t VALUES (1,1,1),(2,2,2)");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,9,42),(3,3,43)");
  Project("t: {ignore_columns: [secret]}");
  RefusedBeforeApply("insert-lacks-column");
  Run(Server::kSource, "DELETE FROM t WHERE id = 2");
  Project("t: {ignore_columns: [secret], deletes: true}");
  Compare();
  Plan();
  Apply();
  EXPECT_EQ(Client(Server::kNode1, "SELECT * FROM t"), "1\t1\t42\n");
  Rollback();
  EXPECT_EQ(Client(Server::kNode1, "SELECT * FROM t ORDER BY id"), "1\t9\t42\n3\t3\t43\n");
}

// What one side's CHECK forbids and the other's does not.
TEST_F(Planning, ACheckOfTheNodeHolds) {
  Run(Server::kSource, "CREATE TABLE t (id INT PRIMARY KEY, v INT)");
  Run(Server::kNode1, "CREATE TABLE t (id INT PRIMARY KEY, v INT CHECK (v < 10))");
  Run(Server::kSource, "INSERT INTO t VALUES (1,1),(2,99)");
  Project();
  Compare();
  Plan();
  EXPECT_TRUE(Apply(3).Says("check-constraint"));
  EXPECT_EQ(Client(Server::kNode1, "SELECT COUNT(*) FROM t"), "0\n");
}

TEST_F(Planning, AGeneratedColumnThatDiffersAloneIsRefused) {
  const std::string start = "CREATE TABLE t (id INT PRIMARY KEY, a INT, g INT AS (a * ";
  Run(Server::kSource, start + "2) STORED)");
  Run(Server::kNode1, start + "3) STORED)");
  Run(Server::kSource, "INSERT INTO t (id, a) VALUES (1,1)");
  Run(Server::kNode1, "INSERT INTO t (id, a) VALUES (1,1)");
  Project();
  RefusedBeforeApply("generated-differs");
}

TEST_F(Planning, AKeyThatALatin1ColumnCannotHoldIsRefused) {
  Run(Server::kSource, "CREATE TABLE t (k VARCHAR(20) CHARACTER SET utf8mb4 PRIMARY KEY, v INT)");
  Run(Server::kNode1, "CREATE TABLE t (k VARCHAR(20) CHARACTER SET latin1 PRIMARY KEY, v INT)");
  Run(Server::kSource, "INSERT INTO t VALUES ('a',1),('你',2)");
  Run(Server::kNode1, "INSERT INTO t VALUES ('a',2)");
  Project();
  RefusedBeforeApply("charset-mismatch");
}

TEST_F(Planning, ATextThatALatin1ColumnCannotHoldIsNeverReplaced) {
  Run(Server::kSource, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20) CHARACTER SET utf8mb4)");
  Run(Server::kNode1, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20) CHARACTER SET latin1)");
  Run(Server::kSource, "INSERT INTO t VALUES (1,'é'),(2,'你')");
  Project();
  RefusedBeforeApply("charset-mismatch");
}

// The index of the key was there when the plan was made, and the server may not use it now.
TEST_F(Planning, ATableThatWouldBeScannedIsRefused) {
  RunEverywhere(
      "CREATE TABLE t (z INT NOT NULL, k INT NOT NULL, v INT, UNIQUE KEY z_first (z), UNIQUE KEY "
      "a_key (k))");
  Run(Server::kSource, "INSERT INTO t VALUES (1,1,1),(2,2,2)");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,1,9)");
  Project();
  Compare();
  Plan();
  Run(Server::kNode1,
      std::string("ALTER TABLE t ALTER INDEX a_key ") + (IsMySql() ? "INVISIBLE" : "IGNORED"));
  const std::string before = Dump(Server::kNode1);
  const StepResult applied = Apply(3);
  EXPECT_TRUE(applied.Says("no-index-access")) << applied.err;
  EXPECT_TRUE(Dump(Server::kNode1) == before);
}

TEST_F(Planning, ATableThatIsNotTransactionalIsRefused) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v INT) ENGINE=MyISAM");
  Run(Server::kSource, "INSERT INTO t VALUES (1,1)");
  Project();
  RefusedBeforeApply("table-engine");
}

}  // namespace
}  // namespace syncgate::test
