// What a user or an intruder may hand the steps: each with its exit code, its diagnostic code and a
// sentence that says what to do.
#include <cstdint>
#include <functional>
#include <regex>

#include "core/unique_fd.h"
#include "e2e/run_test.h"
#include "json/json.h"
#include "support/loopback.h"

namespace syncgate::test {
namespace {

// A port of this machine: taken, and silent, while the object lives; closed afterwards.
class SilentPort {
 public:
  SilentPort() : socket_(ListenOnLoopback(&port_)) {}
  std::string port() const { return std::to_string(port_); }

 private:
  std::uint16_t port_ = 0;
  UniqueFd socket_;
};

std::string ClosedPort() { return SilentPort().port(); }

std::string Replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  if (at == std::string::npos) throw std::runtime_error("no " + what + " in " + text);
  return text.replace(at, what.size(), with);
}

void Node1(RunTest& test, std::vector<std::string> lines) {
  ProjectText text;
  text.node1 = std::move(lines);
  test.WriteProject(text);
}

void WithKnownHosts(RunTest& test, const std::string& content) {
  WriteText(test.Path("known_hosts"), content);
  Node1(test,
        {"ssh: {" + test.SshAddress(Server::kNode1) + ", known_hosts: known_hosts, key_file: \"" +
             test.sandbox().Env("SANDBOX_SSH_KEY") + "\"}",
         test.Mysql(Server::kNode1)});
}

struct Case {
  std::string name;
  std::function<void(RunTest&)> arrange;  // after `t` was made and syncgate.yml written
  std::vector<std::string> step;
  int exit;
  std::string code;
  std::string says = "";  // somewhere in stderr
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.name; }

// t: three rows on the source, one of them on node1; node2 is empty.
class BadInput : public RunTest, public testing::WithParamInterface<Case> {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'one'),(2,'two'),(3,'three')");
    Run(Server::kNode1, "INSERT INTO t VALUES (1,'eins')");
    WriteProject();
  }
};

TEST_P(BadInput, IsRefusedWithWhatToDo) {
  const Case& row = GetParam();
  if (row.arrange) row.arrange(*this);
  const std::string before = Dump(Server::kNode1, "t");
  const RunResult result = Step(row.step);
  EXPECT_EQ(result.exit, row.exit) << result.err;
  EXPECT_TRUE(result.Diagnoses(row.code));
  EXPECT_TRUE(result.Says(row.says)) << "no '" << row.says << "' in: " << result.err;
  EXPECT_LT(result.seconds, 45);
  EXPECT_EQ(Dump(Server::kNode1, "t"), before);
}

void Tables(RunTest& test, const std::string& tables, const std::string& limits = "") {
  ProjectText text;
  text.tables = tables;
  text.limits = limits;
  test.WriteProject(text);
}

void Compared(RunTest& test, const std::string& tables, const std::string& limits = "",
              const std::vector<std::string>& more = {}) {
  Tables(test, tables, limits);
  std::vector<std::string> step = {"compare"};
  step.insert(step.end(), more.begin(), more.end());
  (void)test.Step(step);
}

