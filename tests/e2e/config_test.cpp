// One key of a dotenv file, together with rows, on a node with a real service behind a real sshd.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "e2e/bot_test.h"

namespace syncgate::test {
namespace {

constexpr char kEnvFile[] =
    "# The bot's settings; only BOT_ID is syncgate's to change.\r\n"
    "APP_ENV=production\n"
    "export BOT_ID=bot-old   # who answers\n"
    "\n"
    "DB_PASSWORD='marked-node-password'\n"
    "API_TOKEN=\"marked-node-token\"\n"
    "GREETING=\"你好\"";  // and no newline at the end

class Config : public BotTest {
 public:
  void SetUp() override {
    BotTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'one'),(2,'two')");
    Run(Server::kNode1, "INSERT INTO t VALUES (1,'eins')");
    rows_before_ = Dump(Server::kNode1, "t");
    WriteText(target(), kEnvFile);
    if (chmod(target().c_str(), 0640) != 0) throw std::runtime_error("chmod");
    if (geteuid() == 0 && chown(target().c_str(), 1234, 2345) != 0)
      throw std::runtime_error("chown");
    NewValue("bot-new");
    port_ = sandbox().Env(Server::kNode1, "APP_PORT");
    ASSERT_EQ(Bot(Server::kNode1, "start").exit, 0);
    WriteAppProject({Ssh(Server::kNode1), Mysql(Server::kNode1)});
  }
  void TearDown() override {
    if (ready()) {
      EXPECT_EQ(Bot(Server::kNode1, "stop").exit, 0);
    }
    BotTest::TearDown();
  }

  std::string target() const { return Path("node1/.env"); }
  std::string Wanted() const {
    std::string text = kEnvFile;
    return text.replace(text.find("bot-old"), 7, "bot-new");
  }
  void NewValue(const std::string& value) const {
    WriteText(Path("app.env"),
              "BOT_ID=" + value +
                  "\nAPI_TOKEN=marked-source-token\nDB_PASSWORD=marked-source-password\n");
  }
  std::string BotId() const {
    const auto answer = Program({"curl", "-s", "--noproxy", "*", "--max-time", "5",
                                 "http://127.0.0.1:" + port_ + "/health"});
    return JsonText(answer.out, "bot_id");
  }
  void WriteAppProject(std::vector<std::string> node1, bool validate = true) const {
    ProjectText text;
    text.node1 = std::move(node1);
    text.configs =
        "  app:\n    source: app.env\n    target: \"" + Path("{node}/.env") +
        "\"\n    format: dotenv\n    keys: [BOT_ID, API_TOKEN]\n    secrets: [\"*_TOKEN\"]\n";
    if (validate)
      text.configs += "    validate: [env, \"PATH=/usr/bin:/bin\", \"" + Support("bot-service") +
                      "\", --check-config, \"%s\"]\n";
    text.configs += "    restart: [env, \"PATH=/usr/bin:/bin\", \"" + Support("bot-service-ctl") +
                    "\", restart, \"" + Path("{node}") +
                    "\"]\n    verify:\n      - http: {url: \"http://127.0.0.1:" + port_ +
                    "/health\", pointer: /bot_id, equals_key: BOT_ID}\n        attempts: 3\n       "
                    " interval_ms: 100\n";
    WriteProject(text);
  }
  void Plan() const {
    Must({"compare", "--node", "node1"});
    Must({"generate-sql"});
  }
  RunResult Apply(int exit = 0, std::vector<std::string> more = {"--auto-restart"}) const {
    more.insert(more.begin(), {"apply-node", "--node", "node1"});
    return Must(more, exit);
  }
  std::vector<std::string> Backups() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(Path("node1"))) {
      if (entry.path().filename().string().find("syncgate") != std::string::npos)
        found.push_back(entry.path().string());
    }
    return found;
  }
  void IsAsBefore() const {
    EXPECT_EQ(ReadText(target()), kEnvFile);
    EXPECT_EQ(Dump(Server::kNode1, "t"), rows_before_);
    EXPECT_EQ(BotId(), "bot-old");
    OwnerAndModeAreKept();
  }
  void IsAsPlanned() const {
    EXPECT_EQ(ReadText(target()), Wanted());
    EXPECT_EQ(Dump(Server::kNode1, "t"), Dump(Server::kSource, "t"));
    EXPECT_EQ(BotId(), "bot-new");
    OwnerAndModeAreKept();
  }
  void OwnerAndModeAreKept() const {
    struct stat info{};
    ASSERT_EQ(stat(target().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0640U);
    if (geteuid() != 0) return;
    EXPECT_EQ(info.st_uid, 1234U);
    EXPECT_EQ(info.st_gid, 2345U);
  }
  // One way to node1, there and back.
  void RoundTrip() const {
    Plan();
    Apply();
    IsAsPlanned();
    Must({"verify-config", "--node", "node1"});
    Must({"rollback", "--node", "node1", "--auto-restart"});
    IsAsBefore();
  }

 private:
  std::string port_;
  std::string rows_before_;
};

