// Foreign keys: rows in an order that no constraint minds, and no row touched that the plan does
// not name.
#include "hazards/hazard_test.h"

namespace syncgate::test {
namespace {

class ForeignKeys : public Planning {
 protected:
  void Family(const std::string& rule) const {
    RunEverywhere("CREATE TABLE parent (id INT PRIMARY KEY, code INT UNIQUE, v INT)");
    RunEverywhere(
        "CREATE TABLE child (id INT PRIMARY KEY, parent_id INT, FOREIGN KEY (parent_id) REFERENCES "
        "parent (id) " +
        rule + ")");
  }
};

TEST_F(ForeignKeys, ParentsComeBeforeTheirChildrenAndGoAfterThem) {
  Family("");
  Run(Server::kSource, "INSERT INTO parent VALUES (1,1,1),(2,2,2)");
  Run(Server::kSource, "INSERT INTO child VALUES (1,2),(2,1),(3,NULL)");
  Run(Server::kNode1, "INSERT INTO parent VALUES (1,1,9),(3,3,3)");
  Run(Server::kNode1, "INSERT INTO child VALUES (1,1),(4,3),(5,3)");
  Project("child: {deletes: true}\n  parent: {deletes: true}");
  ThereAndBack();
}

// Nothing but the order of the tables is needed here, and the project names the child first.
TEST_F(ForeignKeys, NewParentsComeBeforeTheirNewChildren) {
  Family("");
  Run(Server::kSource, "INSERT INTO parent VALUES (1,1,1)");
  Run(Server::kSource, "INSERT INTO child VALUES (1,1)");
  Project("child: {}\n  parent: {}");
  ThereAndBack();
}

TEST_F(ForeignKeys, AnUpdatedParentDoesNotTouchItsChildren) {
  Family("ON DELETE CASCADE ON UPDATE CASCADE");
  Run(Server::kSource, "INSERT INTO parent VALUES (1,1,1)");
  Run(Server::kNode1, "INSERT INTO parent VALUES (1,2,2)");
  Run(Server::kSource, "INSERT INTO child VALUES (1,1)");
  Run(Server::kNode1, "INSERT INTO child VALUES (1,1)");
  Project("parent: {}");
  ThereAndBack();
}

TEST_F(ForeignKeys, ADeleteThatCascadesBeyondThePlanIsRefused) {
  for (const char* rule : {"ON DELETE CASCADE", "ON DELETE SET NULL"}) {
    RunEverywhere("DROP TABLE IF EXISTS child, parent");
    Remove("syncgate-artifacts");
    Family(rule);
    Run(Server::kNode1, "INSERT INTO parent VALUES (1,1,1)");
    Run(Server::kNode1, "INSERT INTO child VALUES (1,1)");
    Project("parent: {deletes: true}");
    RefusedBeforeApply("delete-cascades");
  }
}

// A child of a row that the plan deletes, inserted after the plan was made.
TEST_F(ForeignKeys, ADeleteWithANewChildIsRefusedByTheServer) {
  Family("ON DELETE RESTRICT");
  Run(Server::kNode1, "INSERT INTO parent VALUES (1,1,1)");
  Project("parent: {deletes: true}");
  Compare();
  Plan();
  Run(Server::kNode1, "INSERT INTO child VALUES (1,1)");
  const std::string before = Dump(Server::kNode1);
  EXPECT_TRUE(Apply(3).Says("foreign-key"));
  EXPECT_TRUE(Dump(Server::kNode1) == before);
}

// Spelling a key in another way is an update of the key.
TEST_F(ForeignKeys, AKeyChangeThatCascadesIsRefused) {
  RunEverywhere(
      "CREATE TABLE parent (k VARCHAR(10) COLLATE utf8mb4_general_ci PRIMARY KEY, v INT)");
  RunEverywhere(
      "CREATE TABLE child (id INT PRIMARY KEY, k VARCHAR(10) COLLATE utf8mb4_general_ci, FOREIGN "
      "KEY (k) REFERENCES parent (k) ON UPDATE CASCADE)");
  Run(Server::kSource, "INSERT INTO parent VALUES ('A',1)");
  Run(Server::kNode1, "INSERT INTO parent VALUES ('a',1)");
  Run(Server::kNode1, "INSERT INTO child VALUES (1,'a')");
  Project("parent: {}");
  RefusedBeforeApply("key-change-cascades");
}

// The same through a unique column that is not the key of the rows.
TEST_F(ForeignKeys, AChangeOfAReferencedValueThatCascadesIsRefused) {
  RunEverywhere("CREATE TABLE parent (id INT PRIMARY KEY, code INT UNIQUE)");
  RunEverywhere(
      "CREATE TABLE child (id INT PRIMARY KEY, code INT, FOREIGN KEY (code) REFERENCES parent "
      "(code) ON UPDATE CASCADE)");
  Run(Server::kSource, "INSERT INTO parent VALUES (1,2)");
  Run(Server::kNode1, "INSERT INTO parent VALUES (1,1)");
  Run(Server::kNode1, "INSERT INTO child VALUES (1,1)");
  Project("parent: {}");
  RefusedBeforeApply("key-change-cascades");
}

// Children before and behind their parents in key order, several generations.
TEST_F(ForeignKeys, RowsThatReferenceTheirOwnTableAreOrdered) {
  RunEverywhere(
      "CREATE TABLE t (id INT PRIMARY KEY, up INT, v INT, FOREIGN KEY (up) REFERENCES t (id))");
  Run(Server::kSource, "INSERT INTO t VALUES (9,NULL,1),(10,10,1)");
  Run(Server::kSource, "INSERT INTO t VALUES (5,9,1)");
  Run(Server::kSource, "INSERT INTO t VALUES (7,5,1)");
  Run(Server::kSource, "INSERT INTO t VALUES (1,7,1),(8,7,2)");
  Run(Server::kNode1, "INSERT INTO t VALUES (8,NULL,1),(20,NULL,1)");
  Run(Server::kNode1, "INSERT INTO t VALUES (30,20,1)");
  Run(Server::kNode1, "INSERT INTO t VALUES (25,30,1)");
  Project();
  ThereAndBack();
}

// More rows than one batch holds, each the child of the next.
TEST_F(ForeignKeys, ALongLineOfGenerationsIsOrderedAcrossBatches) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES t (id))");
  Client(Server::kSource,
         "SET foreign_key_checks = 0; INSERT INTO t SELECT n, NULLIF(n + 1, 1201) FROM " +
             Numbers(1200));
  Project();
  ThereAndBack();
}

