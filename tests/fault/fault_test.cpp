#include "fault/fault_test.h"

#include <filesystem>
#include <stdexcept>

namespace syncgate::test {
namespace fs = std::filesystem;

void FaultTest::Seed(bool config, bool ssh) const {
  // hits and updated_at are the node's own: ignored, and to be found again untouched.
  const std::string tables =
      "CREATE TABLE rules (id INT PRIMARY KEY, name VARCHAR(60) NOT NULL, weight DECIMAL(12,4), "
      "hits INT NOT NULL"
      " DEFAULT 0, updated_at TIMESTAMP NOT NULL DEFAULT '2020-01-01 00:00:00' ON UPDATE "
      "CURRENT_TIMESTAMP)"
      " ENGINE=InnoDB;\n"
      "CREATE TABLE links (rule_id INT NOT NULL, tag VARCHAR(20) CHARACTER SET utf8mb4 NOT NULL, "
      "label VARCHAR(60),"
      " PRIMARY KEY (rule_id, tag)) ENGINE=InnoDB;\n";
  const auto fill = [&](const std::string& name, const std::string& where, int from = 0) {
    const std::string n = "n + " + std::to_string(from);
    return "INSERT INTO rules (id, name, weight, hits) SELECT " + n + ", CONCAT('" + name + " ', " +
           n + "), (" + n + ") / 7, 0 FROM " + Numbers(2000) + " WHERE " + where + ";\n";
  };
  const auto link = [&](const std::string& label, const std::string& where, int from = 0) {
    const std::string n = "n + " + std::to_string(from);
    return "INSERT INTO links SELECT " + n + ", '标签', CONCAT('" + label + " ', " + n + ") FROM " +
           Numbers(2000) + " WHERE " + where + ";\n";
  };
  Client(Server::kSource, tables + fill("new", "n <= 700") + fill("same", "n > 700 AND n <= 2000") +
                              fill("added", "n <= 600", 2000) + link("new", "n <= 600") +
                              link("same", "n > 600 AND n <= 1000") +
                              link("added", "n <= 100", 2000));
  for (const Server node : {Server::kNode1, Server::kNode2}) {
    Client(node, tables + fill("old", "n <= 700") + fill("same", "n > 700 AND n <= 2000") +
                     fill("gone", "n <= 600", 3000) + link("old", "n <= 600") +
                     link("same", "n > 600 AND n <= 1000") +
                     "UPDATE rules SET hits = id % 97, updated_at = "
                     "'2021-05-05 05:05:05' + INTERVAL id SECOND;\n");
  }
  std::string configs;
  if (config) {
    WriteFile("source.env", "BOT_ID=bot-new\n");
    WriteFile("node.env", "# ours\nBOT_ID=bot-old  # who\nKEY=value");
    configs = "app:\n  source: source.env\n  target: \"" + Path("node.env") +
              "\"\n  format: dotenv\n  keys: [BOT_ID]\n";
  }
  ProjectParts parts;
  parts.ssh = ssh;
  WriteProject(
      "tables:\n  rules: {deletes: true, ignore_columns: [hits, updated_at]}\n  links: {}\n",
      configs, parts);
}

bool FaultTest::Plan(bool config, bool ssh) {
  config_ = config;
  Seed(config, ssh);
  const auto compared = Step({"compare", "--node", "node1"});
  EXPECT_EQ(compared.exit_code, 0) << compared.err;
  const auto planned = Step({"generate-sql"});
  EXPECT_EQ(planned.exit_code, 0) << planned.err;
  if (HasFailure()) return false;
  fs::copy(Path("syncgate-artifacts"), Path("as-planned"), fs::copy_options::recursive);
  before = State();
  return true;
}

void FaultTest::FreshArtifacts() const {
  Remove("syncgate-artifacts");
  fs::copy(Path("as-planned"), Path("syncgate-artifacts"), fs::copy_options::recursive);
}

StepResult FaultTest::Apply(const Environment& environment,
                            const std::vector<std::string>& more) const {
  std::vector<std::string> words = {"apply-node", "--node", "node1"};
  words.insert(words.end(), more.begin(), more.end());
  return Step(words, environment);
}

StepResult FaultTest::Rollback(const Environment& environment,
                               const std::vector<std::string>& more) const {
  std::vector<std::string> words = {"rollback", "--node", "node1"};
  words.insert(words.end(), more.begin(), more.end());
  return Step(words, environment);
}

Environment FaultTest::Fault(const std::string& point, int number, const std::string& action) {
  return {{"SYNCGATE_FAULT", point + ":" + std::to_string(number) + ":" + action}};
}

int FaultTest::BatchOf(const std::string& table, const std::string& kind) const {
  const auto plan = ReadArtifact("plan.json");
  const auto& node = plan.at("nodes").at(0);
  for (const auto& batch : node.at("batches").as_array()) {
    const auto& its_table = node.at("tables").at(batch.at("table").to_number<std::size_t>());
    if (its_table.at("table").as_string() == table &&
        batch.at("statements").at(0).at("kind").as_string() == kind) {
      return batch.at("id").to_number<int>();
    }
  }
  throw std::runtime_error("no such batch");
}

std::string FaultTest::KillConnections() const {
  const std::string list =
      IsMySql() ? "performance_schema.processlist" : "information_schema.processlist";
  return Sql(Server::kNode1, "SELECT CONCAT('KILL ', id, ';') FROM " + list +
                                 " WHERE user = 'sync' AND db = DATABASE()") +
         " | " + ClientProgram(Server::kNode1);
}

std::string FaultTest::State() const {
  return Dump(Server::kNode1) + (config_ ? ReadText("node.env") : std::string());
}

std::string FaultTest::Compared(Server server) const {
  return Client(server,
                "SELECT id, HEX(name), weight FROM rules ORDER BY id; SELECT rule_id, HEX(tag), "
                "HEX(label) FROM links "
                "ORDER BY rule_id, tag;");
}

void FaultTest::ExpectApplied(int moved, int already) const {
  EXPECT_TRUE(Compared(Server::kNode1) == Compared(Server::kSource))
      << "node1 does not hold what the source holds";
  if (config_) {
    EXPECT_EQ(ReadText("node.env"), "# ours\nBOT_ID=bot-new  # who\nKEY=value");
  }
  const auto receipt = ReadArtifact("receipt-node1.json");
  EXPECT_EQ(receipt.at("result").as_string(), "success");
  EXPECT_EQ(receipt.at("target_state").as_string(), "after");
  EXPECT_EQ(receipt.at("moved").to_number<int>(), moved);
  EXPECT_EQ(receipt.at("already").to_number<int>(), already);
}

std::string FaultTest::TargetState(const std::string& receipt) const {
  return std::string(ReadArtifact(receipt).at("target_state").as_string());
}

}  // namespace syncgate::test
