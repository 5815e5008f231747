// What the steps hand each other: edited, truncated, of another version, and as an independent
// validator sees it.
#include <functional>

#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

using Damage = std::function<std::string(std::string)>;

std::string HalfOf(std::string text) { return text.substr(0, text.size() / 2); }
std::string Nothing(const std::string&) { return ""; }

Damage Edit(const std::string& what, const std::string& with) {
  return [=](std::string text) {
    const auto at = text.find(what);
    if (at == std::string::npos)
      throw std::runtime_error("no " + what + " in " + text.substr(0, 500));
    return text.replace(at, what.size(), with);
  };
}

struct Case {
  std::string name;
  std::string file;
  Damage damage;
  std::vector<std::string> step;
  std::string code;
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.name; }

class Artifacts : public RunTest, public testing::WithParamInterface<Case> {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'one'),(2,'two'),(3,'three')");
    for (const Server node : {Server::kNode1, Server::kNode2})
      Run(node, "INSERT INTO t VALUES (1,'eins'),(9,'neun')");
    ProjectText text;
    text.tables = "{t: {deletes: true}}";
    WriteProject(text);
  }

  void Whole() {
    Must({"compare"});
    Must({"generate-sql"});
    Must({"apply-node", "--node", "node1"});
    Must({"verify-config", "--node", "node1"});
  }
};

class Damaged : public Artifacts {};

TEST_P(Damaged, IsNotBelieved) {
  const Case& row = GetParam();
  Whole();
  std::string path = Artifact(row.file);
  if (std::filesystem::is_directory(path)) {
    for (const auto& entry : std::filesystem::directory_iterator(Artifact(row.file))) {
      if (entry.is_regular_file()) path = entry.path().string();
    }
  }
  WriteText(path, row.damage(ReadText(path)));
  const std::string node1 = Dump(Server::kNode1, "t");
  const std::string node2 = Dump(Server::kNode2, "t");
  const RunResult result = Must(row.step, 65);
  EXPECT_TRUE(result.Diagnoses(row.code));
  EXPECT_EQ(Dump(Server::kNode1, "t"), node1);
  EXPECT_EQ(Dump(Server::kNode2, "t"), node2);
}

const std::vector<std::string> kPlan = {"generate-sql"};
const std::vector<std::string> kNode1 = {"apply-node", "--node", "node1"};
const std::vector<std::string> kNode2 = {"apply-node", "--node", "node2"};
const std::vector<std::string> kVerify = {"verify-config", "--node", "node1"};
const std::vector<std::string> kRollback = {"rollback", "--node", "node1"};

