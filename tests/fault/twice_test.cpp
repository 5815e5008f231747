// Every step run twice, the window of `where`, and the ways back when something is lost.
#include <regex>

#include "fault/fault_test.h"

namespace syncgate::test {
namespace {

class Twice : public FaultTest {
 protected:
  // A document without what may differ between two runs: who ran it, when, and digests over that.
  std::string Lasting(const std::string& path) const {
    auto document = ReadArtifact(path);
    for (const char* member : {"run", "created_at", "digest"}) document.erase(member);
    // The diff's bytes, and review.html, hold the run's time.
    for (const char* files : {"inputs", "reviews"}) {
      if (auto* list = document.if_contains(files)) {
        for (auto& file : list->as_array()) file.as_object().erase("sha256");
      }
    }
    return boost::json::serialize(document);
  }
};

TEST_F(Twice, CompareAndGenerateSqlGiveTheSameBytes) {
  if (!ready() || !Plan(true)) return;
  const std::string diff = Lasting("diff.json");
  const std::string plan = Lasting("plan.json");
  const auto files = Files("syncgate-artifacts");
  ASSERT_EQ(Step({"compare", "--node", "node1"}).exit_code, 0);
  ASSERT_EQ(Step({"generate-sql"}).exit_code, 0);
  EXPECT_EQ(Lasting("diff.json"), diff);
  EXPECT_EQ(Lasting("plan.json"), plan);
  EXPECT_NE(plan.find("plan_digest"), std::string::npos);
  const auto second = Files("syncgate-artifacts");
  ASSERT_EQ(second.size(), files.size());
  for (const auto& [name, bytes] : files) {
    if (name == "diff.json" || name == "plan.json" || name == "review.html") continue;
    ASSERT_TRUE(second.contains(name)) << name;
    EXPECT_TRUE(second.at(name) == bytes) << name;
  }
}

TEST_F(Twice, ApplyAndRollbackHaveNothingToDoTheSecondTime) {
  if (!ready() || !Plan(true)) return;
  ASSERT_EQ(Apply({}, {"--detailed-exitcode"}).exit_code, 2);
  ExpectApplied();
  const std::string after = State();
  const auto again = Apply({}, {"--detailed-exitcode"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_NE(again.err.find("nothing to do"), std::string::npos) << again.err;
  EXPECT_TRUE(State() == after);
  ExpectApplied();  // the receipt still says what this plan has moved
  ASSERT_EQ(Rollback({}, {"--detailed-exitcode"}).exit_code, 2);
  EXPECT_TRUE(State() == before);
  const auto back = Rollback({}, {"--detailed-exitcode"});
  EXPECT_EQ(back.exit_code, 0) << back.err;
  EXPECT_NE(back.err.find("nothing to take back"), std::string::npos) << back.err;
  EXPECT_TRUE(State() == before);
  // There and back once more, with the same journal.
  ASSERT_EQ(Apply().exit_code, 0);
  ExpectApplied();
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

TEST_F(Twice, RollbackWithoutJournalIsRefusedAndFromPlanGoesBack) {
  if (!ready() || !Plan(true)) return;
  ASSERT_EQ(Apply().exit_code, 0);
  const std::string after = State();
  Remove("syncgate-artifacts/journal");
  Remove("syncgate-artifacts/receipt-node1.json");
  const auto refused = Rollback();
  EXPECT_EQ(refused.exit_code, 65) << refused.err;
  EXPECT_TRUE(refused.Says("journal-missing"));
  EXPECT_TRUE(State() == after);
  const auto back = Rollback({}, {"--from-plan"});
  ASSERT_EQ(back.exit_code, 0) << back.err;
  // Every compared column is as it was; ignored ones of deleted rows took their defaults, all
  // others are untouched.
  Client(Server::kNode1,
         "UPDATE rules SET hits = id % 97, updated_at = '2021-05-05 05:05:05' + INTERVAL id SECOND "
         "WHERE id > 3000");
  EXPECT_TRUE(State() == before);
}

TEST_F(Twice, RollbackFromPlanLeavesWhatIsNotAtItsEnd) {
  if (!ready() || !Plan(false, false)) return;
  ASSERT_EQ(Apply(Fault("apply.between-batches", 4, "kill")).exit_code, -1);
  Remove("syncgate-artifacts/journal");
  const auto back = Rollback({}, {"--from-plan"});
  ASSERT_EQ(back.exit_code, 0) << back.err;
  Client(Server::kNode1,
         "UPDATE rules SET hits = id % 97, updated_at = '2021-05-05 05:05:05' + INTERVAL id SECOND "
         "WHERE id > 3000");
  EXPECT_TRUE(State() == before);
}

TEST_F(Twice, ARowThatMovedOutOfTheWindowIsNotDeleted) {
  if (!ready()) return;
  RunEverywhere(
      "CREATE TABLE w (id INT PRIMARY KEY, day DATE NOT NULL, v INT NOT NULL) ENGINE=InnoDB");
  // 1 in both; 2 moved out on the source; 3 moved in; 4 node only, in; 5 node only, out; 6 source
  // only, in; 7 source only, out; 8 differs, out on both; 9 alike.
  Run(Server::kSource,
      "INSERT INTO w VALUES (1,'2026-05-01',11), (2,'2025-01-01',12), (3,'2026-05-01',13),"
      " (6,'2026-05-01',16), (7,'2025-01-01',17), (8,'2025-01-01',18), (9,'2026-05-01',9)");
  Run(Server::kNode1,
      "INSERT INTO w VALUES (1,'2026-05-01',1), (2,'2026-05-01',2), (3,'2025-01-01',3),"
      " (4,'2026-05-01',4), (5,'2025-01-01',5), (8,'2025-01-01',8), (9,'2026-05-01',9)");
  WriteProject("tables:\n  w: {deletes: true, where: \"day >= '2026-01-01'\"}\n");
  ASSERT_EQ(Step({"compare", "--node", "node1"}).exit_code, 0);
  ASSERT_EQ(Step({"generate-sql"}).exit_code, 0);
  const std::string old = Dump(Server::kNode1);
  ASSERT_EQ(Apply().exit_code, 0);
  EXPECT_EQ(Client(Server::kNode1, "SELECT * FROM w ORDER BY id"),
            "1\t2026-05-01\t11\n2\t2025-01-01\t12\n3\t2026-05-01\t13\n5\t2025-01-01\t5\n6\t2026-05-"
            "01\t16\n"
            "8\t2025-01-01\t8\n9\t2026-05-01\t9\n");
  const auto again =
      Step({"compare", "--node", "node1", "--detailed-exitcode", "--artifacts", "second"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_EQ(Dump(Server::kNode1), old);
}

class ByHand : public FaultTest {
 protected:
  // Runs the plan's files in their order; stops at the first that fails, as people do.
  int RunFiles(const std::string& list, std::string* output) const {
    const auto plan = ReadArtifact("plan.json");
    for (const auto& file : plan.at("nodes").at(0).at(list).as_array()) {
      const std::string path = ArtifactPath(std::string(file.at("path").as_string()));
      const int code = Shell(ClientProgram(Server::kNode1) + " < '" + path + "'", output);
      if (code != 0) return code;
    }
    return 0;
  }
};

TEST_F(ByHand, ThePlansFilesGoThereAndBack) {
  if (!ready() || !Plan(false, false)) return;
  std::string output;
  ASSERT_EQ(RunFiles("sql_files", &output), 0) << output;
  EXPECT_TRUE(Compared(Server::kNode1) == Compared(Server::kSource));
  const std::string after = State();
  EXPECT_EQ(RunFiles("sql_files", &output), 0) << output;
  EXPECT_TRUE(State() == after);
  ASSERT_EQ(RunFiles("reverse_files", &output), 0) << output;
  Client(Server::kNode1,
         "UPDATE rules SET hits = id % 97, updated_at = '2021-05-05 05:05:05' + INTERVAL id SECOND "
         "WHERE id > 3000");
  EXPECT_TRUE(State() == before);
}

TEST_F(ByHand, ADriftedRowStopsTheClientAndItsBatchIsNotRun) {
  if (!ready() || !Plan(false, false)) return;
  // In the second batch of its file: the first is committed, the second is not.
  Client(Server::kNode1, "UPDATE rules SET name = 'foreign' WHERE id = 600");
  std::string output;
  EXPECT_NE(RunFiles("sql_files", &output), 0);
  EXPECT_NE(output.find("rows differ from plan"), std::string::npos) << output;
  EXPECT_NE(output.find("rules"), std::string::npos) << output;
  EXPECT_EQ(Client(Server::kNode1,
                   "SELECT SUM(name LIKE 'old %'), SUM(name LIKE 'new %'), SUM(name = 'foreign') "
                   "FROM rules WHERE id <= 700"),
            "199\t500\t1\n");
}

}  // namespace
}  // namespace syncgate::test
