// The canary: secrets that are marked, wherever a team may have them, through the whole flow and
// through its failures. Nothing that syncgate writes, says or shows to other processes may hold
// one, in no disguise. Allowed are the files that held them before, and the backups beside them.
#include "support/canary.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "core/digest.h"
#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

// Of a step whose exit code is another test's business.
constexpr int kAnyFailure = -1;

// What the services on the node do: as their `mode` says, they fail and print their whole file.
constexpr char kService[] = R"sh(#!/bin/sh
here=$(dirname "$0")
sleep 0.1
[ "$(cat "$here/mode")" = "$1" ] || exit 0
cat "${2:-$here/.env}"
cat "${2:-$here/.env}" >&2
exit 1
)sh";

class Canary : public RunTest {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'one'),(2,'two')");
    Run(Server::kNode1, "INSERT INTO t VALUES (1,'eins')");
    log_begins_ = fs::file_size(SshLog());
    for (const auto& entry : fs::recursive_directory_iterator(NodeHome())) {
      was_there_.insert(entry.path());
    }
    Passwords();
    Files();
    WriteProjectWith({});
    Mode("quiet");
    fs::create_directories(Path("tmp"));
    Environment("TMPDIR", Path("tmp"));
  }
  void TearDown() override {
    if (ready()) {
      EXPECT_THAT(canaries_.FoundIn(ReadText(SshLog()).substr(log_begins_)), IsEmpty()) << SshLog();
    }
    for (const auto& [name, value] : before_) {
      value ? setenv(name.c_str(), value->c_str(), 1) : unsetenv(name.c_str());
    }
    RunTest::TearDown();
  }

  // A secret that is found in any disguise: what would be escaped stands in its middle.
  static std::string Secret(const std::string& name) {
    // Of this process alone: other tests run beside it, one of which plants what is to be found.
    const std::string random = Digest::Of("canary " + std::to_string(::getpid()) + name).hex();
    return random.substr(0, 14) + "+/" + name + "&=" + random.substr(14, 14);
  }
  std::string Marked(const std::string& name) {
    canaries_.Mark(name, Secret(name));
    return Secret(name);
  }
  // By the environment of this process: not by the words of `env`, which all processes may read.
  void Environment(const std::string& name, const std::string& value) {
    if (!before_.contains(name)) {
      const char* old = std::getenv(name.c_str());
      before_[name] = old == nullptr ? std::nullopt : std::optional<std::string>(old);
    }
    setenv(name.c_str(), value.c_str(), 1);
  }

  void Passwords() {
    for (const Server server : kServers) {
      std::string label = LabelOf(server);
      for (char& c : label) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      for (const char* kind : {"_PASSWORD", "_RO_PASSWORD"}) SetVariable(label + kind, "unused");
      const std::string password = sandbox().Env(server, "PASSWORD");
      canaries_.Mark(label + " password", password);
      Environment("CANARY_" + label, password);
    }
    const std::string key = ReadText(sandbox().Env("SANDBOX_SSH_KEY"));
    Environment("CANARY_KEY", key);
    // From the end, where the secret half is; the last line is short.
    std::vector<std::string> lines;
    std::istringstream text(key);
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    ASSERT_GE(lines.size(), 5U);
    canaries_.Mark("SSH key", lines[lines.size() - 3].substr(0, 48));
  }
  void Files() {
    const std::string same = Marked("same-secret");
    WriteText(Path("node1/.env"),
              "# " + Marked("node-comment") + "\nBOT_ID=bot-old  # was " +
                  Marked("inline-comment") + "\n# DB_PASSWORD=" + Marked("commented-out") +
                  "\nDB_PASSWORD='" + Marked("node-unlisted") + "'\nAPI_TOKEN=\"" +
                  Marked("node-secret") + "\"\nSAME_TOKEN=" + same + "\n");
    WriteText(Path("app.env"), "# " + Marked("source-comment") + "\nBOT_ID=bot-new\nAPI_TOKEN='" +
                                   Marked("source-secret") + "'\nSAME_TOKEN='" + same +
                                   "'\nDB_PASSWORD=" + Marked("source-unlisted") + "\n");
    WriteText(Path("node1/app.json"), "{\"bot\": {\"id\": 1}, \"db\": \"" +
                                          Marked("json-unlisted") + "\", \"token\": \"" +
                                          Marked("json-secret") + "\"}\n");
    WriteText(Path("app.json"),
              "{\"bot\": {\"id\": 2}, \"token\": \"" + Marked("json-source-secret") + "\"}\n");
    WriteText(Path("node1/app.properties"),
              "! " + Marked("properties-comment") + "\nbot.id: 1\ndb.password = " +
                  Marked("properties-unlisted") + "\ntoken=" + Marked("properties-secret") + "\n");
    WriteText(Path("app.properties"),
              "bot.id: 2\ntoken=" + Marked("properties-source-secret") + "\n");
    WriteText(Path("node1/pin"), Marked("raw-secret") + "\n");
    WriteText(Path("pin"), Marked("raw-source-secret") + "\n");
    WriteText(Path("node1/service"), kService);
    chmod(Path("node1/service").c_str(), 0755);
    own_ = {"node1/.env",           "app.env",        "node1/app.json", "app.json",
            "node1/app.properties", "app.properties", "node1/pin",      "pin"};
  }
  void Mode(const std::string& mode) const { WriteText(Path("node1/mode"), mode); }

  struct Ways {
    std::string ssh;    // the credential
    std::string mysql;  // the same
    std::string extra;  // more configurations
  };
  void WriteProjectWith(const Ways& ways) const {
    const auto mysql = [&](Server server, const std::string& password) {
      return "mysql: {host: 127.0.0.1, port: " + sandbox().Env(server, "PORT") +
             ", user: sync, database: " + database() + ", " + password + "}";
    };
    const std::string service = "\"" + Path("node1/service") + "\"";
    ProjectText text;
    text.source = {mysql(Server::kSource, "password_env: CANARY_SOURCE")};
    text.node1 = {
        "ssh: {" + SshAddress(Server::kNode1) + ", known_hosts: \"" +
            sandbox().Env("SANDBOX_KNOWN_HOSTS") + "\", " +
            (ways.ssh.empty() ? "key_env: CANARY_KEY" : ways.ssh) + "}",
        mysql(Server::kNode1, ways.mysql.empty() ? "password_env: CANARY_NODE1" : ways.mysql)};
    text.node2 = {"follows: node1", mysql(Server::kNode2, "password_env: CANARY_NODE2")};
    const auto entry = [&](const std::string& name, const std::string& file,
                           const std::string& rest) {
      return "  " + name + ": {source: " + file + ", target: \"" + Path("node1/") +
             (file == "app.env" ? ".env" : file) + "\", " + rest + "}\n";
    };
    text.configs = entry("app", "app.env",
                         "format: dotenv, keys: [BOT_ID], secrets: [\"*_TOKEN\"], validate: [" +
                             service + ", validate, \"%s\"], restart: [" + service +
                             ", restart], verify: [{command: {argv: [" + service +
                             ", health]}, attempts: 2, interval_ms: 10}]") +
                   entry("json", "app.json",
                         "format: json, keys: [/bot/id], secrets: [/token], validate: [" + service +
                             ", validate-json, \"%s\"]") +
                   entry("properties", "app.properties",
                         "format: properties, keys: [bot.id], secrets: [token], validate: [" +
                             service + ", validate-properties, \"%s\"]") +
                   entry("pin", "pin", "format: raw, secrets: [\"*\"]") + ways.extra;
    WriteProject(text);
  }

  // A step, with everything it may say about what it does; what it said is searched.
  void Do(std::vector<std::string> call, int exit) {
    for (const char* format : {"text", "json"}) {
      if (call.front() != "compare" && std::string(format) == "json" && exit == 0) continue;
      std::vector<std::string> words = call;
      words.insert(words.end(), {"--log-level", "debug", "--log-format", format});
      const RunResult result = exit == kAnyFailure ? Step(words) : Must(words, exit);
      EXPECT_EQ(result.exit == 0, exit == 0);
      EXPECT_THAT(canaries_.FoundIn(result.out), IsEmpty()) << call.front() << "\n" << result.out;
      EXPECT_THAT(canaries_.FoundIn(result.err), IsEmpty()) << call.front() << "\n" << result.err;
      NothingIsLeft();
    }
  }
  bool IsOwn(const fs::path& path) const {
    const std::string relative = path.lexically_relative(home()).string();
    return own_.contains(relative) || IsBackup(path);
  }
  static bool IsBackup(const fs::path& path) {
    const std::string name = path.filename();
    return name.find(".syncgate-") != std::string::npos && name.ends_with(".bak");
  }
  void NothingIsLeft() const {
    EXPECT_THAT(canaries_.FoundBelow(home(), [&](const fs::path& path) { return IsOwn(path); }),
                IsEmpty());
    EXPECT_THAT(canaries_.FoundBelow(
                    NodeHome(), [&](const fs::path& path) { return was_there_.contains(path); }),
                IsEmpty());
    EXPECT_TRUE(fs::is_empty(Path("tmp"))) << "a temporary file was left behind";
  }
  fs::path NodeHome() const { return sandbox().directory() + "/node1/home"; }
  std::string SshLog() const { return sandbox().directory() + "/node1/sshd.log"; }
  std::vector<fs::path> Backups() const {
    std::vector<fs::path> backups;
    for (const auto& entry : fs::directory_iterator(Path("node1"))) {
      if (IsBackup(entry.path())) backups.push_back(entry.path());
    }
    return backups;
  }

  Canaries canaries_;
  std::set<std::string> own_;  // files of the team, relative

 private:
  std::uintmax_t log_begins_ = 0;
  std::set<fs::path> was_there_;  // of other tests, and large
  std::map<std::string, std::optional<std::string>> before_;
};