TEST_F(Config, OneKeyTravelsThereAndBack) {
  RoundTrip();
  const auto backups = Backups();
  ASSERT_EQ(backups.size(), 1U);
  struct stat info{};
  ASSERT_EQ(stat(backups[0].c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
  EXPECT_EQ(ReadText(backups[0]), kEnvFile);
}

TEST_F(Config, AppliedTwiceThereIsNothingToDo) {
  Plan();
  Apply(2, {"--auto-restart", "--detailed-exitcode"});
  const auto pid = [&] { return ReadText(Path("node1/bot.pid")); };
  const std::string first = pid();
  EXPECT_TRUE(Apply().Says("nothing to do"));
  EXPECT_EQ(pid(), first) << "restarted for nothing";
  IsAsPlanned();
  Must({"compare", "--node", "node1", "--artifacts", "after", "--detailed-exitcode"});
}

TEST_F(Config, SecretsStandInNoArtifactAndNoMessage) {
  SetVariable("SYNCGATE_KEY", ReadText(sandbox().Env("SANDBOX_SSH_KEY")));
  std::vector<std::string> steps = {"compare", "generate-sql", "apply-node", "verify-config",
                                    "rollback"};
  std::string said;
  for (const std::string& step : steps) {
    std::vector<std::string> call = {step, "--node", "node1", "--log-level", "debug"};
    if (step == "apply-node" || step == "rollback") call.push_back("--auto-restart");
    const RunResult result = Must(call);
    said += result.out + result.err;
  }
  EXPECT_NE(said.find("API_TOKEN"), std::string::npos) << "that it differs is said";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(Artifact(""))) {
    if (entry.is_regular_file())
      said += "\n" + entry.path().string() + "\n" + ReadText(entry.path().string());
  }
  for (const std::string& secret :
       {std::string("marked-"), sandbox().Env(Server::kNode1, "PASSWORD"),
        sandbox().Env(Server::kSource, "PASSWORD")}) {
    const auto at = said.find(secret);
    EXPECT_EQ(at, std::string::npos) << "..." << said.substr(at > 200 ? at - 200 : 0, 250);
  }
}

TEST_F(Config, AFileEditedSinceTheComparisonIsLeftAloneAndTheRowsToo) {
  Plan();
  const std::string edited = std::string(kEnvFile) + "\nMORE=1\n";
  WriteText(target(), edited);
  EXPECT_TRUE(Apply(3).Diagnoses("config-drift"));
  EXPECT_EQ(ReadText(target()), edited);
  EXPECT_TRUE(Apply(3, {"--dry-run"}).Diagnoses("config-drift"));
  WriteText(target(), kEnvFile);
  IsAsBefore();
}

TEST_F(Config, AFileEditedSinceTheApplyIsNotTakenBackAndTheRowsNeither) {
  Plan();
  Apply();
  WriteText(target(), Wanted() + "\nMORE=1\n");
  EXPECT_TRUE(Must({"rollback", "--node", "node1"}, 3).Diagnoses("config-drift"));
  WriteText(target(), Wanted());
  IsAsPlanned();
}

TEST_F(Config, AValueThatTheServiceRefusesIsNeverWritten) {
  NewValue("NOT A BOT");
  Plan();
  EXPECT_TRUE(Apply(3).Diagnoses("config-validate-failed"));
  IsAsBefore();
  EXPECT_EQ(JsonText(ReadText(Artifact("receipt-node1.json")), "target_state"), "before");
}

TEST_F(Config, AnUnhealthyServiceIsTakenBackByVerify) {
  WriteAppProject({Ssh(Server::kNode1), Mysql(Server::kNode1)}, /*validate=*/false);
  NewValue("NOT A BOT");
  Plan();
  const RunResult result = Apply(6, {"--verify", "--auto-restart"});
  EXPECT_TRUE(result.Diagnoses("verification-failed"));
  IsAsBefore();
  EXPECT_EQ(JsonText(ReadText(Artifact("receipt-node1.json")), "target_state"), "before");
}

TEST_F(Config, AnUnhealthyServiceIsTakenBackByTheRestartAlone) {
  WriteAppProject({Ssh(Server::kNode1), Mysql(Server::kNode1)}, /*validate=*/false);
  NewValue("NOT A BOT");
  Plan();
  EXPECT_TRUE(Apply(6).Diagnoses("service-not-ready"));
  IsAsBefore();
  const std::string receipt = ReadText(Artifact("receipt-node1.json"));
  EXPECT_EQ(JsonText(receipt, "target_state"), "before");
  EXPECT_NE(receipt.find("status 503, expected 200"), std::string::npos) << "the evidence is kept";
}

TEST_F(Config, AnUnhealthyServiceIsKeptOnDemand) {
  WriteAppProject({Ssh(Server::kNode1), Mysql(Server::kNode1)}, /*validate=*/false);
  NewValue("NOT A BOT");
  Plan();
  Apply(6, {"--verify", "--auto-restart", "--on-failure", "keep"});
  EXPECT_EQ(BotId(), "NOT A BOT");
  EXPECT_EQ(Dump(Server::kNode1, "t"), Dump(Server::kSource, "t"));
  Must({"rollback", "--node", "node1", "--auto-restart"});
  IsAsBefore();
}

TEST_F(Config, WithoutRestartTheOldValueRunsAndVerifyNotices) {
  Plan();
  Apply(0, {});
  EXPECT_EQ(BotId(), "bot-old");
  Must({"verify-config", "--node", "node1"}, 6);
  Must({"rollback", "--node", "node1"});
  IsAsBefore();
}

TEST_F(Config, KilledAfterTheReplacementTheNextRunEndsRight) {
  Plan();
  SetVariable("SYNCGATE_FAULT", "config.replaced:1:kill");
  EXPECT_EQ(Step({"apply-node", "--node", "node1", "--auto-restart"}).exit, 128 + 9);
  SetVariable("SYNCGATE_FAULT", std::nullopt);
  EXPECT_EQ(ReadText(target()), Wanted());
  EXPECT_EQ(BotId(), "bot-old") << "not restarted yet";
  Apply();
  IsAsPlanned();
  Must({"verify-config", "--node", "node1"});
  Must({"rollback", "--node", "node1", "--auto-restart"});
  IsAsBefore();
}

TEST_F(Config, KilledAfterTheReplacementRollbackTakesItBack) {
  Plan();
  SetVariable("SYNCGATE_FAULT", "config.replaced:1:kill");
  EXPECT_EQ(Step({"apply-node", "--node", "node1", "--auto-restart"}).exit, 128 + 9);
  SetVariable("SYNCGATE_FAULT", std::nullopt);
  Must({"rollback", "--node", "node1", "--auto-restart"});
  IsAsBefore();
}

TEST_F(Config, ASymbolicLinkIsRefused) {
  std::filesystem::rename(target(), Path("node1/real.env"));
  std::filesystem::create_symlink("real.env", target());
  EXPECT_TRUE(Must({"compare", "--node", "node1"}, 3).Diagnoses("config-target-symlink"));
  std::filesystem::remove(target());
  std::filesystem::rename(Path("node1/real.env"), target());
}

TEST_F(Config, WaysToTheNode) {
  const std::string key = ReadText(sandbox().Env("SANDBOX_SSH_KEY"));
  const std::string known = ", known_hosts: \"" + sandbox().Env("SANDBOX_KNOWN_HOSTS") + "\"";
  const std::string agent_socket = Path("agent.sock");
  const RunResult agent = Program({"ssh-agent", "-s", "-a", agent_socket});
  ASSERT_EQ(agent.exit, 0) << agent.err;
  const auto at = agent.out.find("SSH_AGENT_PID=");
  const auto pid = static_cast<pid_t>(std::stoi(agent.out.substr(at + 14)));
  SetVariable("SSH_AUTH_SOCK", agent_socket);
  EXPECT_EQ(Program({"ssh-add", "-q", sandbox().Env("SANDBOX_SSH_KEY")}).exit, 0);
  SetVariable("SSH_AUTH_SOCK", std::nullopt);

  struct Row {
    const char* name;
    std::string ssh;
    std::map<std::string, std::string> variables;
  };
  const std::string address = SshAddress(Server::kNode1);
  for (const Row& row : {
           Row{"this machine, no ssh", "", {}},
           Row{"key in the environment",
               "ssh: {" + address + known + ", key_env: NODE1_KEY}",
               {{"NODE1_KEY", key}}},
           Row{"agent",
               "ssh: {" + address + known + ", agent: true}",
               {{"SSH_AUTH_SOCK", agent_socket}}},
           Row{"jump host",
               "ssh: {" + address + known + ", key_env: NODE1_KEY, jump: {" +
                   SshAddress(Server::kNode2) + known + ", key_file: \"" +
                   sandbox().Env("SANDBOX_SSH_KEY") + "\"}}",
               {{"NODE1_KEY", key}}},
       }) {
    SCOPED_TRACE(row.name);
    for (const auto& [name, value] : row.variables) SetVariable(name, value);
    std::vector<std::string> node1 = {Mysql(Server::kNode1)};
    if (!row.ssh.empty()) node1.push_back(row.ssh);
    WriteAppProject(node1);
    std::filesystem::remove_all(Artifact(""));
    for (const std::string& backup : Backups()) std::filesystem::remove(backup);
    RoundTrip();
    for (const auto& [name, value] : row.variables) SetVariable(name, std::nullopt);
  }
  kill(pid, SIGTERM);
}

}  // namespace
}  // namespace syncgate::test
