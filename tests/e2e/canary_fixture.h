// A team's project whose every secret is marked, and the search for the marks.
#pragma once

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "core/digest.h"
#include "e2e/run_test.h"
#include "support/canary.h"

namespace syncgate::test {

// What the services on the node do: as their `mode` says, they fail and print their whole file.
inline constexpr char kService[] = R"sh(#!/bin/sh
here=$(dirname "$0")
sleep 0.1
[ "$(cat "$here/mode")" = "$1" ] || exit 0
cat "${2:-$here/.env}"
cat "${2:-$here/.env}" >&2
exit 1
)sh";

// Of a step whose exit code is another test's business.
inline constexpr int kAnyFailure = -1;

class Canary : public RunTest {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'one'),(2,'two')");
    Run(Server::kNode1, "INSERT INTO t VALUES (1,'eins')");
    log_begins_ = std::filesystem::file_size(SshLog());
    for (const auto& entry : std::filesystem::recursive_directory_iterator(NodeHome())) {
      was_there_.insert(entry.path());
    }
    Passwords();
    Files();
    WriteProjectWith({});
    Mode("quiet");
    std::filesystem::create_directories(Path("tmp"));
    Environment("TMPDIR", Path("tmp"));
  }
  void TearDown() override {
    if (ready()) {
      EXPECT_THAT(canaries_.FoundIn(ReadText(SshLog()).substr(log_begins_)), testing::IsEmpty())
          << SshLog();
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
    WriteText(Path("node1/app.yaml"), "# " + Marked("yaml-comment") + "\nbot: {id: 1}\ndb: '" +
                                          Marked("yaml-unlisted") + "'\nlist:\n  - " +
                                          Marked("yaml-item") + "\ntoken: \"" +
                                          Marked("yaml-secret") + "\"\n");
    WriteText(Path("app.yaml"), "bot: {id: 2}\ntoken: " + Marked("yaml-source-secret") + "\n");
    WriteText(Path("node1/pin"), Marked("raw-secret") + "\n");
    WriteText(Path("pin"), Marked("raw-source-secret") + "\n");
    WriteText(Path("node1/service"), kService);
    chmod(Path("node1/service").c_str(), 0755);
    own_ = {"node1/.env",           "app.env",  "node1/app.json", "app.json",
            "node1/app.yaml",       "app.yaml", "app.properties", "node1/pin",
            "node1/app.properties", "pin"};
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
                   entry("yaml", "app.yaml",
                         "format: yaml, keys: [/bot/id], secrets: [/token], validate: [" + service +
                             ", validate-yaml, \"%s\"]") +
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
      EXPECT_THAT(canaries_.FoundIn(result.out), testing::IsEmpty()) << call.front() << "\n"
                                                                     << result.out;
      EXPECT_THAT(canaries_.FoundIn(result.err), testing::IsEmpty()) << call.front() << "\n"
                                                                     << result.err;
      NothingIsLeft();
    }
  }
  bool IsOwn(const std::filesystem::path& path) const {
    const std::string relative = path.lexically_relative(home()).string();
    return own_.contains(relative) || IsBackup(path);
  }
  static bool IsBackup(const std::filesystem::path& path) {
    const std::string name = path.filename();
    return name.find(".syncgate-") != std::string::npos && name.ends_with(".bak");
  }
  void NothingIsLeft() const {
    EXPECT_THAT(canaries_.FoundBelow(
                    home(), [&](const std::filesystem::path& path) { return IsOwn(path); }),
                testing::IsEmpty());
    EXPECT_THAT(canaries_.FoundBelow(
                    NodeHome(),
                    [&](const std::filesystem::path& path) { return was_there_.contains(path); }),
                testing::IsEmpty());
    EXPECT_TRUE(std::filesystem::is_empty(Path("tmp"))) << "a temporary file was left behind";
  }
  std::filesystem::path NodeHome() const { return sandbox().directory() + "/node1/home"; }
  std::string SshLog() const { return sandbox().directory() + "/node1/sshd.log"; }
  std::vector<std::filesystem::path> Backups() const {
    std::vector<std::filesystem::path> backups;
    for (const auto& entry : std::filesystem::directory_iterator(Path("node1"))) {
      if (IsBackup(entry.path())) backups.push_back(entry.path());
    }
    return backups;
  }

  Canaries canaries_;
  std::set<std::string> own_;  // files of the team, relative

 private:
  std::uintmax_t log_begins_ = 0;
  std::set<std::filesystem::path> was_there_;  // of other tests, and large
  std::map<std::string, std::optional<std::string>> before_;
};

}  // namespace syncgate::test
