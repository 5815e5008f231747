#include <cstdlib>
#include <stdexcept>

#include "fault/cluster_test.h"

namespace syncgate::test {
namespace {

const char* SandboxVariable() {
  return Sandbox::WantedFlavor() == Flavor::kMySql ? "SYNCGATE_SANDBOX_MYSQL"
                                                   : "SYNCGATE_SANDBOX_MARIADB";
}

}  // namespace

void ClusterTest::SetUp() {
  const auto sandbox = Sandbox::Load();
  if (sandbox) {
    cluster_ = std::make_unique<Cluster>(sandbox->directory());
    if (!cluster_->missing().empty()) GTEST_SKIP() << cluster_->missing();
    sandbox_before_ = sandbox->directory();
    ::setenv(SandboxVariable(), cluster_->directory().c_str(), 1);
  }
  FaultTest::SetUp();
  if (!ready()) return;
  Run(Server::kNode1, "CREATE DATABASE ballast");
  Run(Server::kNode1, "CREATE TABLE ballast.b (id INT PRIMARY KEY, v INT)");
  Run(Server::kNode1, "INSERT INTO ballast.b VALUES (1, 1)");
}

void ClusterTest::TearDown() {
  if (ready()) FaultTest::TearDown();
  cluster_.reset();
  if (sandbox_before_) ::setenv(SandboxVariable(), sandbox_before_->c_str(), 1);
}

std::string ClusterTest::CommandOnB(const std::string& sql) const {
  const std::string file = ".other" + std::to_string(++written_);
  WriteFile(file, sql + ";\n");
  std::string program = ClientProgram(Server::kNode1);
  const std::string port = "-P" + sandbox().Env(Server::kNode1, "PORT");
  program.replace(program.find(port), port.size(), "-P" + OtherPort());
  return program + " < '" + Path(file) + "'";
}

std::string ClusterTest::OnB(const std::string& sql) const {
  std::string output;
  if (Shell(CommandOnB(sql), &output) != 0) throw std::runtime_error(sql + ": " + output);
  return output;
}

std::string ClusterTest::AppliedOnA(const std::string& sql) const {
  const std::string wait =
      IsMySql() ? "SET group_replication_consistency = 'BEFORE'" : "SET wsrep_sync_wait = 1";
  return CommandOnB(sql) + " && " + Sql(Server::kNode1, wait + "; SELECT v FROM ballast.b") +
         " > /dev/null";
}

std::string ClusterTest::PendingOnA(const std::string& sql) const {
  return "{ " + Sql(Server::kNode1, "LOCK TABLES ballast.b READ; SELECT SLEEP(2)") +
         "; } > /dev/null 2>&1 & sleep 0.5; " + CommandOnB(std::string(kBallast) + ";\n" + sql);
}

std::unique_ptr<MysqlSession> ClusterTest::HoldUpA() const {
  auto session = Connect(Server::kNode1, Account::kAdmin);
  // Else UNLOCK TABLES would wait for what waits for it.
  if (IsMySql()) {
    EXPECT_TRUE(session->Execute("SET group_replication_consistency = 'EVENTUAL'"));
  }
  EXPECT_TRUE(session->Execute("LOCK TABLES ballast.b READ"));
  OnB(kBallast);
  return session;
}

std::string ClusterTest::CommandToLeave() const {
  return Sql(Server::kNode1, "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=1'") +
         " && for i in $(seq 200); do " +
         Sql(Server::kNode1, "SHOW STATUS LIKE 'wsrep_cluster_status'") +
         " | grep -q non-Primary && break; sleep 0.1; done";
}

std::string ClusterTest::CommandToReturn() const {
  return Sql(Server::kNode1, "SET GLOBAL wsrep_provider_options = 'gmcast.isolate=0'") +
         " && for i in $(seq 300); do " + Sql(Server::kNode1, "SELECT v FROM ballast.b") +
         " > /dev/null 2>&1 && break; sleep 0.1; done";
}

std::string ClusterTest::Status(const std::string& name) const {
  const std::string line = Client(Server::kNode1, "SHOW GLOBAL STATUS LIKE '" + name + "'");
  return line.substr(line.find('\t') + 1);
}

bool ClusterTest::PlanThrough(const AnswerEater& proxy) {
  if (!Plan(false, false)) return false;
  std::string yaml = ReadText("syncgate.yml");
  const std::string port = "port: " + sandbox().Env(Server::kNode1, "PORT");
  yaml.replace(yaml.find(port), port.size(), "port: " + std::to_string(proxy.port()));
  WriteFile("syncgate.yml", yaml);
  EXPECT_EQ(Step({"compare", "--node", "node1"}).exit_code, 0);
  EXPECT_EQ(Step({"generate-sql"}).exit_code, 0);
  return !HasFailure();
}

}  // namespace syncgate::test
