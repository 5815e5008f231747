// syncgate audit: a whole chain holds, with a key and without; every artifact with a byte changed,
// missing, or out of its turn is named.
#include <filesystem>
#include <functional>

#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

constexpr char kKey[] = "SYNCGATE_ARTIFACT_KEY";
const std::string kKeyText = std::string(42, 'k') + "A=";

class Audit : public RunTest {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(40))");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'one'),(2,'two')");
    for (const Server node : {Server::kNode1, Server::kNode2}) {
      Run(node, "INSERT INTO t VALUES (1,'eins'),(9,'neun')");
    }
    WriteText(Path("app.env"), "BOT_ID=new\n");
    WriteText(Path("node1.env"), "BOT_ID=old\n");
    WriteText(Path("node2.env"), "BOT_ID=old\n");
    ProjectText text;
    text.tables = "{t: {deletes: true}}";
    text.configs = "  app: {source: app.env, target: \"" + Path("{node}.env") +
                   "\", format: dotenv, keys: [BOT_ID]}\n";
    WriteProject(text);
  }

  // Both nodes there, node2 back again: a document of every kind.
  void Whole() const {
    Must({"compare"});
    Must({"generate-sql"});
    for (const char* node : {"node1", "node2"}) {
      Must({"apply-node", "--node", node});
      Must({"verify-config", "--node", node});
    }
    Must({"rollback", "--node", "node2"});
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    const std::filesystem::path dir = Path("syncgate-artifacts");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir)) {
      const std::string name = entry.path().lexically_relative(dir).string();
      if (entry.is_regular_file() && !name.starts_with(".lock")) names.push_back(name);
    }
    return names;
  }

  void ExpectEveryByteMatters() {
    const auto names = Names();
    ASSERT_GE(names.size(), 14u);
    for (const std::string& name : names) {
      const std::string whole = ReadText(Artifact(name));
      ASSERT_FALSE(whole.empty()) << name;
      // First, last, and some between: braces, names, values, line ends.
      for (std::size_t i = 0; i <= 8; ++i) {
        std::string bad = whole;
        const std::size_t at = (whole.size() - 1) * i / 8;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        WriteText(Artifact(name), bad);
        const RunResult result = Step({"audit"});
        EXPECT_EQ(result.exit, 65) << name << " at " << at << "\n" << result.out;
        EXPECT_NE(result.out.find("MISMATCH"), std::string::npos) << name << " at " << at;
      }
      for (const std::string& bad : {whole.substr(0, whole.size() / 2), whole + "\n"}) {
        WriteText(Artifact(name), bad);
        EXPECT_EQ(Step({"audit"}).exit, 65)
            << name << " with " << bad.size() << " of " << whole.size() << " bytes";
      }
      std::filesystem::remove(Artifact(name));
      const RunResult gone = Step({"audit"});
      // What is last in the chain is named by nothing.
      const bool last = name == "receipt-node2-rollback.json" || name == "verdict-node2.json";
      EXPECT_EQ(gone.exit, last ? 0 : 65) << name << "\n" << gone.out;
      WriteText(Artifact(name), whole);
      ASSERT_EQ(Step({"audit"}).exit, 0) << name;
    }
  }
};

TEST_F(Audit, AWholeChainHoldsWithoutProjectOrKey) {
  if (!ready()) return;
  Whole();
  std::filesystem::remove(Path("syncgate.yml"));
  const RunResult result = Must({"audit", "syncgate-artifacts"});
  for (const char* text :
       {"diff.json", "plan.json", "receipt-node1.json", "verdict-node1.json", "receipt-node2.json",
        "verdict-node2.json", "receipt-node2-rollback.json", "the chain holds", "plan digest "}) {
    EXPECT_NE(result.out.find(text), std::string::npos) << text << "\n" << result.out;
  }
  EXPECT_LT(result.out.find("diff.json"), result.out.find("plan.json"));
  EXPECT_LT(result.out.find("verdict-node2.json"),
            result.out.find("receipt-node2-rollback.json\n"));
  const RunResult json = Must({"audit", "--format", "json"});
  EXPECT_EQ(JsonText(json.out, "kind"), "audit");
  EXPECT_NE(json.out.find("\"whole\": true"), std::string::npos) << json.out;
}

TEST_F(Audit, EveryChangedByteIsNoticed) {
  if (!ready()) return;
  Whole();
  ExpectEveryByteMatters();
}

TEST_F(Audit, EveryChangedByteIsNoticedInEncryptedOnesWithoutTheKey) {
  if (!ready()) return;
  SetVariable(kKey, kKeyText);
  Whole();
  Must({"audit"});
  SetVariable(kKey, std::nullopt);
  EXPECT_NE(Must({"audit"}).out.find("encrypted with key "), std::string::npos);
  ExpectEveryByteMatters();
  SetVariable(kKey, std::string(42, 'x') + "A=");
  EXPECT_TRUE(Must({"audit"}, 65).Diagnoses("artifact-key-other"));
}

