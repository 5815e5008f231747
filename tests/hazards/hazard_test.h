// The fixture of the hazard tests: one test per thing that breaks tools of this kind, on node1
// without SSH, with the whole way there and back and with refusals that come before any write.
// README.md says which test stands for which hazard.
#pragma once

#include <string>
#include <vector>

#include "support/flow.h"

namespace syncgate::test {

struct RowCounts {
  int missing = 0;
  int mismatched = 0;
  int extra = 0;

  bool operator==(const RowCounts&) const = default;
};
void PrintTo(const RowCounts& counts, std::ostream* out);

class HazardTest : public FlowTest {
 protected:
  // syncgate.yml with node1 alone; `tables` as below `tables:`, such as "t: {deletes: true}".
  void Project(const std::string& tables = "t: {deletes: true}") const;

  // On the two servers that these tests are about.
  void RunEverywhere(const std::string& sql) const;

  // A step; any other exit code than `exit` fails the test.
  StepResult Must(const std::vector<std::string>& arguments, int exit = 0) const;
  StepResult Compare(int exit = 0) const { return Must({"compare", "--node", "node1"}, exit); }
  StepResult Plan(int exit = 0) const { return Must({"generate-sql"}, exit); }
  StepResult Apply(int exit = 0) const { return Must({"apply-node", "--node", "node1"}, exit); }
  StepResult Rollback(int exit = 0) const { return Must({"rollback", "--node", "node1"}, exit); }

  // What the diff says of node1's table.
  RowCounts Counted(const std::string& table = "t") const;
  // compare finds exactly this.
  void ExpectDifferences(const RowCounts& expected) const;
  void ExpectInSync() const;

  // The whole way: after apply-node a dump by the database's own client shows the source's rows on
  // the node and a second comparison finds nothing; after rollback the dump is what it was.
  void ThereAndBack() const;
  // compare or generate-sql refuses by this code: nothing is planned, and nothing was written.
  void RefusedBeforeApply(const std::string& code) const;
};

// The two tables of the hazards' list.
class Comparing : public HazardTest {};
class Planning : public HazardTest {};

}  // namespace syncgate::test