TEST_F(Canary, SurvivesTheWholeFlow) {
  ProcessWatch watch(canaries_);
  Do({"compare", "--node", "node1", "--dry-run"}, 0);
  for (const char* output : {"r.txt", "r.json", "r.md", "-"}) {
    Do({"compare", "--node", "node1", "--output", output}, 0);
  }
  EXPECT_NE(ReadText(Path("r.md")).find("SAME_TOKEN`: same"), std::string::npos);
  Do({"generate-sql"}, 0);
  Do({"generate-sql", "--node", "node1", "--output", "node1.sql"}, 0);
  Do({"apply-node", "--node", "node1", "--dry-run"}, 0);
  const std::vector<std::string> apply = {"apply-node", "--node", "node1", "--auto-restart",
                                          "--verify"};
  const struct {
    const char* mode;
    int exit;
  } failures[] = {
      {"validate", 3},          {"validate-json", 3}, {"validate-properties", 3},
      {"restart", kAnyFailure}, {"health", 6},
  };
  for (const auto& failure : failures) {
    SCOPED_TRACE(failure.mode);
    Mode(failure.mode);
    Do(apply, failure.exit);
    EXPECT_NE(ReadText(Path("node1/.env")).find("BOT_ID=bot-old"), std::string::npos);
  }
  Mode("quiet");
  Do(apply, 0);
  EXPECT_NE(ReadText(Path("node1/.env")).find("BOT_ID=bot-new"), std::string::npos);
  Do({"verify-config", "--node", "node1"}, 0);
  Mode("health");
  Do({"verify-config", "--node", "node1"}, 6);
  Mode("quiet");
  Do({"rollback", "--node", "node1", "--dry-run"}, 0);
  Do({"rollback", "--node", "node1", "--auto-restart"}, 0);
  EXPECT_NE(ReadText(Path("node1/.env")).find("BOT_ID=bot-old"), std::string::npos);

  // The one allowed place is used, closed to others, and would be found elsewhere.
  EXPECT_GE(Backups().size(), 3U);
  for (const fs::path& backup : Backups()) {
    struct stat info{};
    ASSERT_EQ(stat(backup.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0600U) << backup;
    EXPECT_THAT(canaries_.FoundIn(ReadText(backup)), testing::Not(IsEmpty())) << backup;
  }
  EXPECT_THAT(watch.Found(), IsEmpty());
  for (const char* step : {"/compare", "/generate-sql", "/apply-node", "/verify-config"}) {
    EXPECT_TRUE(watch.Saw(step)) << step << ": the watch is blind";
  }
  EXPECT_TRUE(watch.SawOnNode("node1/service validate")) << "the watch is blind";
  EXPECT_TRUE(watch.SawOnNode("node1/service restart")) << "the watch is blind";
}

TEST_F(Canary, SurvivesWrongCredentials) {
  ProcessWatch watch(canaries_);
  Environment("CANARY_NODE1", Marked("wrong database password"));
  Do({"compare", "--node", "node1"}, 78);
  WriteText(Path("password"), Marked("database password in a file") + "\n");
  own_.insert("password");
  WriteProjectWith({.ssh = "", .mysql = "password_file: password", .extra = ""});
  Do({"compare", "--node", "node1"}, 78);
  chmod(Path("password").c_str(), 0644);
  Do({"compare", "--node", "node1"}, 78);
  WriteProjectWith({.ssh = "password_env: CANARY_SSH_PASSWORD", .mysql = "", .extra = ""});
  Environment("CANARY_SSH_PASSWORD", Marked("ssh password"));
  Do({"compare", "--node", "node1", "--only", "config"}, 78);
  WriteProjectWith({});
  Environment("CANARY_KEY", Marked("no key at all"));
  Do({"compare", "--node", "node1", "--only", "config"}, 78);
  // The key itself, cut short: what is left of it is still a secret.
  const std::string key = ReadText(sandbox().Env("SANDBOX_SSH_KEY"));
  Environment("CANARY_KEY", key.substr(0, key.size() - 90));
  Do({"compare", "--node", "node1", "--only", "config"}, 78);
  WriteText(Path("key"), "-----BEGIN OPENSSH PRIVATE KEY-----\n" + Marked("broken key") + "\n");
  own_.insert("key");
  WriteProjectWith({.ssh = "key_file: key", .mysql = "", .extra = ""});
  Do({"compare", "--node", "node1", "--only", "config"}, 78);
  Must({"compare", "--log-level", "trace"}, 64);
  EXPECT_THAT(watch.Found(), IsEmpty());
  EXPECT_TRUE(watch.Saw("/compare")) << "the watch is blind";
}

TEST_F(Canary, SurvivesFilesThatCannotBeRead) {
  ProcessWatch watch(canaries_);
  const std::string broken = Marked("broken");
  const struct {
    const char* file;
    std::string text;
  } rows[] = {
      {"node1/.env", broken + "\n"},
      {"node1/.env", "DB_PASSWORD='" + broken + "\n"},
      {"node1/.env", "DB_PASSWORD=" + broken + "\nDB_PASSWORD=" + broken + "\n"},
      {"node1/.env", "BOT_ID=" + broken + "$X\n"},
      {"app.env", "A=\"" + broken + "\n"},
      {"node1/app.json", "{\"a\": " + broken + "}"},
      {"node1/app.json", "{\"a\": \"" + broken + "\\x\"}"},
      {"node1/app.json", "{\"a\": 1, \"a\": \"" + broken + "\"}"},
      {"node1/app.json", "{\"a\": \"" + broken},
      {"app.json", broken},
      {"node1/app.properties", "a=" + broken + "\\u12"},
      {"node1/app.properties", "a=" + broken + "\na=" + broken + "\n"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.file) + ": " + row.text);
    const std::string before = ReadText(Path(row.file));
    WriteText(Path(row.file), row.text);
    Do({"compare", "--node", "node1", "--only", "config", "--output", "r.md"}, 3);
    WriteText(Path(row.file), before);
  }
  // Whole files that are checked to be what they should be.
  for (const char* check : {"ini", "toml", "xml", "json"}) {
    SCOPED_TRACE(check);
    const std::string text = std::string(check) == "ini" ? "[" + broken : "<a>[ " + broken + " = =";
    WriteText(Path("whole"), text + "\n");
    WriteText(Path("node1/whole"), text);
    own_.insert({"whole", "node1/whole"});
    WriteProjectWith({.ssh = "",
                      .mysql = "",
                      .extra = "  whole: {source: whole, target: \"" + Path("node1/whole") +
                               "\", format: raw, check: " + check + ", secrets: [\"*\"]}\n"});
    Do({"compare", "--node", "node1", "--only", "config"}, 3);
  }
  WriteProjectWith({});
  fs::remove(Path("app.env"));
  Do({"compare", "--node", "node1", "--only", "config"}, 78);
  EXPECT_THAT(watch.Found(), IsEmpty());
}

