// `sensitive_columns`: their values in no message and no report, refused where that cannot be kept.
#include <filesystem>

#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

class Sensitive : public RunTest {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    RunEverywhere(
        "CREATE TABLE t (id INT PRIMARY KEY, Phone VARCHAR(40) UNIQUE, v VARCHAR(40)) "
        "CHARACTER SET utf8mb4");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'markedone','a'),(2,'markedtwo','b')");
    Run(Server::kNode1, "INSERT INTO t VALUES (1,'markedold','a')");
  }
  RunResult Compare(const std::string& table, const std::string& more = "", int exit = 0) {
    ProjectText text;
    text.tables = "{t: {" + table + "}}" + more;
    WriteProject(text);
    return Must({"compare", "--node", "node1"}, exit);
  }
  static void ExpectNoValue(const RunResult& result) {
    EXPECT_EQ((result.out + result.err).find("marked"), std::string::npos)
        << result.out << result.err;
  }
};

TEST_F(Sensitive, TheWholeWaySaysNoValueAndTheDocumentsNameTheColumns) {
  if (!ready()) return;
  const RunResult compared = Compare("sensitive_columns: [PHONE]");
  EXPECT_TRUE(compared.Diagnoses("sensitive-unencrypted"));
  ExpectNoValue(compared);
  ExpectNoValue(Must({"generate-sql"}));
  for (const char* file : {"diff.json", "plan.json"}) {
    const std::string text = ReadText(Artifact(file));
    EXPECT_NE(text.find("\"sensitive\": [\"Phone\"]"), std::string::npos) << text;
    EXPECT_EQ(text.find("marked"), std::string::npos);
  }
  const std::string review = ReadText(Artifact("review.html"));
  EXPECT_EQ((review + ReadText(Artifact("review.md"))).find("marked"), std::string::npos);
  EXPECT_NE(review.find("(sensitive)"), std::string::npos);
  // Somebody else takes the value: the server's text would quote it.
  Run(Server::kNode1, "INSERT INTO t VALUES (7,'markedtwo','c')");
  const RunResult taken = Step({"apply-node", "--node", "node1"});
  EXPECT_NE(taken.exit, 0);
  ExpectNoValue(taken);
  EXPECT_EQ(ReadText(Artifact("receipt-node1.json")).find("marked"), std::string::npos);
  Run(Server::kNode1, "DELETE FROM t WHERE id = 7");
  ExpectNoValue(Must({"apply-node", "--node", "node1"}));
  ExpectNoValue(Must({"verify-config", "--node", "node1"}));
  Run(Server::kNode1, "UPDATE t SET Phone = 'markedthree' WHERE id = 2");
  ExpectNoValue(Must({"rollback", "--node", "node1"}, 3));
  Run(Server::kNode1, "UPDATE t SET Phone = 'markedtwo' WHERE id = 2");
  ExpectNoValue(Must({"rollback", "--node", "node1"}));
  ExpectNoValue(Must({"audit"}));
}

// A trigger's message is made of whatever its author thought helpful: the value, often.
TEST_F(Sensitive, WhatATriggerSaysIsNotRepeated) {
  if (!ready()) return;
  Run(Server::kNode1,
      "CREATE TRIGGER refuses BEFORE INSERT ON t FOR EACH ROW BEGIN DECLARE said VARCHAR(99); "
      "SET said = CONCAT('no such phone: ', NEW.Phone); "
      "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = said; END");
  Compare("sensitive_columns: [Phone], triggers: allow");
  Must({"generate-sql"});
  const RunResult refused = Must({"apply-node", "--node", "node1"}, 1);
  EXPECT_TRUE(refused.Says("error 1644")) << refused.err;
  ExpectNoValue(refused);
  EXPECT_EQ(ReadText(Artifact("receipt-node1.json")).find("marked"), std::string::npos);
}

TEST_F(Sensitive, PatternsOfTheWholeSectionAndWithAKeyNoWarning) {
  if (!ready()) return;
  SetVariable("SYNCGATE_ARTIFACT_KEY", std::string(42, 'k') + "A=");
  ProjectText text;
  text.tables = "{t: {}}\n  sensitive_columns: [\"*hone\", nothing_like_it]";
  WriteProject(text);
  const RunResult compared = Must({"compare", "--node", "node1"});
  EXPECT_FALSE(compared.Says("sensitive-unencrypted")) << compared.err;
  EXPECT_NE(ReadText(Artifact("diff.json")).find("\"sensitive\": [\"Phone\"]"), std::string::npos);
}

TEST_F(Sensitive, AMisspeltColumnAndAKeyAreRefused) {
  if (!ready()) return;
  EXPECT_TRUE(Compare("sensitive_columns: [fone]", "", 3).Diagnoses("column-unknown"));
  EXPECT_TRUE(Compare("sensitive_columns: [ID]", "", 3).Diagnoses("sensitive-key"));
  EXPECT_TRUE(Compare("sensitive_columns: [\"*\"]", "", 3).Diagnoses("sensitive-key"));
}

TEST_F(Sensitive, AProjectMayWantAKey) {
  if (!ready()) return;
  WriteProject();
  WriteText(Path("syncgate.yml"),
            ReadText(Path("syncgate.yml")) + "artifacts: {encryption: required}\n");
  EXPECT_TRUE(Must({"compare", "--node", "node1"}, 78).Diagnoses("artifact-key-missing"));
  EXPECT_FALSE(std::filesystem::exists(Artifact("diff.json")));
  SetVariable("SYNCGATE_ARTIFACT_KEY", std::string(42, 'k') + "A=");
  Must({"compare", "--node", "node1"});
}

}  // namespace
}  // namespace syncgate::test
