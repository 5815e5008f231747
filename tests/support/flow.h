// The fixture of tests that run the real steps: servers and SSH nodes of the sandbox, a directory
// with a syncgate.yml, and ways to look at the servers that share no code with syncgate.
#pragma once

#include <sys/types.h>

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "support/server_test.h"

namespace syncgate::test {

using Environment = std::map<std::string, std::string>;

struct StepResult {
  int exit_code = -1;  // -1: ended by a signal
  int signal = 0;      // that ended it
  std::string out;
  std::string err;
  long peak_rss_kib = 0;
  double seconds = 0;

  // stderr holds the message of this stable code.
  bool Says(const std::string& code) const {
    return err.find("[" + code + "]") != std::string::npos;
  }
};
// For failed assertions.
void PrintTo(const StepResult& result, std::ostream* out);

// A step that was started and is waited for; killed when this goes before it has ended.
class RunningStep {
 public:
  RunningStep(pid_t pid, std::string output_prefix);
  ~RunningStep();
  RunningStep(RunningStep&& other) noexcept;
  RunningStep(const RunningStep&) = delete;
  RunningStep& operator=(const RunningStep&) = delete;

  void Signal(int number) const;
  bool HasEnded();
  // Waits, at most two minutes (then SIGKILL, and the test fails).
  StepResult Wait();

 private:
  bool Poll(bool block);

  pid_t pid_;
  std::string prefix_;
  bool ended_ = false;
  StepResult result_;
  double began_;
};

// What WriteProject puts around data and configs.
struct ProjectParts {
  bool node2 = true;         // with `follows: node1`
  bool ssh = true;           // false: the nodes are reached directly
  std::string source_extra;  // lines of the source's block, beside `mysql:`
  std::string node1_extra;   // lines of the node's block, beside `ssh:` and `mysql:`
  std::string node2_extra;
  std::string extra;  // at the top level
};

class FlowTest : public ServerTest {
 protected:
  void SetUp() override;
  void TearDown() override;

  // The test's directory, where steps run; holds syncgate.yml and syncgate-artifacts.
  const std::string& directory() const { return directory_; }
  std::string Path(const std::string& relative) const { return directory_ + "/" + relative; }
  void WriteFile(const std::string& relative, const std::string& text, int mode = 0600) const;
  std::string ReadText(const std::string& relative) const;
  bool Exists(const std::string& relative) const;
  void Remove(const std::string& relative) const;  // directories too

  // syncgate.yml. `data` and `configs` are what stands below those words, from column 0; both may
  // be empty:
  //   WriteProject("tables:\n  t: {deletes: true}\nlimits: {changes: 10}");
  // The source is reached directly, the nodes through SSH; all databases are the test's own.
  void WriteProject(const std::string& data, const std::string& configs = "",
                    const ProjectParts& parts = {}) const;
  // One node's block, as WriteProject writes it, from column 0.
  std::string NodeYaml(Server node, bool ssh = true) const;

  // Runs a step's binary ("compare", "--node", "node1") in the test's directory, with the sandbox's
  // passwords in the environment, and waits for it.
  StepResult Step(const std::vector<std::string>& arguments,
                  const Environment& environment = {}) const;
  RunningStep Start(const std::vector<std::string>& arguments,
                    const Environment& environment = {}) const;

  // A JSON document below syncgate-artifacts ("receipt-node1.json"), or of another directory when
  // it starts with '/'.
  boost::json::object ReadArtifact(const std::string& path) const;
  std::string ArtifactPath(const std::string& path) const;
  // Every file below a directory of the test, relative path -> bytes.
  std::map<std::string, std::string> Files(const std::string& relative) const;

  // All tables of the test's database as text, by the database's own client: every column in
  // hexadecimal, rows in key order. `tables`: only these.
  std::string Dump(Server server, const std::vector<std::string>& tables = {}) const;

  // Runs SQL by the client, as admin, on the test's database; what it printed, tab separated.
  // Throws when the client fails.
  std::string Client(Server server, const std::string& sql) const;
  // The same as a shell command, for SYNCGATE_FAULT and for Shell(); the SQL goes to a file of the
  // test's directory.
  std::string ClientCommand(Server server, const std::string& sql) const;
  // The client alone, to read SQL from a pipe.
  std::string ClientProgram(Server server) const;
  // Runs a shell command in the test's directory; its exit code, its output (both streams) in
  // *output.
  int Shell(const std::string& command, std::string* output = nullptr) const;

 private:
  std::string directory_;
  mutable int count_ = 0;  // of files we make
};

// "(SELECT 1 AS n UNION ... )": the numbers 1..count (at most 1,000,000) as a derived table for
// INSERT ... SELECT.
std::string Numbers(unsigned count);

}  // namespace syncgate::test
