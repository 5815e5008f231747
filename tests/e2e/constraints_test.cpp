// Unique keys and foreign keys that hold the rows of a change set together: who lets go of a value
// first, which parent has to be there. Each case is applied and taken back; what cannot be done
// exactly is refused before the node is touched.
#include "e2e/run_test.h"
#include "support/flow.h"

namespace syncgate::test {
namespace {

struct World {
  std::string name;
  std::string tables;               // as data.tables says
  std::vector<std::string> create;  // everywhere
  std::vector<std::string> source;
  std::vector<std::string> node;
  std::string refused;  // by generate-sql, with this code; empty: it travels
};

void PrintTo(const World& world, std::ostream* out) { *out << world.name; }

const char* const kUnique =
    "CREATE TABLE t (id INT PRIMARY KEY, u INT NOT NULL, x TEXT, UNIQUE (u))";
const char* const kTree =
    "CREATE TABLE t (id INT PRIMARY KEY, up INT, x TEXT, CONSTRAINT tree FOREIGN KEY (up) "
    "REFERENCES t (id))";
const char* const kParent =
    "CREATE TABLE p (id INT PRIMARY KEY, code VARCHAR(20) NOT NULL UNIQUE, x TEXT)";

std::string Child(const std::string& rule) {
  return "CREATE TABLE c (id INT PRIMARY KEY, pid INT, x TEXT, CONSTRAINT child FOREIGN KEY (pid) "
         "REFERENCES p (id) " +
         rule + ")";
}

std::vector<World> Worlds() {
  return {
      {"InsertTakesTheValueThatAnUpdateLetsGo",
       "{t: {}}",
       {kUnique},
       {"INSERT INTO t VALUES (1, 20, 'a'), (2, 10, 'b')"},
       {"INSERT INTO t VALUES (1, 10, 'a')"},
       ""},
      {"InsertTakesTheValueOfADeletedRow",
       "{t: {deletes: true}}",
       {kUnique},
       {"INSERT INTO t VALUES (5, 10, 'a')"},
       {"INSERT INTO t VALUES (1, 10, 'a'), (9, 90, 'z')"},
       ""},
      {"TheOwnerIsARowThatStays",
       "{t: {}}",
       {kUnique},
       {"INSERT INTO t VALUES (5, 10, 'a')"},
       {"INSERT INTO t VALUES (1, 10, 'a')"},
       "unique-owned"},
      {"TwoRowsSwap",
       "{t: {}}",
       {kUnique},
       {"INSERT INTO t VALUES (1, 20, 'a'), (2, 10, 'b'), (3, 30, 'c')"},
       {"INSERT INTO t VALUES (1, 10, 'a'), (2, 20, 'b'), (3, 30, 'old')"},
       ""},
      {"ACircleOfFive",
       "{t: {}}",
       {kUnique},
       {"INSERT INTO t VALUES (1,2,'a'),(2,3,'b'),(3,4,'c'),(4,5,'d'),(5,1,'e')"},
       {"INSERT INTO t VALUES (1,1,'a'),(2,2,'b'),(3,3,'c'),(4,4,'d'),(5,5,'e')"},
       ""},
      {"ACircleThroughNullableColumnsOfAParent",
       "{t: {}, c: {}}",
       {"CREATE TABLE t (id INT PRIMARY KEY, u INT NULL UNIQUE, x TEXT)",
        "CREATE TABLE c (id INT PRIMARY KEY, tid INT, FOREIGN KEY (tid) REFERENCES t (id))"},
       {"INSERT INTO t VALUES (1, 20, 'a'), (2, 10, 'b')", "INSERT INTO c VALUES (1, 1), (2, 2)"},
       {"INSERT INTO t VALUES (1, 10, 'a'), (2, 20, 'b')", "INSERT INTO c VALUES (1, 1), (2, 2)"},
       ""},
      {"ACircleOfParentsThatCannotBeParked",
       "{t: {}, c: {}}",
       {kUnique,
        "CREATE TABLE c (id INT PRIMARY KEY, tid INT, FOREIGN KEY (tid) REFERENCES t (id))"},
       {"INSERT INTO t VALUES (1, 20, 'a'), (2, 10, 'b')", "INSERT INTO c VALUES (1, 1)"},
       {"INSERT INTO t VALUES (1, 10, 'a'), (2, 20, 'b')", "INSERT INTO c VALUES (1, 1)"},
       "unique-cycle-stuck"},
      {"ACircleOfRowsWithIgnoredColumns",
       "{t: {ignore_columns: [x]}}",
       {kUnique},
       {"INSERT INTO t VALUES (1, 20, 'a'), (2, 10, 'b')"},
       {"INSERT INTO t VALUES (1, 10, 'kept'), (2, 20, 'kept')"},
       "unique-cycle-stuck"},
      {"EveryValueMovesOneOn",
       "{t: {}}",
       {kUnique},
       {"INSERT INTO t SELECT n, n + 1, 'x' FROM (SELECT a.d * 100 + b.d * 10 + c.d AS n FROM "
        "digits a, digits b, digits c) AS numbers"},
       {"INSERT INTO t SELECT n, n, 'x' FROM (SELECT a.d * 100 + b.d * 10 + c.d AS n FROM "
        "digits a, digits b, digits c) AS numbers"},
       ""},
      {"ACircleLargerThanATransaction",
       "{t: {}}",
       {kUnique},
       {"INSERT INTO t SELECT n, (n + 1) % 1000, 'x' FROM (SELECT a.d * 100 + b.d * 10 + c.d AS n "
        "FROM digits a, digits b, digits c) AS numbers"},
       {"INSERT INTO t SELECT n, n, 'x' FROM (SELECT a.d * 100 + b.d * 10 + c.d AS n FROM "
        "digits a, digits b, digits c) AS numbers"},
       "unique-cycle-too-large"},
      {"OwnersUnderACollationThatIgnoresCase",
       "{t: {deletes: true}}",
       {"CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(20) COLLATE utf8mb4_general_ci NOT NULL, x "
        "INT, UNIQUE (u))"},
       {"INSERT INTO t VALUES (1, 'ABC', 1), (2, 'def', 2), (4, 'Own', 0)"},
       {"INSERT INTO t VALUES (2, 'abc', 1), (3, 'DEF', 2), (4, 'own', 0)"},
       ""},
      {"TwoColumnsOfOneKeyWithNulls",
       "{t: {}}",
       {"CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, UNIQUE (a, b))"},
       {"INSERT INTO t VALUES (1, 1, 2), (2, 1, 1), (3, 1, NULL), (4, 1, NULL)"},
       {"INSERT INTO t VALUES (1, 1, 1), (2, 1, 2), (3, 1, NULL)"},
       ""},
      {"PrefixOfAColumn",
       "{t: {}}",
       {"CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(50) NOT NULL, UNIQUE (u(3)))"},
       {"INSERT INTO t VALUES (1, 'defgh'), (2, 'abcxyz'), (3, 'ghi-new')"},
       {"INSERT INTO t VALUES (1, 'abcde'), (2, 'deflm'), (3, 'ghi-old')"},
       ""},
      {"TheOwnerOfAPrefixStays",
       "{t: {}}",
       {"CREATE TABLE t (id INT PRIMARY KEY, u VARCHAR(50) NOT NULL, UNIQUE (u(3)))"},
       {"INSERT INTO t VALUES (1, 'abc-one')"},
       {"INSERT INTO t VALUES (2, 'abc-two')"},
       "unique-owned"},
      {"AGeneratedColumnIsUnique",
       "{t: {}}",
       {"CREATE TABLE t (id INT PRIMARY KEY, a INT NOT NULL, g INT GENERATED ALWAYS AS (a * 2) "
        "STORED, "
        "UNIQUE (g))"},
       {"INSERT INTO t (id, a) VALUES (1, 20), (2, 10)"},
       {"INSERT INTO t (id, a) VALUES (1, 10), (2, 20)"},
       ""},
      {"TwoCirclesThroughTwoKeys",
       "{t: {}}",
       {"CREATE TABLE t (id INT PRIMARY KEY, a INT NOT NULL UNIQUE, b INT NOT NULL UNIQUE)"},
       {"INSERT INTO t VALUES (1, 2, 3), (2, 3, 1), (3, 1, 2)"},
       {"INSERT INTO t VALUES (1, 1, 1), (2, 2, 2), (3, 3, 3)"},
       ""},
      {"TheKeyIsAUniqueIndexBehindAnother",
       "{t: {}}",
       {"CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, x INT, UNIQUE a_first (a), UNIQUE "
        "b_second "
        "(b))"},
       {"INSERT INTO t VALUES (1, 20, 0), (2, 10, 0)"},
       {"INSERT INTO t VALUES (1, 10, 0), (2, 20, 0)"},
       ""},
      {"ATreeOfNewRows",
       "{t: {}}",
       {kTree},
       {"INSERT INTO t VALUES (9, NULL, 'root'), (5, 9, 'a'), (1, 5, 'b'), (7, 1, 'c'), (6, 6, "
        "'self')"},
       {},
       ""},
      {"ATreeThatGoes",
       "{t: {deletes: true}}",
       {kTree},
       {"INSERT INTO t VALUES (100, NULL, 'stays')"},
       {"INSERT INTO t VALUES (100, NULL, 'stays'), (1, NULL, 'root'), (2, 1, 'a'), (9, 2, 'b'), "
        "(3, "
        "9, 'c'), (4, 4, 'self')"},
       ""},
      {"ATreeIsHungUpElsewhereAndItsOldRootGoes",
       "{t: {deletes: true}}",
       {kTree},
       {"INSERT INTO t VALUES (8, NULL, 'new root'), (2, 8, 'a'), (3, 2, 'b')"},
       {"INSERT INTO t VALUES (1, NULL, 'root'), (2, 1, 'a'), (3, 1, 'b')"},
       ""},
      {"TwoNewRowsReferToEachOther",
       "{t: {}}",
       {kTree},
       {"INSERT INTO t VALUES (1, NULL, 'a'), (2, 1, 'b')", "UPDATE t SET up = 2 WHERE id = 1"},
       {},
       ""},
      {"TwoRowsThatReferToEachOtherGo",
       "{t: {deletes: true}}",
       {kTree},
       {},
       {"INSERT INTO t VALUES (1, NULL, 'a'), (2, 1, 'b')", "UPDATE t SET up = 2 WHERE id = 1"},
       ""},
      {"TwoNewRowsReferToEachOtherAndMustNotBeNull",
       "{t: {}}",
       {"CREATE TABLE t (id INT PRIMARY KEY, up INT NOT NULL, FOREIGN KEY (up) REFERENCES t (id))"},
       {"INSERT INTO t VALUES (1, 1), (2, 1)", "UPDATE t SET up = 2 WHERE id = 1"},
       {},
       "foreign-key-row-cycle"},
      {"ATreeThatCascadesGoes",
       "{t: {deletes: true}}",
       {"CREATE TABLE t (id INT PRIMARY KEY, up INT, x TEXT, FOREIGN KEY (up) REFERENCES t (id) ON "
        "DELETE CASCADE)"},
       {"INSERT INTO t VALUES (100, NULL, 'stays'), (7, 100, 'moved')"},
       {"INSERT INTO t VALUES (100, NULL, 'stays'), (1, NULL, 'root'), (2, 1, 'a'), (9, 2, 'b'), "
        "(7, "
        "1, 'moved'), (4, 4, 'self')"},
       ""},
      {"ATreeThatCascadesOntoARowThatStays",
       "{t: {deletes: true, where: 'id <> 2'}}",
       {"CREATE TABLE t (id INT PRIMARY KEY, up INT, x TEXT, FOREIGN KEY (up) REFERENCES t (id) ON "
        "DELETE CASCADE)"},
       {},
       {"INSERT INTO t VALUES (1, NULL, 'root'), (2, 1, 'a')"},
       "delete-cascades"},
      {"ChildrenMoveToANewParentAndTheOldGoes",
       "{p: {deletes: true}, c: {deletes: true}}",
       {kParent, Child("")},
       {"INSERT INTO p VALUES (2, 'two', 'x')", "INSERT INTO c VALUES (1, 2, 'a'), (2, 2, 'b')"},
       {"INSERT INTO p VALUES (1, 'one', 'x')", "INSERT INTO c VALUES (1, 1, 'a'), (3, 1, 'gone')"},
       ""},
      {"TheNewParentTakesTheCodeOfTheOldWhoseChildrenGo",
       "{p: {deletes: true}, c: {deletes: true}}",
       {kParent, Child("")},
       {"INSERT INTO p VALUES (2, 'one', 'x')", "INSERT INTO c VALUES (2, 2, 'b')"},
       {"INSERT INTO p VALUES (1, 'one', 'x')", "INSERT INTO c VALUES (1, 1, 'a')"},
       ""},
      {"CascadingDeleteOfAParentWhoseChildrenAllGoByThePlan",
       "{p: {deletes: true}, c: {deletes: true}}",
       {kParent, Child("ON DELETE CASCADE")},
       {"INSERT INTO p VALUES (2, 'two', 'x')", "INSERT INTO c VALUES (2, 2, 'b'), (4, NULL, 'd')"},
       {"INSERT INTO p VALUES (1, 'one', 'x'), (2, 'two', 'x')",
        "INSERT INTO c VALUES (1, 1, 'a'), (2, 2, 'b'), (4, 1, 'd')"},
       ""},
      {"CascadingDeleteOfAParentWithOtherChildren",
       "{p: {deletes: true}, c: {}}",
       {kParent, Child("ON DELETE CASCADE")},
       {},
       {"INSERT INTO p VALUES (1, 'one', 'x')", "INSERT INTO c VALUES (1, 1, 'a')"},
       "delete-cascades"},
      {"SetNullOfChildrenOutsideThePlan",
       "{p: {deletes: true}}",
       {kParent, Child("ON DELETE SET NULL")},
       {},
       {"INSERT INTO p VALUES (1, 'one', 'x')", "INSERT INTO c VALUES (1, 1, 'a')"},
       "delete-cascades"},
      {"AChangedKeyThatChildrenWouldFollow",
       "{p: {}}",
       {kParent,
        "CREATE TABLE c (id INT PRIMARY KEY, code VARCHAR(20), FOREIGN KEY (code) REFERENCES p "
        "(code) "
        "ON UPDATE CASCADE)"},
       {"INSERT INTO p VALUES (1, 'new', 'x')"},
       {"INSERT INTO p VALUES (1, 'old', 'x')", "INSERT INTO c VALUES (1, 'old')"},
       "key-change-cascades"},
      {"AParentWithOtherChildrenStays",
       "{p: {deletes: true}, c: {}}",
       {kParent, Child("")},
       {},
       {"INSERT INTO p VALUES (1, 'one', 'x')", "INSERT INTO c VALUES (1, 1, 'a')"},
       "row-is-referenced"},
      {"ChildrenReferToTheirParentSpelledOtherwise",
       "{p: {deletes: true}, c: {deletes: true}, d: {}}",
       {"CREATE TABLE p (id VARCHAR(10) COLLATE utf8mb4_general_ci PRIMARY KEY, x INT)",
        "CREATE TABLE c (id INT PRIMARY KEY, pid VARCHAR(10) COLLATE utf8mb4_general_ci, FOREIGN "
        "KEY "
        "(pid) REFERENCES p (id) ON DELETE CASCADE)",
        "CREATE TABLE d (id INT PRIMARY KEY, pid VARCHAR(10) COLLATE utf8mb4_general_ci, FOREIGN "
        "KEY "
        "(pid) REFERENCES p (id))"},
       {"INSERT INTO p VALUES ('new', 1)", "INSERT INTO c VALUES (1, 'NEW ')",
        "INSERT INTO d VALUES (1, 'New')"},
       {"INSERT INTO p VALUES ('old', 1)", "INSERT INTO c VALUES (1, 'OLD')",
        "INSERT INTO d VALUES (1, 'Old ')"},
       ""},
      {"AChangedKeyThatChildrenFollowByThePlan",
       "{p: {}, c: {}}",
       {kParent,
        "CREATE TABLE c (id INT PRIMARY KEY, code VARCHAR(20), FOREIGN KEY (code) REFERENCES p "
        "(code))"},
       {"INSERT INTO p VALUES (1, 'new', 'x'), (2, 'two', 'y')", "INSERT INTO c VALUES (1, 'two')"},
       {"INSERT INTO p VALUES (1, 'old', 'x')", "INSERT INTO c VALUES (1, 'old')"},
       ""},
  };
}

class Constraints : public RunTest, public testing::WithParamInterface<World> {
 protected:
  std::string DumpAll(Server server) const {
    std::string dump;
    for (const auto& row : Rows(server, "SHOW TABLES")) {
      if (row[0] != "digits") dump += *row[0] + ":\n" + Dump(server, *row[0]);
    }
    return dump;
  }
};

TEST_P(Constraints, TravelThereAndBackOrAreRefused) {
  const World& world = GetParam();
  RunEverywhere("CREATE TABLE digits (d INT PRIMARY KEY)");
  RunEverywhere("INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)");
  for (const std::string& sql : world.create) RunEverywhere(sql);
  for (const std::string& sql : world.source) Run(Server::kSource, sql);
  for (const std::string& sql : world.node) Run(Server::kNode1, sql);
  ProjectText text;
  text.tables = world.tables;
  WriteProject(text);
  const std::string before = DumpAll(Server::kNode1);
  Must({"compare", "--node", "node1"});
  if (!world.refused.empty()) {
    EXPECT_TRUE(Must({"generate-sql"}, 3).Diagnoses(world.refused));
    EXPECT_EQ(DumpAll(Server::kNode1), before);
    return;
  }
  Must({"generate-sql"});
  Must({"apply-node", "--node", "node1"});
  if (world.tables.find("ignore") == std::string::npos) {
    EXPECT_EQ(DumpAll(Server::kNode1), DumpAll(Server::kSource)) << world.name;
  }
  Must({"compare", "--node", "node1", "--artifacts", "after", "--detailed-exitcode"});
  EXPECT_TRUE(Must({"apply-node", "--node", "node1"}).Says("nothing to do"));
  Must({"rollback", "--node", "node1"});
  EXPECT_EQ(DumpAll(Server::kNode1), before);
}

INSTANTIATE_TEST_SUITE_P(Worlds, Constraints, testing::ValuesIn(Worlds()),
                         [](const auto& test) { return test.param.name; });

class ByHand : public FlowTest {};

// The reverse SQL of a plan is run by people only; it has to stand in an order that works.
TEST_F(ByHand, TheSqlFilesWorkThereAndBackThroughCirclesAndTrees) {
  RunEverywhere(kUnique);
  RunEverywhere(
      "CREATE TABLE tree (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES tree (id))");
  Run(Server::kSource, "INSERT INTO t VALUES (1, 20, 'a'), (2, 10, 'b')");
  Run(Server::kNode1, "INSERT INTO t VALUES (1, 10, 'a'), (2, 20, 'b')");
  Run(Server::kSource, "INSERT INTO tree VALUES (9, NULL), (5, 9), (1, 5)");
  WriteProject("tables:\n  t: {}\n  tree: {}");
  const std::string before = Dump(Server::kNode1);
  ASSERT_EQ(Step({"compare", "--node", "node1"}).exit_code, 0);
  ASSERT_EQ(Step({"generate-sql"}).exit_code, 0);
  const auto run_files = [&](const std::string& files) {
    std::string output;
    const std::string client = ClientProgram(Server::kNode1);
    EXPECT_EQ(Shell("set -e; for f in syncgate-artifacts/plan/node1/" + files + "; do " + client +
                        " < \"$f\"; done",
                    &output),
              0)
        << output;
  };
  run_files("*.sql");
  EXPECT_EQ(Dump(Server::kNode1), Dump(Server::kSource));
  run_files("reverse/*.sql");
  EXPECT_EQ(Dump(Server::kNode1), before);
}

// MariaDB's ranges over such a key leave rows out at both ends, and look-ups by it do, too.
TEST_F(RunTest, KeysOfPaddedCharWherePaddingCountsAreRefused) {
  if (IsMySql()) GTEST_SKIP() << "MariaDB's collations";
  const std::string table =
      "CREATE TABLE t (k CHAR(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_nopad_ci PRIMARY "
      "KEY, v INT)";
  RunEverywhere(table);
  Run(Server::kSource, "INSERT INTO t VALUES ('A',1),('b\\t',3)");
  ProjectText text;
  text.tables = "{t: {}}";
  WriteProject(text);
  EXPECT_TRUE(Must({"compare", "--node", "node1"}, 3).Diagnoses("key-unsupported"));
  RunEverywhere("ALTER TABLE t MODIFY k VARCHAR(10) COLLATE utf8mb4_unicode_nopad_ci");
  Must({"compare", "--node", "node1"});
  Must({"generate-sql"});
  Must({"apply-node", "--node", "node1"});
  EXPECT_EQ(Dump(Server::kNode1, "t"), Dump(Server::kSource, "t"));
}

// Rows that came after the apply hang on the rows it inserted: rolling back must not drag them
// along.
TEST_F(RunTest, RollbackNeverTakesRowsOfOthersAlong) {
  RunEverywhere(kParent);
  RunEverywhere(Child("ON DELETE CASCADE"));
  Run(Server::kSource, "INSERT INTO p VALUES (1, 'one', 'x')");
  ProjectText text;
  text.tables = "{p: {}}";
  WriteProject(text);
  Must({"compare", "--node", "node1"});
  Must({"generate-sql"});
  Must({"apply-node", "--node", "node1"});
  Run(Server::kNode1, "INSERT INTO c VALUES (1, 1, 'written by the application')");
  EXPECT_TRUE(Must({"rollback", "--node", "node1"}, 3).Diagnoses("delete-cascades"));
  EXPECT_EQ(Value(Server::kNode1, "SELECT COUNT(*) FROM c"), "1");
  EXPECT_EQ(Value(Server::kNode1, "SELECT COUNT(*) FROM p"), "1");
}

}  // namespace
}  // namespace syncgate::test
