// The fixture of tests where node1 is member a of a cluster of two and somebody writes through
// member b.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "fault/answer_eater.h"
#include "fault/fault_test.h"
#include "support/cluster.h"

namespace syncgate::test {

class ClusterTest : public FaultTest {
 protected:
  void SetUp() override;
  void TearDown() override;

  Cluster& cluster() { return *cluster_; }

  // Runs SQL on member b, in the test's database.
  std::string OnB(const std::string& sql) const;
  std::string CommandOnB(const std::string& sql) const;
  // A shell command that runs SQL on member b and waits until a has carried it out too: an open
  // transaction of a that has locked what it changes is ended by it.
  std::string AppliedOnA(const std::string& sql) const;
  // The same, but a gets round to it two seconds later: it has heard of it, and has neither
  // changed a row nor ended a transaction. Only the certification of a's COMMIT sees it.
  std::string PendingOnA(const std::string& sql) const;
  // While this lives, a carries out nothing of what b writes behind a first write of kBallast.
  std::unique_ptr<MysqlSession> HoldUpA() const;
  static constexpr char kBallast[] = "UPDATE ballast.b SET v = v + 1";

  // Lets member a leave its cluster (Galera), and come back.
  std::string CommandToLeave() const;
  std::string CommandToReturn() const;
  std::string Status(const std::string& name) const;

  // syncgate.yml names this proxy as node1, in front of member a.
  bool PlanThrough(const AnswerEater& proxy);
  std::string OtherPort() const { return sandbox().Env("OTHER_PORT"); }

 private:
  std::unique_ptr<Cluster> cluster_;
  std::optional<std::string> sandbox_before_;
  mutable int written_ = 0;
};

}  // namespace syncgate::test