TEST_F(Canary, SurvivesAFileThatDrifts) {
  Do({"compare", "--node", "node1"}, 0);
  Do({"generate-sql"}, 0);
  for (const char* file : {"node1/.env", "node1/app.json", "node1/app.properties"}) {
    SCOPED_TRACE(file);
    const std::string before = ReadText(Path(file));
    WriteText(Path(file), before + Secret("node-secret") + "\n");
    Do({"apply-node", "--node", "node1"}, 3);
    WriteText(Path(file), before);
  }
}

// The search is worth something: what is planted is found, in a file, a name and a process.
TEST_F(Canary, IsFoundWhereItIsPlanted) {
  Must({"compare", "--node", "node1", "--only", "config"});
  for (const auto& [form, text] : Canaries::FormsOf(Secret("node-secret"))) {
    SCOPED_TRACE(form);
    fs::remove_all(Path("copy"));
    fs::copy(Artifact(""), Path("copy"), fs::copy_options::recursive);
    const std::string diff = ReadText(Path("copy/diff.json"));
    WriteText(Path("copy/diff.json"), diff + "x" + text + "x");
    const auto found = canaries_.FoundBelow(Path("copy"), [](const fs::path&) { return false; });
    EXPECT_THAT(found, testing::Contains(testing::EndsWith("diff.json: node-secret as " + form)));
  }
  fs::remove_all(Path("copy"));
  fs::create_directories(Path("copy"));
  WriteText(Path("copy/" + Digest::Of(Secret("node-secret")).hex()), "");
  EXPECT_THAT(canaries_.FoundBelow(Path("copy"), [](const fs::path&) { return false; }),
              testing::Contains(testing::EndsWith("node-secret as SHA-256")));

  ProcessWatch watch(canaries_);
  Program({"sh", "-c", "sleep 0.5", "leak", Secret("json-secret")});
  Program({"env", "SYNCGATE_SANDBOX_NODE=x", "LEAK=" + Secret("raw-secret"), "sleep", "0.5"});
  const auto found = watch.Found();
  EXPECT_THAT(found, testing::Contains(testing::AllOf(testing::StartsWith("command line of sh"),
                                                      testing::EndsWith("json-secret as plain"))));
  EXPECT_THAT(found, testing::Contains(testing::AllOf(testing::StartsWith("environment of sleep"),
                                                      testing::EndsWith("raw-secret as plain"))));
}

}  // namespace
}  // namespace syncgate::test
