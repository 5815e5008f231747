// Servers that must not be written, and sessions that get in each other's way.
#include <chrono>
#include <thread>

#include "data/lookup.h"
#include "hazards/hazard_test.h"

namespace syncgate::test {
namespace {

class Node : public Planning {
 protected:
  void Planned() const {
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
    Run(Server::kSource, "INSERT INTO t VALUES (1,1)");
    Project();
    Compare();
    Plan();
  }
  // apply-node while the server is in a state that `sql` makes and `undo` ends. A dry run says the
  // same: the refusal is ours, before any statement that the server might refuse.
  StepResult ApplyIn(const std::string& sql, const std::string& undo) const {
    Run(Server::kNode1, sql);
    const StepResult looked = Step({"apply-node", "--node", "node1", "--dry-run"});
    EXPECT_EQ(looked.exit_code, 3) << looked.err;
    StepResult applied = Step({"apply-node", "--node", "node1"});
    Run(Server::kNode1, undo);
    EXPECT_EQ(applied.exit_code, 3) << applied.err;
    EXPECT_EQ(Client(Server::kNode1, "SELECT COUNT(*) FROM t"), "0\n");
    return applied;
  }
};

TEST_F(Node, ThatIsReadOnlyIsRefused) {
  Planned();
  EXPECT_TRUE(
      ApplyIn("SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0").Says("server-read-only"));
}

TEST_F(Node, ThatLogsStatementsIsRefused) {
  Planned();
  EXPECT_TRUE(ApplyIn("SET GLOBAL binlog_format = STATEMENT", "SET GLOBAL binlog_format = ROW")
                  .Says("binlog-statement"));
}

TEST_F(Node, ThatReplicatesIsRefused) {
  Planned();
  const StepResult applied =
      IsMySql()
          ? ApplyIn(
                "CHANGE REPLICATION SOURCE TO SOURCE_HOST='192.0.2.1', SOURCE_PORT=3306, "
                "SOURCE_USER='r'",
                "RESET REPLICA ALL")
          : ApplyIn("CHANGE MASTER TO MASTER_HOST='192.0.2.1', MASTER_PORT=3306, MASTER_USER='r'",
                    "RESET SLAVE ALL");
  EXPECT_TRUE(applied.Says("server-is-replica")) << applied.err;
}

// The application's lock is met at once, so that it is never the one to wait for us in a deadlock.
TEST_F(Node, IsLookedAtUnderLockWithoutWaiting) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,1),(2,2)");
  TableShape shape;
  shape.name = TableName("t");
  shape.key_index = "PRIMARY";
  shape.columns.resize(1);
  shape.columns[0].name = ColumnName("id");
  shape.columns[0].kind = ColumnKind::kInteger;
  shape.key = {0};
  auto target = Target();
  target.row_lock_wait = std::chrono::seconds(10);
  auto ours = MysqlSession::Connect(target, SessionRole::kWriter);
  ASSERT_TRUE(ours);
  const auto application = Connect(Server::kNode1, Account::kAdmin);
  ASSERT_TRUE(application->Execute("START TRANSACTION"));
  ASSERT_TRUE(application->Execute("UPDATE t SET v = 3 WHERE id = 2"));
  ASSERT_TRUE((*ours)->Execute("START TRANSACTION"));
  const auto began = std::chrono::steady_clock::now();
  const auto found = LookUp(**ours, shape, {{"1"}, {"2"}}, Locking::kForUpdate);
  const std::chrono::duration<double> waited = std::chrono::steady_clock::now() - began;
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kRetryTransaction);
  EXPECT_LT(waited.count(), 3);
}

// A wait that ends in the middle of a batch undoes only its own statement on the server; nothing
// that went before it may stay.
TEST_F(Node, KeepsNothingOfATransactionThatGaveUpWaiting) {
  RunEverywhere(
      "CREATE TABLE t (id INT PRIMARY KEY, u INT UNIQUE, v INT, secret INT NOT NULL DEFAULT 0)");
  RunEverywhere("ALTER TABLE t ALTER COLUMN secret DROP DEFAULT");
  Run(Server::kSource, "INSERT INTO t VALUES (1,1,1,0),(2,22,2,0)");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,1,9,7),(2,2,9,7)");
  Project("t: {ignore_columns: [secret]}");  // so that updates are one statement a row
  Compare();
  Plan();
  const auto application = Connect(Server::kNode1, Account::kAdmin);
  ASSERT_TRUE(application->Execute("START TRANSACTION"));
  ASSERT_TRUE(application->Execute("INSERT INTO t VALUES (5,22,5,5)"));
  auto apply = Start({"apply-node", "--node", "node1"});
  // Long enough for one attempt to give up and the next to begin, which would commit what is left.
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  EXPECT_FALSE(apply.HasEnded());
  EXPECT_EQ(Client(Server::kNode1, "SELECT v FROM t WHERE id = 1"), "9\n");
  application->Rollback();
  const StepResult applied = apply.Wait();
  EXPECT_EQ(applied.exit_code, 0) << applied.err;
  EXPECT_EQ(Client(Server::kNode1, "SELECT v FROM t ORDER BY id"), "1\n2\n");
}

TEST_F(Node, WithAnotherSchemaNamesTheColumns) {
  Run(Server::kSource, "CREATE TABLE t (id INT PRIMARY KEY, same INT, mine INT, typed INT)");
  Run(Server::kNode1, "CREATE TABLE t (id INT PRIMARY KEY, same INT, theirs INT, typed BIGINT)");
  Project();
  const StepResult compared = Compare(3);
  EXPECT_TRUE(compared.Says("schema-mismatch"));
  for (const char* column : {"mine", "theirs", "typed"}) {
    EXPECT_NE(compared.err.find(column), std::string::npos) << compared.err;
  }
  Project("t: {ignore_columns: [mine, theirs, typed]}");
  ExpectInSync();
}

}  // namespace
}  // namespace syncgate::test