TEST_F(ForeignKeys, RowsThatReferenceEachOtherAreParkedWithNullOrRefused) {
  for (const char* null : {"NULL", "NOT NULL"}) {
    RunEverywhere("DROP TABLE IF EXISTS t");
    Remove("syncgate-artifacts");
    RunEverywhere(std::string("CREATE TABLE t (id INT PRIMARY KEY, up INT ") + null +
                  ", FOREIGN KEY (up) REFERENCES t (id))");
    Client(Server::kSource, "SET foreign_key_checks = 0; INSERT INTO t VALUES (1,2),(2,3),(3,1)");
    Project();
    if (std::string(null) == "NULL") {
      ThereAndBack();
    } else {
      RefusedBeforeApply("foreign-key-row-cycle");
    }
  }
}

TEST_F(ForeignKeys, RowsOfTablesThatReferenceEachOtherAreRefused) {
  RunEverywhere("CREATE TABLE a (id INT PRIMARY KEY, b_id INT)");
  RunEverywhere(
      "CREATE TABLE b (id INT PRIMARY KEY, a_id INT, FOREIGN KEY (a_id) REFERENCES a (id))");
  RunEverywhere("ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b (id)");
  Run(Server::kSource, "INSERT INTO a VALUES (1,NULL)");
  Run(Server::kSource, "INSERT INTO b VALUES (1,1)");
  Run(Server::kSource, "UPDATE a SET b_id = 1");
  Project("a: {}\n  b: {}");
  RefusedBeforeApply("foreign-key-row-cycle");
}

