// The fixture of the end-to-end tests: a project of its own on the sandbox's servers, the real
// binaries, and a dump of tables that shares no code with them.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/server_test.h"

namespace syncgate::test {

struct RunResult {
  int exit = -1;
  std::string out;
  std::string err;
  long peak_kib = 0;
  double seconds = 0;
  bool read_stdin = false;  // it took bytes from its standard input

  // Whether stderr has a diagnostic of that code, with a sentence that says what to do.
  testing::AssertionResult Diagnoses(const std::string& code) const;
  bool Says(const std::string& text) const { return err.find(text) != std::string::npos; }
};

// What a test's syncgate.yml says. Every string is YAML.
struct ProjectText {
  std::string tables = "{t: {}}";
  std::string limits;
  std::vector<std::string> source, node1, node2;  // lines; empty: RunTest::WriteProject fills them
  std::string configs;                            // a block below `configs:`
  bool data = true;
};

class RunTest : public ServerTest {
 public:
  void SetUp() override;
  void TearDown() override;

  std::string Path(const std::string& name) const { return (home_ / name).string(); }
  std::string Artifact(const std::string& name) const { return Path("syncgate-artifacts/" + name); }
  const std::filesystem::path& home() const { return home_; }

  // The `mysql:` and `ssh:` lines of a server; `with` are more fields, which may repeat none.
  std::string Mysql(Server server, const std::string& with = "") const;
  std::string Ssh(Server server) const;
  // The fields of Ssh without the braces, but for the credential and known_hosts.
  std::string SshAddress(Server server) const;
  // node1, and node2 that follows it, without ssh; whatever `text` says otherwise.
  void WriteProject(ProjectText text = {}) const;

  // "syncgate STEP ..." in the project's directory. An environment entry of nullopt is unset.
  RunResult Step(const std::vector<std::string>& arguments) const;
  // The same; any other exit code than `exit` fails the test.
  RunResult Must(const std::vector<std::string>& arguments, int exit = 0) const;
  // Any program, with the steps' environment.
  RunResult Program(const std::vector<std::string>& argv) const;
  void SetVariable(const std::string& name, std::optional<std::string> value) {
    environment_[name] = std::move(value);
  }

  // Every cell of the columns (all, where none are named), bytes in hexadecimal, in key order.
  std::string Dump(Server server, const std::string& table,
                   const std::vector<std::string>& columns = {}) const;
  std::vector<std::vector<std::optional<std::string>>> Rows(Server server,
                                                            const std::string& sql) const;
  using ServerTest::database;
  using ServerTest::IsMySql;
  using ServerTest::Run;
  using ServerTest::RunEverywhere;
  using ServerTest::sandbox;
  using ServerTest::Value;

 private:
  void RemoveAuditCopies() const;

  std::filesystem::path home_;
  std::map<std::string, std::optional<std::string>> environment_;
};

std::string ReadText(const std::string& path);
void WriteText(const std::string& path, const std::string& text);
std::string Quoted(const std::string& name);  // as an identifier
// The value of "name": "..." in a JSON document, the first of that name; empty where there is none.
std::string JsonText(const std::string& document, const std::string& name);

}  // namespace syncgate::test
