// node1 is a member of a real cluster, and somebody writes through another member: the row locks of
// a batch hold on its own member only, so what keeps the others' writes safe is the COMMIT.
#include "fault/cluster_test.h"

#include <chrono>
#include <thread>

namespace syncgate::test {
namespace {

constexpr char kForeign[] = "UPDATE links SET label = 'foreign' WHERE rule_id = 5";
constexpr char kRestore[] = "UPDATE links SET label = 'old 5' WHERE rule_id = 5";
constexpr char kLabel[] = "SELECT label FROM links WHERE rule_id = 5";

// Both ways in which another member's write meets an open batch.
enum class Meeting { kEndsTheTransaction, kFailsTheCertification };

class ClusterNode : public ClusterTest {
 protected:
  void Project(const std::string& tables) const {
    ProjectParts parts;
    parts.ssh = false;
    WriteProject("tables:\n  " + tables, "", parts);
  }
  // apply-node, where this is run on member b between the journal and the COMMIT of a batch.
  StepResult ApplyMeeting(Meeting meeting, const std::string& table, const std::string& sql) const {
    FreshArtifacts();
    return Apply(
        Fault("apply.journalled", BatchOf(table, "update"),
              meeting == Meeting::kEndsTheTransaction ? AppliedOnA(sql) : PendingOnA(sql)));
  }
};

// What one kind of cluster does and the other does not.
class GaleraNode : public ClusterNode {
 protected:
  void SetUp() override {
    if (IsMySql()) GTEST_SKIP() << "a group's member that is outside is read-only, as others are";
    ClusterNode::SetUp();
  }
};
class GroupNode : public ClusterNode {
 protected:
  void SetUp() override {
    if (!IsMySql()) GTEST_SKIP() << "Galera takes writes to tables with cascading foreign keys";
    ClusterNode::SetUp();
  }
};

TEST_F(ClusterNode, AConflictAtCommitIsDrift) {
  if (!ready() || !Plan(false, false)) return;
  for (const Meeting meeting : {Meeting::kEndsTheTransaction, Meeting::kFailsTheCertification}) {
    SCOPED_TRACE(meeting == Meeting::kEndsTheTransaction ? "ended" : "certified");
    const auto applied = ApplyMeeting(meeting, "links", kForeign);
    EXPECT_EQ(applied.exit_code, 3) << applied.err;
    EXPECT_TRUE(applied.Says("drift"));
    EXPECT_NE(applied.err.find("links (rule_id=5, tag=标签)"), std::string::npos) << applied.err;
    EXPECT_EQ(TargetState(), "before");
    EXPECT_EQ(ReadArtifact("receipt-node1.json").at("moved").to_number<int>(), 0);
    EXPECT_EQ(Client(Server::kNode1, kLabel), "foreign\n");
    Client(Server::kNode1, kRestore);
    EXPECT_TRUE(State() == before);
  }
  if (!IsMySql()) {
    EXPECT_NE(Status("wsrep_local_bf_aborts"), "0\n");
    EXPECT_NE(Status("wsrep_local_cert_failures"), "0\n");
  }
}

// The same row, by chance as planned: not ours, so rollback leaves it, although it stood in our
// journal when our own COMMIT was refused.
TEST_F(ClusterNode, WhatAnotherMemberWroteAsPlannedStaysTheirs) {
  if (!ready() || !Plan(false, false)) return;
  for (const Meeting meeting : {Meeting::kEndsTheTransaction, Meeting::kFailsTheCertification}) {
    SCOPED_TRACE(meeting == Meeting::kEndsTheTransaction ? "ended" : "certified");
    const auto applied =
        ApplyMeeting(meeting, "links", "UPDATE links SET label = 'new 5' WHERE rule_id = 5");
    ASSERT_EQ(applied.exit_code, 0) << applied.err;
    ExpectApplied(kChanges - 1, 1);
    ASSERT_EQ(Rollback().exit_code, 0);
    EXPECT_EQ(Client(Server::kNode1, kLabel), "new 5\n");
    Client(Server::kNode1, kRestore);
    EXPECT_TRUE(State() == before);
  }
}

// A column that is ignored: the batch is tried again, on the row as it is now.
TEST_F(ClusterNode, AConflictThatIsNoDriftIsTriedAgain) {
  if (!ready() || !Plan(false, false)) return;
  const auto hits = [](const std::string& change) {
    return "UPDATE rules SET hits = hits " + change + ", updated_at = updated_at WHERE id = 5";
  };
  for (const Meeting meeting : {Meeting::kEndsTheTransaction, Meeting::kFailsTheCertification}) {
    SCOPED_TRACE(meeting == Meeting::kEndsTheTransaction ? "ended" : "certified");
    const auto applied = ApplyMeeting(meeting, "rules", hits("+ 1000"));
    ASSERT_EQ(applied.exit_code, 0) << applied.err;
    ExpectApplied();
    EXPECT_EQ(Client(Server::kNode1, "SELECT hits FROM rules WHERE id = 5"), "1005\n");
    ASSERT_EQ(Rollback().exit_code, 0);
    Client(Server::kNode1, hits("- 1000"));
    EXPECT_TRUE(State() == before);
  }
}

// A row is locked before it is deleted, so that no child comes to it: but not from another member.
TEST_F(ClusterNode, AChildThatComesFromAnotherMemberIsNotDeletedWithItsParent) {
  if (!ready()) return;
  const std::string tables =
      "CREATE TABLE p (id INT PRIMARY KEY, v INT); CREATE TABLE c (id INT PRIMARY KEY, pid INT, "
      "CONSTRAINT of_p FOREIGN KEY (pid) REFERENCES p (id)" +
      std::string(IsMySql() ? ")" : " ON DELETE CASCADE)") + ";";
  Client(Server::kSource, tables + "INSERT INTO p VALUES (1, 1)");
  Client(Server::kNode1, tables + "INSERT INTO p VALUES (1, 1), (2, 2)");
  Project("p: {deletes: true}");
  ASSERT_EQ(Step({"compare", "--node", "node1"}).exit_code, 0);
  ASSERT_EQ(Step({"generate-sql"}).exit_code, 0);
  const auto applied =
      Apply(Fault("apply.journalled", 1, PendingOnA("INSERT INTO c VALUES (7, 2)")));
  EXPECT_EQ(applied.exit_code, 3) << applied.err;
  EXPECT_TRUE(applied.Says(IsMySql() ? "foreign-key" : "delete-cascades")) << applied.err;
  EXPECT_EQ(TargetState(), "before");
  EXPECT_EQ(OnB("SELECT COUNT(*) FROM p; SELECT pid FROM c"), "2\n2\n");
  EXPECT_EQ(Client(Server::kNode1, "SELECT COUNT(*) FROM p; SELECT pid FROM c"), "2\n2\n");
}

// What another member has committed is seen, also where this one has yet to carry it out: rows that
// are there already are only read, and no COMMIT would tell.
TEST_F(ClusterNode, ReadsWaitForWhatOtherMembersHaveCommitted) {
  if (!ready() || !Plan(false, false)) return;
  ASSERT_EQ(Apply().exit_code, 0);
  const auto application = HoldUpA();
  OnB(kForeign);
  auto apply = Start({"apply-node", "--node", "node1"});
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  EXPECT_FALSE(apply.HasEnded());
  ASSERT_TRUE(application->Execute("UNLOCK TABLES"));
  const auto applied = apply.Wait();
  EXPECT_EQ(applied.exit_code, 3) << applied.err;
  EXPECT_TRUE(applied.Says("drift")) << applied.err;
  EXPECT_EQ(Client(Server::kNode1, kLabel), "foreign\n");
}

// The lock that keeps two runs apart does not reach another member. What each of them moved is its
// own all the same, and both can be taken back.
TEST_F(ClusterNode, TwoAppliesOnTwoMembersEndRight) {
  if (!ready()) return;
  AnswerEater proxy(sandbox().Env(Server::kNode1, "PORT"), "no statement");
  if (!PlanThrough(proxy)) return;
  ASSERT_EQ(Shell("cp -r syncgate-artifacts elsewhere"), 0);
  auto first =
      Start({"apply-node", "--node", "node1"},
            Fault("apply.journalled", 4,
                  "touch there; for i in $(seq 600); do [ -e go ] && break; sleep 0.1; done"));
  for (int tries = 0; tries < 300 && !Exists("there"); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  ASSERT_TRUE(Exists("there"));
  proxy.MoveTo(OtherPort());
  const auto second = Apply({}, {"--artifacts", "elsewhere"});
  EXPECT_EQ(second.exit_code, 0) << second.err;
  WriteFile("go", "go");
  const auto applied = first.Wait();
  EXPECT_EQ(applied.exit_code, 0) << applied.err;
  EXPECT_TRUE(Compared(Server::kNode1) == Compared(Server::kSource));
  const auto moved = [this](const std::string& receipt) {
    return ReadArtifact(receipt).at("moved").to_number<int>();
  };
  EXPECT_EQ(moved("receipt-node1.json") + moved(Path("elsewhere/receipt-node1.json")), kChanges);
  ASSERT_EQ(Rollback({}, {"--artifacts", "elsewhere"}).exit_code, 0);
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

TEST_F(ClusterNode, MembersAreOneDatabase) {
  if (!ready()) return;
  Seed(false, false);
  std::string yaml = ReadText("syncgate.yml");
  EXPECT_TRUE(Step({"compare", "--node", "node1", "--dry-run"}).Says("cluster-member"));
  const auto point_to_b = [&](Server server, const std::string& name) {
    std::string text = yaml;
    const std::string port = "port: " + sandbox().Env(server, "PORT");
    text.replace(text.find(port), port.size(), "port: " + OtherPort());
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
      text.replace(at, name.size(), "NODE1_");
    }
    WriteFile("syncgate.yml", text);
  };
  point_to_b(Server::kNode2, "NODE2_");
  const auto nodes = Step({"compare"});
  EXPECT_EQ(nodes.exit_code, 3) << nodes.err;
  EXPECT_TRUE(nodes.Says("nodes-share-database")) << nodes.err;
  point_to_b(Server::kSource, "SOURCE_");
  const auto source = Step({"compare", "--node", "node1"});
  EXPECT_EQ(source.exit_code, 3) << source.err;
  EXPECT_TRUE(source.Says("source-is-node")) << source.err;
}

TEST_F(GaleraNode, AMemberThatDoesNotReplicateIsLeftAlone) {
  if (!ready() || !Plan(false, false)) return;
  Client(Server::kNode1, "SET GLOBAL wsrep_on = OFF");
  const auto alone = Apply();
  Client(Server::kNode1, "SET GLOBAL wsrep_on = ON");
  EXPECT_EQ(alone.exit_code, 3) << alone.err;
  EXPECT_TRUE(alone.Says("session-not-pinned")) << alone.err;

  ASSERT_EQ(Shell(CommandToLeave()), 0);
  const auto outside = Apply();
  ASSERT_EQ(Shell(CommandToReturn()), 0);
  EXPECT_EQ(outside.exit_code, 75) << outside.err;
  EXPECT_TRUE(outside.Says("cluster-not-ready")) << outside.err;
  EXPECT_TRUE(State() == before);
  ASSERT_EQ(Apply().exit_code, 0);
  ExpectApplied();
}

// The member was outside its cluster between our statements and the refusal: the others may have
// committed what it refused, so the journal's record stays.
TEST_F(GaleraNode, ARefusalOfAMemberThatWasOutsideIsNotBelieved) {
  if (!ready() || !Plan(false, false)) return;
  const auto applied =
      Apply(Fault("apply.journalled", BatchOf("links", "update"),
                  AppliedOnA(kForeign) + " && " + CommandToLeave() + " && " + CommandToReturn()));
  EXPECT_EQ(applied.exit_code, 4) << applied.err;
  EXPECT_TRUE(applied.Says("drift"));
  EXPECT_EQ(TargetState(), "partial");
  EXPECT_EQ(Client(Server::kNode1, kLabel), "foreign\n");
  Client(Server::kNode1, kRestore);
  const auto again = Apply();
  ASSERT_EQ(again.exit_code, 0) << again.err;
  ExpectApplied();
  ASSERT_EQ(Rollback().exit_code, 0);
  EXPECT_TRUE(State() == before);
}

TEST_F(GroupNode, ATableThatTheGroupTakesNoWritesToIsNamed) {
  if (!ready()) return;
  const std::string tables =
      "CREATE TABLE p (id INT PRIMARY KEY, v INT); CREATE TABLE c (id INT PRIMARY KEY, pid INT, "
      "CONSTRAINT of_p FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE);";
  Client(Server::kSource, tables + "INSERT INTO p VALUES (1, 1); INSERT INTO c VALUES (1, 1)");
  Client(Server::kNode1, tables);
  Project("p: {}\n  c: {}");
  ASSERT_EQ(Step({"compare", "--node", "node1"}).exit_code, 0);
  ASSERT_EQ(Step({"generate-sql"}).exit_code, 0);
  const auto applied = Apply();
  EXPECT_EQ(applied.exit_code, 3) << applied.err;
  EXPECT_TRUE(applied.Says("cluster-refuses-table")) << applied.err;
  EXPECT_EQ(TargetState(), "before");
  EXPECT_EQ(OnB("SELECT COUNT(*) FROM p"), "0\n");
}

}  // namespace
}  // namespace syncgate::test