TEST_F(Audit, WhoApprovedWhichRunWhichCommitAndWhyTheGateWasOverridden) {
  if (!ready()) return;
  Must({"compare"});
  Must({"generate-sql"});
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"GITLAB_CI", "true"},
           {"CI_PIPELINE_ID", "8812"},
           {"CI_JOB_ID", "77"},
           {"CI_JOB_URL", "https://gitlab.example/j/77"},
           {"GITLAB_USER_LOGIN", "wei"},
           {"CI_COMMIT_SHA", "5f1c2e9"}}) {
    SetVariable(name, value);
  }
  Must({"apply-node", "--node", "node2", "--override-gate", "node1 burns\n::error::x"});
  EXPECT_EQ(JsonText(ReadText(Artifact("receipt-node2.json")), "how"), "none");
  SetVariable("CI_JOB_MANUAL", "true");
  Must({"apply-node", "--node", "node2", "--override-gate", "node1 burns\n::error::x"});
  const RunResult result = Must({"audit"});
  for (const char* text : {"by wei (manual-job)", "gitlab run 8812 (attempt 77) started by wei",
                           "https://gitlab.example/j/77", "5f1c2e9", "node1 burns\\n::error::x",
                           "note: the gate before node2 was overridden: node1 burns"}) {
    EXPECT_NE(result.out.find(text), std::string::npos) << text << "\n" << result.out;
  }
  SetVariable("SYNCGATE_APPROVED_BY", "zhang, by the approvals API");
  Must({"rollback", "--node", "node2"});
  EXPECT_NE(Must({"audit"}).out.find("by zhang, by the approvals API (named)"), std::string::npos);
  SetVariable("SYNCGATE_APPROVED_BY", std::nullopt);
  SetVariable("GITLAB_CI", std::nullopt);
  SetVariable("GITHUB_ACTIONS", "true");
  SetVariable("GITHUB_TRIGGERING_ACTOR", "li");
  SetVariable("GITHUB_EVENT_NAME", "workflow_dispatch");
  Must({"rollback", "--node", "node2"});
  EXPECT_NE(Must({"audit"}).out.find("by li (dispatch)"), std::string::npos);
}

TEST_F(Audit, NodesOutOfTheirTurnAndForeignFilesAreNamed) {
  if (!ready()) return;
  Whole();
  // Another plan on top of the old receipts.
  std::filesystem::copy(Path("syncgate-artifacts"), Path("old"),
                        std::filesystem::copy_options::recursive);
  Must({"compare"});
  Must({"generate-sql"});
  EXPECT_TRUE(Must({"audit"}, 65).Diagnoses("chain-other-plan"));
  std::filesystem::remove_all(Path("syncgate-artifacts"));
  std::filesystem::rename(Path("old"), Path("syncgate-artifacts"));
  Must({"audit"});

  WriteText(Artifact("plan/node1/0009-extra.sql"), "DELETE FROM t;\n");
  EXPECT_TRUE(Must({"audit"}, 65).Diagnoses("chain-unnamed"));
  std::filesystem::remove(Artifact("plan/node1/0009-extra.sql"));
  WriteText(Artifact("notes.txt"), "hello");
  EXPECT_NE(Must({"audit"}).out.find("notes.txt is named by no document"), std::string::npos);
  WriteText(Artifact("verdict-node3.json"), ReadText(Artifact("verdict-node1.json")));
  EXPECT_TRUE(Must({"audit"}, 65).Diagnoses("chain-misnamed"));
}

TEST_F(Audit, AnAbsentOrEmptyDirectoryIsNoChain) {
  if (!ready()) return;
  EXPECT_TRUE(Must({"audit", "nowhere"}, 64).Diagnoses("artifacts-missing"));
  std::filesystem::create_directory(Path("empty"));
  EXPECT_TRUE(Must({"audit", "empty"}, 65).Diagnoses("artifact-missing"));
  EXPECT_TRUE(Must({"audit", "empty", "--format", "xml"}, 64).Diagnoses("option-value"));
}

// `apply-node --verify` writes its receipt once more after it has taken back what failed.
TEST_F(Audit, AnApplyThatFailedItsVerification) {
  if (!ready()) return;
  ProjectText text;
  text.tables = "{t: {deletes: true}}";
  text.node1 = {Mysql(Server::kNode1), "test: [\"false\"]"};
  WriteProject(text);
  Must({"compare"});
  Must({"generate-sql"});
  Must({"apply-node", "--node", "node1", "--verify"}, 6);
  EXPECT_NE(Must({"audit"}).out.find("verdict-node1.json is of an earlier receipt-node1.json"),
            std::string::npos);
}

// Runs that a person had to repeat are no mismatch.
TEST_F(Audit, AppliedAgainAfterARollback) {
  if (!ready()) return;
  Must({"compare"});
  Must({"generate-sql"});
  Must({"apply-node", "--node", "node1"});
  Must({"rollback", "--node", "node1"});
  Must({"apply-node", "--node", "node1"});
  const RunResult result = Must({"audit"});
  EXPECT_NE(result.out.find("receipt-node1-rollback.json is of an earlier receipt-node1.json"),
            std::string::npos)
      << result.out;
}

}  // namespace
}  // namespace syncgate::test