// Left by loads without checks: the server keeps them, and takes none of them back.
TEST_F(ForeignKeys, RowsThatReferToNoRowAreRefused) {
  for (const char* source : {"", "INSERT INTO child VALUES (1,1)"}) {
    RunEverywhere("DROP TABLE IF EXISTS child, parent");
    Remove("syncgate-artifacts");
    Family("");
    RunEverywhere("INSERT INTO parent VALUES (1,1,1)");
    if (*source != '\0') Run(Server::kSource, source);
    Client(Server::kNode1, "SET foreign_key_checks = 0; INSERT INTO child VALUES (1,99)");
    Project("child: {deletes: true}");
    RefusedBeforeApply("row-is-orphan");
  }
}

// A column beside the reference changes: nothing is lost, so nothing stands in the way.
TEST_F(ForeignKeys, RowsThatReferToNoRowMayChangeOtherwise) {
  RunEverywhere("CREATE TABLE parent (id INT PRIMARY KEY)");
  RunEverywhere(
      "CREATE TABLE child (id INT PRIMARY KEY, parent_id INT, v INT, FOREIGN KEY (parent_id) "
      "REFERENCES parent (id))");
  Client(Server::kSource, "SET foreign_key_checks = 0; INSERT INTO child VALUES (1,99,1)");
  Client(Server::kNode1, "SET foreign_key_checks = 0; INSERT INTO child VALUES (1,99,2)");
  Project("child: {}");
  if (!IsMySql()) return ThereAndBack();
  // MySQL 9.7 asks for the parent of whatever an upsert names, also where nothing of it changes.
  const std::string before = Dump(Server::kNode1);
  Compare();
  Plan();
  const StepResult applied = Step({"apply-node", "--node", "node1"});
  if (applied.exit_code == 0) {
    EXPECT_TRUE(Dump(Server::kNode1) == Dump(Server::kSource));
    Rollback();
  } else {
    EXPECT_EQ(applied.exit_code, 3) << applied.err;
    EXPECT_TRUE(applied.Says("foreign-key"));
  }
  EXPECT_TRUE(Dump(Server::kNode1) == before);
}

// A table of another database references ours; the account sees nothing of that database.
class Stranger : public ForeignKeys {
 protected:
  void TearDown() override {
    if (ready()) Run(Server::kNode1, "DROP DATABASE IF EXISTS " + other());
    ForeignKeys::TearDown();
  }
  std::string other() const { return database() + "_other"; }
};

TEST_F(Stranger, ChildrenThatCannotBeSeenAreNotTakenForNone) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,1)");
  Run(Server::kNode1, "CREATE DATABASE " + other());
  Run(Server::kNode1, "CREATE TABLE " + other() +
                          ".c (id INT PRIMARY KEY, t_id INT, FOREIGN KEY (t_id) REFERENCES " +
                          database() + ".t (id) ON DELETE CASCADE)");
  Run(Server::kNode1, "INSERT INTO " + other() + ".c VALUES (1,1)");
  Project();
  const StepResult compared = Step({"compare", "--node", "node1"});
  Step({"generate-sql"});
  const StepResult applied = Step({"apply-node", "--node", "node1"});
  EXPECT_NE(applied.exit_code, 0) << compared.err << applied.err;
  EXPECT_EQ(Value(Server::kNode1, "SELECT COUNT(*) FROM " + other() + ".c"), "1");
}

// The same the other way round: whether the row it refers to exists cannot be asked.
TEST_F(Stranger, AParentThatCannotBeSeenIsNotTakenForThere) {
  Run(Server::kNode1, "CREATE DATABASE " + other());
  Run(Server::kNode1, "CREATE TABLE " + other() + ".p (id INT PRIMARY KEY)");
  Run(Server::kNode1, "INSERT INTO " + other() + ".p VALUES (1)");
  Run(Server::kNode1,
      "CREATE TABLE t (id INT PRIMARY KEY, p_id INT, FOREIGN KEY (p_id) REFERENCES " + other() +
          ".p (id))");
  Run(Server::kNode1, "INSERT INTO t VALUES (1,1)");
  Run(Server::kSource, "CREATE TABLE t (id INT PRIMARY KEY, p_id INT)");
  Project();
  RefusedBeforeApply("parent-invisible");
  Run(Server::kNode1, "DROP TABLE t");
}

}  // namespace
}  // namespace syncgate::test
