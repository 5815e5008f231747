// Unique values that other rows own: nothing of theirs is overwritten, and what can be ordered is.
#include "hazards/hazard_test.h"

namespace syncgate::test {
namespace {

constexpr char kTable[] =
    "CREATE TABLE t (id INT PRIMARY KEY, u INT, v VARCHAR(10), UNIQUE KEY by_u (u))";

// Row 2 is the node's own and stays: it holds the value that row 3 is to have.
TEST_F(Planning, InsertNeverOverwritesTheOwnerOfAUniqueValue) {
  RunEverywhere(kTable);
  Run(Server::kSource, "INSERT INTO t VALUES (1,10,'s'),(3,20,'s')");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,10,'s'),(2,20,'n')");
  Project("t: {}");
  RefusedBeforeApply("unique-owned");
}

TEST_F(Planning, UpdateNeverOverwritesTheOwnerOfAUniqueValue) {
  RunEverywhere(kTable);
  Run(Server::kSource, "INSERT INTO t VALUES (1,20,'s')");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,10,'n'),(2,20,'n')");
  Project("t: {}");
  RefusedBeforeApply("unique-owned");
}

// The same where the owner came after the plan was made: the last line of defence.
class OwnerAfterThePlan : public Planning {
 protected:
  void ExpectRefused(const std::string& source, const std::string& node,
                     const std::string& owner) const {
    RunEverywhere(kTable);
    Run(Server::kSource, "INSERT INTO t VALUES " + source);
    Run(Server::kNode1, "INSERT INTO t VALUES " + node);
    Project();
    Compare();
    Plan();
    Run(Server::kNode1, "INSERT INTO t VALUES " + owner);
    const std::string before = Dump(Server::kNode1);
    const StepResult applied = Apply(3);
    EXPECT_TRUE(applied.Says("unique-conflict") || applied.Says("unique-owned")) << applied.err;
    EXPECT_TRUE(Dump(Server::kNode1) == before);
  }
};

TEST_F(OwnerAfterThePlan, IsNotOverwrittenByAnInsert) {
  ExpectRefused("(1,10,'s'),(3,20,'s')", "(1,10,'s')", "(9,20,'new')");
}

TEST_F(OwnerAfterThePlan, IsNotOverwrittenByAnUpdate) {
  ExpectRefused("(1,20,'s')", "(1,10,'n')", "(9,20,'new')");
}

TEST_F(OwnerAfterThePlan, IsNotOverwrittenAmongManyRows) {
  ExpectRefused("(1,20,'s'),(2,30,'s'),(3,40,'s'),(4,50,'s')", "(1,10,'n'),(2,30,'n')",
                "(9,50,'new')");
}

TEST_F(Planning, AValueThatADeletedRowGivesUpIsTaken) {
  RunEverywhere(kTable);
  Run(Server::kSource, "INSERT INTO t VALUES (1,20,'s'),(3,30,'s'),(5,50,'s')");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,10,'n'),(2,20,'n'),(4,30,'n')");
  Project();
  ThereAndBack();
}

// Each row takes the value of the one before it, in the order of keys and against it.
TEST_F(Planning, AChainOfUniqueValuesMovesOn) {
  RunEverywhere(kTable);
  Run(Server::kSource,
      "INSERT INTO t VALUES (1,20,'s'),(2,30,'s'),(3,40,'s'),(11,100,'s'),(12,110,'s'),(13,120,"
      "'s'),(20,10,'s')");
  Run(Server::kNode1,
      "INSERT INTO t VALUES (1,10,'n'),(2,20,'n'),(3,30,'n'),(11,110,'n'),(12,120,'n'),(13,130,"
      "'n')");
  Project();
  ThereAndBack();
}

TEST_F(Planning, UniqueValuesSwappedBetweenTwoRows) {
  RunEverywhere(kTable);
  Run(Server::kSource, "INSERT INTO t VALUES (1,20,'s'),(2,10,'s'),(3,30,'s')");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,10,'s'),(2,20,'s'),(3,30,'n')");
  Project();
  ThereAndBack();
}

TEST_F(Planning, UniqueValuesInACycleOfMany) {
  RunEverywhere(kTable);
  Run(Server::kSource, "INSERT INTO t SELECT n, 1 + n % 100, 's' FROM " + Numbers(100));
  Run(Server::kNode1, "INSERT INTO t SELECT n, n, 'n' FROM " + Numbers(100));
  Project();
  ThereAndBack();
}