INSTANTIATE_TEST_SUITE_P(
    Edited, Damaged,
    testing::Values(
        Case{"Diff", "diff.json", Edit("\"different\"", "\"equal\""), kPlan, "artifact-edited"},
        Case{"DiffCounts", "diff.json", Edit("\"deletes\": true", "\"deletes\": false"), kPlan,
             "artifact-edited"},
        Case{"DiffRows", "diff/node1.rows.jsonl", Edit("two", "owt"), kPlan, "artifact-edited"},
        Case{"Plan", "plan.json", Edit("\"follows\": \"node1\"", "\"follows\": \"node2\""), kNode2,
             "artifact-edited"},
        Case{"PlanForVerify", "plan.json", Edit("\"follows\": \"node1\"", "\"follows\": \"node2\""),
             kVerify, "artifact-edited"},
        Case{"Changes", "plan/node1/changes.rows.jsonl", Edit("two", "owt"), kNode1,
             "artifact-edited"},
        Case{"ChangesForRollback", "plan/node1/changes.rows.jsonl", Edit("two", "owt"), kRollback,
             "artifact-edited"},
        Case{"Sql", "plan/node1", Edit("INSERT", "insert"), kNode1, "artifact-edited"},
        Case{"Receipt", "receipt-node1.json", Edit("\"moved\": 4", "\"moved\": 5"), kNode2,
             "artifact-edited"},
        Case{"ReceiptForVerify", "receipt-node1.json", Edit("\"moved\": 4", "\"moved\": 5"),
             kVerify, "artifact-edited"},
        Case{"Journal", "journal", Edit("neun", "zehn"), kRollback, "artifact-edited"}),
    [](const auto& given) { return given.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Truncated, Damaged,
    testing::Values(Case{"Diff", "diff.json", HalfOf, kPlan, "artifact-unreadable"},
                    Case{"DiffEmpty", "diff.json", Nothing, kPlan, "artifact-unreadable"},
                    Case{"DiffRows", "diff/node1.rows.jsonl", HalfOf, kPlan, "artifact-edited"},
                    Case{"Plan", "plan.json", HalfOf, kNode1, "artifact-unreadable"},
                    Case{"Changes", "plan/node1/changes.rows.jsonl", HalfOf, kNode1,
                         "artifact-edited"},
                    Case{"Sql", "plan/node1", HalfOf, kNode1, "artifact-edited"},
                    Case{"Receipt", "receipt-node1.json", HalfOf, kNode2, "artifact-unreadable"},
                    Case{"Journal", "journal", HalfOf, kRollback, "artifact-edited"},
                    Case{"JournalEmpty", "journal", Nothing, kRollback, "artifact-edited"}),
    [](const auto& given) { return given.param.name; });

INSTANTIATE_TEST_SUITE_P(
    OtherVersion, Damaged,
    testing::Values(
        Case{"Diff", "diff.json", Edit("\"format_version\": 1", "\"format_version\": 2"), kPlan,
             "artifact-version"},
        Case{"Plan", "plan.json", Edit("\"format_version\": 1", "\"format_version\": 2"), kNode1,
             "artifact-version"},
        Case{"Receipt", "receipt-node1.json",
             Edit("\"format_version\": 1", "\"format_version\": 2"), kNode2, "artifact-version"}),
    [](const auto& given) { return given.param.name; });

TEST_F(Artifacts, OfTheWrongKindOrMissingAreNamed) {
  EXPECT_TRUE(Must({"generate-sql"}, 65).Diagnoses("artifact-missing"));
  EXPECT_TRUE(Must({"apply-node", "--node", "node1"}, 65).Diagnoses("artifact-missing"));
  Must({"compare"});
  Must({"generate-sql"});
  EXPECT_TRUE(Must({"verify-config", "--node", "node1"}, 65).Diagnoses("artifact-missing"));
  EXPECT_TRUE(Must({"rollback", "--node", "node1"}, 65).Diagnoses("journal-missing"));
  std::filesystem::copy_file(Artifact("plan.json"), Artifact("diff.json"),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_TRUE(Must({"generate-sql"}, 65).Diagnoses("artifact-kind"));
}

TEST_F(Artifacts, AreForTheirOwnerOnly) {
  Whole();
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(Artifact(""))) {
    const auto mode = entry.status().permissions();
    EXPECT_EQ(mode & std::filesystem::perms(077), std::filesystem::perms::none) << entry.path();
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_GE(files, 10);
}

TEST_F(Artifacts, OfTheSameInputAreTheSameBytes) {
  const auto files = [&](const char* run) {
    std::map<std::string, std::string> texts;
    Must({"compare", "--artifacts", run});
    Must({"generate-sql", "--artifacts", run});
    for (const auto& entry : std::filesystem::recursive_directory_iterator(Path(run))) {
      const auto extension = entry.path().extension();
      if (extension != ".jsonl" && extension != ".sql") continue;
      texts[std::filesystem::relative(entry.path(), Path(run)).string()] =
          ReadText(entry.path().string());
    }
    return std::pair(texts,
                     JsonText(ReadText(Path(std::string(run) + "/plan.json")), "plan_digest"));
  };
  const auto first = files("first");
  const auto second = files("second");
  EXPECT_EQ(first, second);
  EXPECT_EQ(first.second.size(), 64U);
}

TEST_F(Artifacts, OfAWholeRunSatisfyAnIndependentValidator) {
  Whole();
  Must({"apply-node", "--node", "node2"});
  Must({"verify-config", "--node", "node2"});
  Must({"rollback", "--node", "node2"});
  Must({"compare", "--quick", "--artifacts", "quick"});
  for (const char* directory : {"syncgate-artifacts", "quick"}) {
    const RunResult result = Program(
        {std::string(SYNCGATE_SOURCE_DIR) + "/tests/support/schema-check", Path(directory)});
    if (result.exit == 75 || result.exit == 127)
      GTEST_SKIP() << "NOT CHECKED: ajv cannot be had here: " << result.err;
    EXPECT_EQ(result.exit, 0) << result.out << result.err;
    std::printf("%s: %s", directory, result.out.c_str());
  }
}

}  // namespace
}  // namespace syncgate::test
