#include "hazards/hazard_test.h"

#include <ostream>

namespace syncgate::test {

void PrintTo(const RowCounts& counts, std::ostream* out) {
  *out << counts.missing << " missing, " << counts.mismatched << " mismatched, " << counts.extra
       << " extra";
}

void HazardTest::Project(const std::string& tables) const {
  ProjectParts parts;
  parts.node2 = false;
  parts.ssh = false;
  WriteProject("tables:\n  " + tables, "", parts);
}

void HazardTest::RunEverywhere(const std::string& sql) const {
  for (const Server server : {Server::kSource, Server::kNode1}) Run(server, sql);
}

StepResult HazardTest::Must(const std::vector<std::string>& arguments, int exit) const {
  StepResult result = Step(arguments);
  EXPECT_EQ(result.exit_code, exit) << arguments[0] << "\n" << result.err << result.out;
  return result;
}

RowCounts HazardTest::Counted(const std::string& table) const {
  const auto diff = ReadArtifact("diff.json");
  for (const auto& entry : diff.at("nodes").at(0).at("tables").as_array()) {
    if (entry.at("table").as_string() != table) continue;
    const auto& counts = entry.at("counts");
    return {counts.at("missing").to_number<int>(), counts.at("mismatched").to_number<int>(),
            counts.at("extra").to_number<int>()};
  }
  ADD_FAILURE() << "the diff has no table " << table;
  return {};
}

void HazardTest::ExpectDifferences(const RowCounts& expected) const {
  Compare();
  EXPECT_EQ(Counted(), expected);
}

void HazardTest::ExpectInSync() const {
  Must({"compare", "--node", "node1", "--detailed-exitcode"});
  EXPECT_EQ(Counted(), RowCounts());
}

void HazardTest::ThereAndBack() const {
  const std::string before = Dump(Server::kNode1);
  const std::string wanted = Dump(Server::kSource);
  ASSERT_FALSE(before == wanted) << "nothing to do";
  Compare();
  Plan();
  Apply();
  EXPECT_TRUE(Dump(Server::kNode1) == wanted) << "the node is not what the source is";
  Must({"compare", "--node", "node1", "--artifacts", "after", "--detailed-exitcode"});
  Rollback();
  EXPECT_TRUE(Dump(Server::kNode1) == before) << "the node is not what it was";
}

void HazardTest::RefusedBeforeApply(const std::string& code) const {
  const std::string before = Dump(Server::kNode1);
  const StepResult compared = Step({"compare", "--node", "node1"});
  if (compared.exit_code != 3) {
    EXPECT_EQ(compared.exit_code, 0) << compared.err;
    const StepResult planned = Plan(3);
    EXPECT_TRUE(planned.Says(code)) << planned.err;
  } else {
    EXPECT_TRUE(compared.Says(code)) << compared.err;
    Plan(3);
  }
  EXPECT_FALSE(Exists("syncgate-artifacts/plan.json"));
  EXPECT_TRUE(Dump(Server::kNode1) == before);
}

}  // namespace syncgate::test