INSTANTIATE_TEST_SUITE_P(
    Connections, BadInput,
    testing::Values(
        Case{"NoPassword",
             [](RunTest& run) { run.SetVariable("NODE1_PASSWORD", std::nullopt); },
             {"compare"},
             78,
             "secret-env-missing",
             "NODE1_PASSWORD"},
        Case{"EmptyPassword",
             [](RunTest& run) { run.SetVariable("NODE1_PASSWORD", ""); },
             {"compare"},
             78,
             "secret-env-missing",
             "NODE1_PASSWORD"},
        Case{"WrongPassword",
             [](RunTest& run) { run.SetVariable("NODE1_PASSWORD", "wrong-Aa1"); },
             {"compare"},
             78,
             "mysql-login-failed",
             "node1"},
        Case{"WrongPasswordOfTheSource",
             [](RunTest& run) { run.SetVariable("SOURCE_PASSWORD", "x"); },
             {"compare"},
             78,
             "mysql-login-failed",
             "source"},
        Case{"UnknownHostKey",
             [](RunTest& run) { WithKnownHosts(run, "# nobody\n"); },
             {"compare"},
             3,
             "ssh-host-key-unknown",
             "SHA256:"},
        Case{"ChangedHostKey",
             [](RunTest& run) {
               // The other node's key under this node's address.
               const std::string hosts = ReadText(run.sandbox().Env("SANDBOX_KNOWN_HOSTS"));
               const std::string node2 = "]:" + run.sandbox().Env(Server::kNode2, "SSH_PORT");
               const auto at = hosts.find(node2);
               const std::string line = hosts.substr(at, hosts.find('\n', at) - at);
               WithKnownHosts(
                   run,
                   "[127.0.0.1" +
                       Replaced(line, node2, "]:" + run.sandbox().Env(Server::kNode1, "SSH_PORT")) +
                       "\n");
             },
             {"compare"},
             3,
             "ssh-host-key-changed",
             "SHA256:"},
        Case{"NoSshThere",
             [](RunTest& run) {
               Node1(run, {Replaced(run.Ssh(Server::kNode1),
                                    run.sandbox().Env(Server::kNode1, "SSH_PORT"), ClosedPort()),
                           run.Mysql(Server::kNode1)});
             },
             {"compare"},
             75,
             "ssh-unreachable"},
        Case{"NoDatabaseThere",
             [](RunTest& run) {
               Node1(run, {Replaced(run.Mysql(Server::kNode1),
                                    run.sandbox().Env(Server::kNode1, "PORT"), ClosedPort())});
             },
             {"compare"},
             75,
             "mysql-unreachable",
             "node1"},
        Case{"NoDatabaseBehindSsh",
             [](RunTest& run) {
               Node1(run, {run.Ssh(Server::kNode1),
                           Replaced(run.Mysql(Server::kNode1),
                                    run.sandbox().Env(Server::kNode1, "PORT"), ClosedPort())});
             },
             {"compare"},
             75,
             "ssh-forward-refused"},
        Case{"NoSuchDatabase",
             [](RunTest& run) {
               Node1(run, {Replaced(run.Mysql(Server::kNode1), run.database(), "no_such_db")});
             },
             {"compare"},
             78,
             "mysql-login-failed",
             "no_such_db"}  // the server does not say whether it exists
        ),
    [](const auto& given) { return given.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Tables, BadInput,
    testing::Values(
        Case{"UnknownTable",
             [](RunTest& run) { Tables(run, "{t: {}, nowhere: {}}"); },
             {"compare"},
             78,
             "table-unknown",
             "nowhere"},
        Case{"UnknownTableNamed",
             nullptr,
             {"compare", "--tables", "nowhere"},
             78,
             "table-unknown",
             "nowhere"},
        Case{"View",
             [](RunTest& run) {
               run.RunEverywhere("CREATE VIEW looked AS SELECT * FROM t");
               Tables(run, "{looked: {}}");
             },
             {"compare"},
             78,
             "table-unknown",
             "looked"},
        Case{"MyIsam",
             [](RunTest& run) {
               run.RunEverywhere("CREATE TABLE old (id INT PRIMARY KEY) ENGINE=MyISAM");
               Tables(run, "{old: {}}");
             },
             {"compare"},
             3,
             "table-engine",
             "MyISAM"},
        Case{"MissingOnTheNode",
             [](RunTest& run) {
               run.Run(Server::kSource, "CREATE TABLE young (id INT PRIMARY KEY)");
               Tables(run, "{young: {}}");
             },
             {"compare"},
             3,
             "table-missing",
             "young"},
        Case{"SchemaMismatch",
             [](RunTest& run) {
               run.Run(Server::kNode1, "ALTER TABLE t MODIFY v VARCHAR(21), ADD extra_one INT");
               run.Run(Server::kSource, "ALTER TABLE t ADD extra_two INT");
             },
             {"compare", "--node", "node1"},
             3,
             "schema-mismatch",
             "extra_one"},
        Case{"SchemaMismatchNamesAll",
             [](RunTest& run) {
               run.Run(Server::kNode1, "ALTER TABLE t MODIFY v VARCHAR(21)");
               run.Run(Server::kSource, "ALTER TABLE t ADD extra_two INT");
             },
             {"compare", "--node", "node1"},
             3,
             "schema-mismatch",
             "v is varchar(20) on the source and varchar(21) on the node; extra_two is missing on "
             "the node"},
        Case{"Triggers",
             [](RunTest& run) {
               run.Run(Server::kNode1,
                       "CREATE TRIGGER watcher BEFORE INSERT ON t FOR EACH ROW SET NEW.v = 'x'");
               Compared(run, "{t: {}}");
             },
             {"generate-sql"},
             3,
             "table-has-triggers",
             "watcher"},
        Case{"TriggersMadeLater",
             [](RunTest& run) {
               Compared(run, "{t: {}}");
               run.Must({"generate-sql"});
               run.Run(Server::kNode1,
                       "CREATE TRIGGER watcher BEFORE INSERT ON t FOR EACH ROW SET NEW.v = 'x'");
             },
             {"apply-node", "--node", "node1"},
             3,
             "table-has-triggers",
             "watcher"},
        Case{"TriggersInvisible",
             [](RunTest& run) {
               run.Run(Server::kNode1,
                       "REVOKE TRIGGER ON " + run.database() + ".* FROM 'sync'@'%'");
               Compared(run, "{t: {}}");
             },
             {"generate-sql"},
             3,
             "triggers-invisible",
             "t"},
        Case{"TooManyChanges",
             [](RunTest& run) { Compared(run, "{t: {}}", "{changes: 2}"); },
             {"generate-sql"},
             3,
             "limit-changes",
             "3 changes"},
        Case{"TooManyDeletes",
             [](RunTest& run) {
               run.Run(Server::kNode1, "INSERT INTO t VALUES (8,'x'),(9,'y')");
               Compared(run, "{t: {deletes: true}}", "{deletes: 1}");
             },
             {"generate-sql"},
             3,
             "limit-deletes",
             "2 deletes"},
        Case{"QuickDiff",
             [](RunTest& run) { Compared(run, "{t: {}}", "", {"--quick"}); },
             {"generate-sql"},
             3,
             "diff-quick"},
        Case{"UnsafeWhere",
             nullptr,
             {"compare", "--where", "t=id > 1) OR (1=1"},
             64,
             "where-unsafe"}),
    [](const auto& given) { return given.param.name; });

INSTANTIATE_TEST_SUITE_P(
    ProjectFiles, BadInput,
    testing::Values(Case{"None",
                         nullptr,
                         {"compare", "--project", "nowhere.yml"},
                         78,
                         "project-missing",
                         "nowhere.yml"},
                    Case{"NoYaml",
                         [](RunTest& run) { WriteText(run.Path("syncgate.yml"), "nodes: [\n"); },
                         {"compare"},
                         78,
                         "project-syntax",
                         "syncgate.yml"},
                    Case{"WrongType",
                         [](RunTest& run) {
                           WriteText(run.Path("syncgate.yml"),
                                     Replaced(ReadText(run.Path("syncgate.yml")), "{t: {}}",
                                              "{t: {deletes: perhaps}}"));
                         },
                         {"compare"},
                         78,
                         "project-invalid",
                         "data.tables.t.deletes"},
                    Case{"PasswordInTheFile",
                         [](RunTest& run) {
                           Node1(run, {Replaced(run.Mysql(Server::kNode1),
                                                "password_env: NODE1_PASSWORD",
                                                "password: geheim-Aa1")});
                         },
                         {"compare"},
                         78,
                         "project-invalid",
                         "nodes.node1.mysql"}),
    [](const auto& given) { return given.param.name; });

TEST_F(BadInput, ASilentHostIsGivenUpInBoundedTime) {
  const SilentPort silent;
  struct Row {
    const char* name;
    std::vector<std::string> node1;
  };
  for (const Row& row : {
           Row{"ssh",
               {Replaced(Ssh(Server::kNode1), sandbox().Env(Server::kNode1, "SSH_PORT"),
                         silent.port()),
                Mysql(Server::kNode1)}},
           Row{"database",
               {Replaced(Mysql(Server::kNode1), sandbox().Env(Server::kNode1, "PORT"),
                         silent.port())}},
       }) {
    SCOPED_TRACE(row.name);
    Node1(*this, row.node1);
    const RunResult result = Step({"compare"});
    EXPECT_EQ(result.exit, 75) << result.err;
    EXPECT_LT(result.seconds, 60);
    EXPECT_NE(result.err.find("; "), std::string::npos) << "no hint: " << result.err;
    std::printf("a silent %s is given up after %.0f s\n", row.name, result.seconds);
  }
}

TEST_F(BadInput, ATableWithoutKeyIsRefusedAndTheOthersAreCompared) {
  RunEverywhere("CREATE TABLE nokey (a INT)");
  Tables(*this, "{t: {}, nokey: {}}");
  const RunResult compared = Must({"compare"}, 3);
  EXPECT_TRUE(compared.Diagnoses("table-no-key"));
  EXPECT_NE(compared.out.find("different"), std::string::npos) << compared.out;
  EXPECT_TRUE(std::filesystem::exists(Artifact("diff.json")));
  EXPECT_TRUE(Must({"generate-sql"}, 3).Diagnoses("table-no-key"));
  EXPECT_FALSE(std::filesystem::exists(Artifact("plan.json")));
  Must({"generate-sql", "--tables", "t"});
}

TEST_F(BadInput, ATableThatIsNotNamedIsComparedButNotPlanned) {
  RunEverywhere("CREATE TABLE u (id INT PRIMARY KEY)");
  Run(Server::kSource, "INSERT INTO u VALUES (1)");
  EXPECT_NE(Must({"compare", "--tables", "t,u", "--detailed-exitcode"}, 2).out.find(" u "),
            std::string::npos);
  const RunResult planned = Must({"generate-sql"});
  EXPECT_TRUE(planned.Says("table u on node1 differs and is not planned")) << planned.err;
  EXPECT_EQ(ReadText(Artifact("plan/node1/changes.rows.jsonl")).find("\"table\":1"),
            std::string::npos);
  Must({"apply-node", "--node", "node1"});
  EXPECT_EQ(Dump(Server::kNode1, "t"), Dump(Server::kSource, "t"));
  EXPECT_EQ(Value(Server::kNode1, "SELECT COUNT(*) FROM u"), "0");
}

}  // namespace
}  // namespace syncgate::test
