// Rows near and beyond what a server takes in one statement: moved exactly or refused by name
// before anything is written, never cut, never taken for equal.
#include "hazards/hazard_test.h"

namespace syncgate::test {
namespace {

constexpr long kMebi = 1024 * 1024;

class BigRows : public HazardTest {
 protected:
  void TearDown() override {
    if (ready()) {
      for (const Server server : {Server::kSource, Server::kNode1}) Allow(server, kDefault);
    }
    HazardTest::TearDown();
  }
  // The largest packet that sessions opened from now on may send.
  void Allow(Server server, long bytes) const {
    Run(server, "SET GLOBAL max_allowed_packet = " + std::to_string(bytes));
  }
  // Row 1 of `bytes` (a blob that ends in its own way on each side) and a small row 2; the node
  // lacks row 3, which is large too.
  void Fill(const std::string& type, const std::string& of, long bytes) const {
    for (const Server server : {Server::kSource, Server::kNode1}) {
      Allow(server, 1024 * kMebi);
      Run(server, "CREATE TABLE t (id INT PRIMARY KEY, v " + type + ")");
      Run(server, "INSERT INTO t VALUES (1, CONCAT(REPEAT(" + of + ", " +
                      std::to_string(bytes - 1) + "), '" + (server == Server::kSource ? "s" : "n") +
                      "')), (2, 'small')");
    }
    Run(Server::kSource,
        "INSERT INTO t VALUES (3, REPEAT(" + of + ", " + std::to_string(bytes) + "))");
  }
  std::string Fingerprint(Server server) const {
    return Client(server, "SELECT id, LENGTH(v), SHA2(v, 256) FROM t ORDER BY id");
  }
  void ThereAndBackByFingerprint() const {
    const std::string before = Fingerprint(Server::kNode1);
    Compare();
    EXPECT_EQ(Counted(), (RowCounts{1, 1, 0}));
    Plan();
    Apply();
    EXPECT_EQ(Fingerprint(Server::kNode1), Fingerprint(Server::kSource));
    Must({"compare", "--node", "node1", "--artifacts", "after", "--detailed-exitcode"});
    Rollback();
    EXPECT_EQ(Fingerprint(Server::kNode1), before);
  }

  // Nothing is planned that the node could not take, and nothing was written.
  void Refused() const {
    const StepResult compared = Step({"compare", "--node", "node1"});
    const StepResult planned = Step({"generate-sql"});
    EXPECT_EQ(planned.exit_code, 3) << planned.err;
    EXPECT_TRUE(planned.Says("row-too-large") || compared.Says("row-too-large"))
        << compared.err << planned.err;
    EXPECT_FALSE(Exists("syncgate-artifacts/plan.json"));
    EXPECT_EQ(Client(Server::kNode1, "SELECT COUNT(*) FROM t"), "2\n");
  }

 private:
  static constexpr long kDefault = 64 * kMebi;  // the sandbox's
};
class FullBigRows : public BigRows {};

TEST_F(BigRows, ABlobOfOneMebibyteAmongOthers) {
  Fill("LONGBLOB", "0xff", kMebi);
  for (const Server server : {Server::kSource, Server::kNode1}) Allow(server, 4 * kMebi);
  Project();
  ThereAndBackByFingerprint();
}

TEST_F(FullBigRows, ABlobOfTwentyMebibytes) {
  Fill("LONGBLOB", "0xff", 20 * kMebi);
  for (const Server server : {Server::kSource, Server::kNode1}) Allow(server, 64 * kMebi);
  Project();
  ThereAndBackByFingerprint();
}

TEST_F(FullBigRows, ATextOfTwentyMebibytes) {
  Fill("LONGTEXT", "'a'", 20 * kMebi);
  for (const Server server : {Server::kSource, Server::kNode1}) Allow(server, 64 * kMebi);
  Project();
  ThereAndBackByFingerprint();
}

TEST_F(FullBigRows, ABlobOfSixtyFourMebibytesWhereTheServersTakeIt) {
  Fill("LONGBLOB", "0xff", 64 * kMebi);
  for (const Server server : {Server::kSource, Server::kNode1}) Allow(server, 512 * kMebi);
  Project();
  ThereAndBackByFingerprint();
}

TEST_F(BigRows, ABlobTooLongForTheNodesPacketIsRefusedBeforeApply) {
  Fill("LONGBLOB", "0xff", 3 * kMebi);
  Allow(Server::kNode1, 4 * kMebi);  // 6 MiB as a literal
  Project();
  Refused();
}

TEST_F(BigRows, ARowTooLongForOneStatementOfItsTextsIsRefusedBeforeApply) {
  Fill("LONGTEXT", "'a'", 3 * kMebi);
  Allow(Server::kNode1, 2 * kMebi);
  Project();
  Refused();
}

TEST_F(FullBigRows, ABlobOfSixtyFourMebibytesIsRefusedWhereTheServersDoNotTakeIt) {
  Fill("LONGBLOB", "0xff", 64 * kMebi);
  for (const Server server : {Server::kSource, Server::kNode1}) Allow(server, 64 * kMebi);
  Project();
  Refused();
}

// The server can make no digest of such a row: that is "unknown", never "equal".
TEST_F(BigRows, RowsTooLongToDigestAreReadNotTakenForEqual) {
  Fill("LONGTEXT", "'a'", 2 * kMebi);
  Run(Server::kSource, "DELETE FROM t WHERE id = 3");
  for (const Server server : {Server::kSource, Server::kNode1}) Allow(server, kMebi);
  Project();
  const StepResult compared = Step({"compare", "--node", "node1", "--detailed-exitcode"});
  EXPECT_TRUE(compared.exit_code == 2 || compared.exit_code == 3) << compared.err;
  const StepResult quick =
      Step({"compare", "--node", "node1", "--quick", "--detailed-exitcode", "--artifacts", "q"});
  EXPECT_TRUE(quick.exit_code == 2 || quick.exit_code == 3) << quick.err;
}

TEST_F(BigRows, RowsTooLongToDigestThatAreAlikeAreNotReported) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT)");
  RunEverywhere("INSERT INTO t VALUES (1, REPEAT('a', 2000000)), (2, 'b')");
  for (const Server server : {Server::kSource, Server::kNode1}) Allow(server, kMebi);
  Project();
  const StepResult compared = Step({"compare", "--node", "node1", "--detailed-exitcode"});
  EXPECT_TRUE(compared.exit_code == 0 || compared.exit_code == 3) << compared.err;
}

}  // namespace
}  // namespace syncgate::test
