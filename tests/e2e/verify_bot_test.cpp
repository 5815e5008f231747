// bot_id: from the source to the running services of both nodes, and a value that makes one ill.
#include <csignal>

#include "e2e/bot_test.h"

namespace syncgate::test {
namespace {

constexpr char kEnvFile[] = "# the bot's\nBOT_ID=bot-old   # who answers\nDB_PASSWORD='kept'\n";

class VerifyBot : public BotTest {
 public:
  void SetUp() override {
    BotTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'one')");
    NewValue("bot-new");
    std::string front = "setsid " + Support("node-front") + " " + FrontPort();
    for (const Server node : {Server::kNode1, Server::kNode2}) {
      WriteText(File(node), kEnvFile);
      ASSERT_EQ(Bot(node, "start").exit, 0);
      front += std::string(" ") + LabelOf(node) + "=" + sandbox().Env(node, "APP_PORT");
    }
    ASSERT_EQ(Program({"sh", "-c",
                       "PATH=/usr/bin:/bin SYNCGATE_SANDBOX_NODE=" + sandbox().directory() +
                           "/node1 " + front + " </dev/null >front.log 2>&1 & echo $! > front.pid"})
                  .exit,
              0);
    for (int i = 0; i < 100 && Health(Server::kNode2).empty(); ++i) Program({"sleep", "0.05"});
  }
  void TearDown() override {
    if (ready()) {
      EXPECT_EQ(Program({"sh", "-c", "kill $(cat front.pid)"}).exit, 0);
      for (const Server node : {Server::kNode1, Server::kNode2}) {
        EXPECT_EQ(Bot(node, "stop").exit, 0);
      }
    }
    BotTest::TearDown();
  }

 protected:
  // The sandbox looks for eight free ports in a row and uses seven.
  std::string FrontPort() const {
    return std::to_string(std::stoi(sandbox().Env(Server::kNode2, "APP_PORT")) + 1);
  }
  std::string File(Server node) const { return Path(std::string(LabelOf(node)) + "/.env"); }
  void NewValue(const std::string& value) const {
    WriteText(Path("app.env"), "BOT_ID=" + value + "\n");
  }
  // What the status endpoint says: "200 bot-new"; empty where nothing answers.
  std::string Health(Server node) const {
    const auto answer =
        Program({"curl", "-s", "--noproxy", "*", "--max-time", "5", "-w", "\n%{http_code}",
                 "http://127.0.0.1:" + FrontPort() + "/" + LabelOf(node) + "/health"});
    if (answer.exit != 0) return "";
    return answer.out.substr(answer.out.rfind('\n') + 1) + " " + JsonText(answer.out, "bot_id");
  }
  // bot_id is asked of the running service of each node; `validate` is left out, so that a bad
  // value gets as far as the service.
  void Prepare() const {
    ProjectText text;
    text.tables = "{t: {}}";
    text.node1 = {Ssh(Server::kNode1), Mysql(Server::kNode1)};
    text.node2 = {"follows: node1", Ssh(Server::kNode2), Mysql(Server::kNode2)};
    text.configs =
        "  app:\n    source: app.env\n    target: \"" + Path("{node}/.env") +
        "\"\n    format: dotenv\n    keys: [BOT_ID]\n"
        "    restart: [env, \"PATH=/usr/bin:/bin\", \"" +
        Support("bot-service-ctl") + "\", restart, \"" + Path("{node}") +
        "\"]\n    verify:\n      - name: health\n        http: {url: \"http://127.0.0.1:" +
        FrontPort() +
        "/{node}/health\", pointer: /bot_id, equals_key: BOT_ID}\n        passes: 2\n"
        "        attempts: 4\n        interval_ms: 50\n";
    WriteProject(text);
    Must({"compare"});
    Must({"generate-sql"});
  }
  std::string After() const {
    std::string text = kEnvFile;
    return text.replace(text.find("bot-old"), 7, "bot-new");
  }
};

TEST_F(VerifyBot, TheNewBotIdRunsOnNode1ThenOnNode2) {
  Prepare();
  Must({"apply-node", "--node", "node1", "--auto-restart"});
  EXPECT_EQ(Health(Server::kNode1), "200 bot-new");
  EXPECT_EQ(Health(Server::kNode2), "200 bot-old");
  EXPECT_TRUE(
      Must({"apply-node", "--node", "node2", "--auto-restart"}, 3).Diagnoses("gate-no-verdict"));
  const RunResult verified = Must({"verify-config", "--node", "node1"});
  EXPECT_TRUE(verified.Says("http check app: health passed: /bot_id is \"bot-new\", 2 in a row"))
      << verified.err;
  Must({"apply-node", "--node", "node2", "--auto-restart"});
  Must({"verify-config", "--node", "node2"});
  for (const Server node : {Server::kNode1, Server::kNode2}) {
    EXPECT_EQ(Health(node), "200 bot-new");
    EXPECT_EQ(ReadText(File(node)), After());
    const std::string label = LabelOf(node);
    EXPECT_EQ(JsonText(ReadText(Artifact("verdict-" + label + ".json")), "result"), "success");
    EXPECT_NE(ReadText(Artifact("verify-" + label + ".junit.xml")).find("failures=\"0\""),
              std::string::npos);
  }
}

TEST_F(VerifyBot, ABadValueIsTakenBackAndTheEvidenceIsKept) {
  NewValue("NOT A BOT");
  Prepare();
  const RunResult result = Must({"apply-node", "--node", "node1", "--verify", "--auto-restart"}, 6);
  EXPECT_TRUE(result.Diagnoses("verification-failed"));
  // The old file, the old rows, a healthy service.
  EXPECT_EQ(ReadText(File(Server::kNode1)), kEnvFile);
  EXPECT_EQ(Dump(Server::kNode1, "t"), "");
  EXPECT_EQ(Health(Server::kNode1), "200 bot-old");
  // The evidence: which check failed and how, in all three.
  const std::string why = "status 503, expected 200";
  const std::string receipt = ReadText(Artifact("receipt-node1.json"));
  EXPECT_EQ(JsonText(receipt, "target_state"), "before");
  EXPECT_NE(
      receipt.find("http check app: health: passed 0 in a row, 2 are wanted; last failure: " + why),
      std::string::npos)
      << receipt;
  const std::string verdict = ReadText(Artifact("verdict-node1.json"));
  EXPECT_EQ(JsonText(verdict, "result"), "failed");
  EXPECT_NE(verdict.find(why), std::string::npos) << verdict;
  EXPECT_NE(ReadText(Artifact("verify-node1.junit.xml")).find(why), std::string::npos);
  // And node2 is out of reach.
  EXPECT_TRUE(
      Must({"apply-node", "--node", "node2", "--auto-restart"}, 3).Diagnoses("gate-not-applied"));
  EXPECT_EQ(ReadText(File(Server::kNode2)), kEnvFile);
  EXPECT_EQ(Health(Server::kNode2), "200 bot-old");
}

}  // namespace
}  // namespace syncgate::test