TEST_F(Planning, UniqueValuesSwappedUnderTwoKeysAtOnce) {
  RunEverywhere(
      "CREATE TABLE t (id INT PRIMARY KEY, a INT NOT NULL, b VARCHAR(5) NOT NULL, UNIQUE (a), "
      "UNIQUE (b, a), UNIQUE (b))");
  Run(Server::kSource, "INSERT INTO t VALUES (1,2,'x'),(2,1,'z'),(3,3,'y')");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,1,'x'),(2,2,'y'),(3,3,'z')");
  Project();
  ThereAndBack();
}

TEST_F(Planning, ACycleLargerThanABatchIsRefused) {
  RunEverywhere(kTable);
  Run(Server::kSource, "INSERT INTO t SELECT n, 1 + n % 2000, 's' FROM " + Numbers(2000));
  Run(Server::kNode1, "INSERT INTO t SELECT n, n, 'n' FROM " + Numbers(2000));
  Project();
  RefusedBeforeApply("unique-cycle-too-large");
}

TEST_F(Planning, NullsInAUniqueKeyDoNotConflict) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, u INT, w INT, UNIQUE (u), UNIQUE (u, w))");
  Run(Server::kSource, "INSERT INTO t VALUES (1,NULL,1),(2,NULL,1),(3,NULL,NULL),(4,1,NULL)");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,1,1),(2,NULL,2),(5,NULL,1),(6,NULL,NULL)");
  Project();
  ThereAndBack();
}

TEST_F(Planning, OwnersAreFoundByTheColumnsCollation) {
  RunEverywhere(
      "CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(20) COLLATE utf8mb4_general_ci UNIQUE)");
  Run(Server::kSource, "INSERT INTO t VALUES (3,'straße')");
  Run(Server::kNode1, "INSERT INTO t VALUES (2,'STRASE ')");
  Project("t: {}");
  if (Value(Server::kNode1, "SELECT 'straße' COLLATE utf8mb4_general_ci = 'STRASE '") != "1") {
    Run(Server::kNode1, "UPDATE t SET u = 'STRAßE '");
  }
  RefusedBeforeApply("unique-owned");
}

// What DOUBLE(M,D) shows is not what it holds, and `=` goes by what it holds.
TEST_F(Planning, OwnersOfRoundedDoublesAreFound) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, u DOUBLE(20,6) NOT NULL UNIQUE)");
  Run(Server::kSource, "INSERT INTO t VALUES (3,-0.0005),(4,0.1)");
  Run(Server::kNode1, "INSERT INTO t VALUES (2,-0.0005),(4,0.2)");
  Project();
  ThereAndBack();
  Remove("syncgate-artifacts");
  Project("t: {}");
  RefusedBeforeApply("unique-owned");
}

TEST_F(Planning, PrefixesOfAUniqueKeyConflict) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(20), UNIQUE (u(3)))");
  Run(Server::kSource, "INSERT INTO t VALUES (3,'abcdef')");
  Run(Server::kNode1, "INSERT INTO t VALUES (2,'abcxyz')");
  Project("t: {}");
  const std::string before = Dump(Server::kNode1);
  const StepResult compared = Step({"compare", "--node", "node1"});
  const StepResult planned = Step({"generate-sql"});
  EXPECT_EQ(planned.exit_code, 3) << planned.err;
  const std::string all = compared.err + planned.err;
  EXPECT_TRUE(all.find("[unique-owned]") != all.npos ||
              all.find("[unique-key-unsupported]") != all.npos)
      << all;
  EXPECT_TRUE(Dump(Server::kNode1) == before);
}

TEST_F(Planning, AFunctionalUniqueKeyIsReadOrRefused) {
  if (!IsMySql()) GTEST_SKIP() << "MySQL's";
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(20), UNIQUE ((LOWER(u))))");
  Run(Server::kSource, "INSERT INTO t VALUES (3,'abc')");
  Run(Server::kNode1, "INSERT INTO t VALUES (2,'ABC')");
  Project("t: {}");
  const StepResult compared = Step({"compare", "--node", "node1"});
  const StepResult planned = Step({"generate-sql"});
  EXPECT_EQ(planned.exit_code, 3) << planned.err;
  const std::string all = compared.err + planned.err;
  EXPECT_TRUE(all.find("[unique-owned]") != all.npos ||
              all.find("[unique-key-unsupported]") != all.npos)
      << all;
}

}  // namespace
}  // namespace syncgate::test
