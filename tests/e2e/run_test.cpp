#include "e2e/run_test.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace syncgate::test {
namespace {

constexpr char kTyped[] = "yes\n";

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteText(const std::string& path, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

std::string Quoted(const std::string& name) {
  std::string quoted = "`";
  for (const char c : name) quoted += c == '`' ? "``" : std::string(1, c);
  return quoted + "`";
}

std::string JsonText(const std::string& document, const std::string& name) {
  std::smatch found;
  const std::regex wanted("\"" + name + "\":\\s*\"([^\"]*)\"");
  return std::regex_search(document, found, wanted) ? found[1].str() : "";
}

testing::AssertionResult RunResult::Diagnoses(const std::string& code) const {
  std::istringstream lines(err);
  for (std::string line; std::getline(lines, line);) {
    const auto at = line.find("[" + code + "] ");
    if (at == std::string::npos) continue;
    const auto hint = line.rfind("; ");
    // "expected X, found Y" says what to do as well.
    const bool expected = line.find("expected ", at) != std::string::npos;
    if (expected || (hint != std::string::npos && hint > at && line.size() - hint > 12)) {
      return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << "no hint in: " << line;
  }
  return testing::AssertionFailure() << "no [" << code << "] in:\n" << err;
}

void RunTest::SetUp() {
  ServerTest::SetUp();
  if (!ready()) return;
  std::string pattern = (std::filesystem::temp_directory_path() / "syncgate-e2e.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  home_ = pattern;
  for (const Server server : kServers) {
    for (const char* name : {"PASSWORD", "RO_PASSWORD"}) {
      std::string variable = std::string(LabelOf(server)) + "_" + name;
      for (char& c : variable) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      environment_[variable] = sandbox().Env(server, name);
    }
  }
  for (const char* name :
       {"SSH_AUTH_SOCK", "SYNCGATE_FAULT", "CI", "GITHUB_ACTIONS", "GITLAB_CI"}) {
    environment_[name] = std::nullopt;
  }
}

void RunTest::TearDown() {
  if (ready()) {
    RemoveAuditCopies();
    if (HasFailure() && std::getenv("SYNCGATE_KEEP_FAILED") != nullptr) {
      std::fprintf(stderr, "kept: %s\n", home_.c_str());
    } else {
      std::filesystem::remove_all(home_);
    }
  }
  ServerTest::TearDown();
}

// apply-node leaves the plan's SQL in the home directory of the SSH user, which is ours here.
void RunTest::RemoveAuditCopies() const {
  const char* home = std::getenv("HOME");
  if (home == nullptr || !std::filesystem::exists(Artifact("plan.json"))) return;
  const std::string digest = JsonText(ReadText(Artifact("plan.json")), "plan_digest");
  if (digest.size() < 12) return;
  const auto copies = std::filesystem::path(home) / ".syncgate";
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(copies, ignored)) {
    if (entry.path().filename().string().starts_with(digest.substr(0, 12))) {
      std::filesystem::remove_all(entry.path(), ignored);
    }
  }
  std::filesystem::remove(copies, ignored);
}

std::string RunTest::Mysql(Server server, const std::string& with) const {
  std::string label = LabelOf(server);
  for (char& c : label) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return "mysql: {host: 127.0.0.1, port: " + sandbox().Env(server, "PORT") +
         ", user: sync, password_env: " + label + "_PASSWORD, database: " + database() + with + "}";
}

std::string RunTest::SshAddress(Server server) const {
  return "host: 127.0.0.1, port: " + sandbox().Env(server, "SSH_PORT") +
         ", user: " + sandbox().Env("SANDBOX_SSH_USER");
}

std::string RunTest::Ssh(Server server) const {
  return "ssh: {" + SshAddress(server) + ", key_file: \"" + sandbox().Env("SANDBOX_SSH_KEY") +
         "\", known_hosts: \"" + sandbox().Env("SANDBOX_KNOWN_HOSTS") + "\"}";
}

void RunTest::WriteProject(ProjectText text) const {
  if (text.source.empty()) text.source = {Mysql(Server::kSource)};
  if (text.node1.empty()) text.node1 = {Mysql(Server::kNode1)};
  if (text.node2.empty()) text.node2 = {"follows: node1", Mysql(Server::kNode2)};
  std::string yaml = "version: 1\nsource:\n";
  for (const std::string& line : text.source) yaml += "  " + line + "\n";
  yaml += "nodes:\n  node1:\n";
  for (const std::string& line : text.node1) yaml += "    " + line + "\n";
  yaml += "  node2:\n";
  for (const std::string& line : text.node2) yaml += "    " + line + "\n";
  if (text.data) yaml += "data:\n  tables: " + text.tables + "\n";
  if (!text.limits.empty()) yaml += "  limits: " + text.limits + "\n";
  if (!text.configs.empty()) yaml += "configs:\n" + text.configs;
  WriteText(Path("syncgate.yml"), yaml);
}

RunResult RunTest::Program(const std::vector<std::string>& argv) const {
  std::vector<std::string> words = {"env", "-C", home_.string()};
  for (const auto& [name, value] : environment_) {
    if (!value) words.insert(words.end(), {"-u", name});
  }
  for (const auto& [name, value] : environment_) {
    if (value) words.push_back(name + "=" + *value);
  }
  words.insert(words.end(), argv.begin(), argv.end());

  int typed[2];
  if (pipe2(typed, O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
  const auto bytes = static_cast<int>(sizeof kTyped - 1);
  if (write(typed[1], kTyped, sizeof kTyped - 1) != bytes) throw std::runtime_error("write failed");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, typed[0], STDIN_FILENO);
  const int flags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, Path(".out").c_str(), flags, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, Path(".err").c_str(), flags, 0600);
  const auto began = std::chrono::steady_clock::now();
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, "env", &actions, nullptr, Pointers(words).data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start env");

  RunResult result;
  int status = 0;
  rusage usage{};
  while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  result.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.peak_kib = usage.ru_maxrss;
  int left = 0;
  ioctl(typed[0], FIONREAD, &left);
  result.read_stdin = left != bytes;
  close(typed[0]);
  close(typed[1]);
  result.out = ReadText(Path(".out"));
  result.err = ReadText(Path(".err"));
  return result;
}

RunResult RunTest::Step(const std::vector<std::string>& arguments) const {
  std::vector<std::string> argv = {std::string(SYNCGATE_BIN_DIR) + "/" + arguments.at(0)};
  argv.insert(argv.end(), arguments.begin() + 1, arguments.end());
  RunResult result = Program(argv);
  EXPECT_FALSE(result.read_stdin) << arguments[0] << " reads its standard input";
  return result;
}

RunResult RunTest::Must(const std::vector<std::string>& arguments, int exit) const {
  RunResult result = Step(arguments);
  std::string line;
  for (const std::string& argument : arguments) line += argument + " ";
  EXPECT_EQ(result.exit, exit) << line << "\n" << result.err << result.out;
  return result;
}

std::vector<std::vector<std::optional<std::string>>> RunTest::Rows(Server server,
                                                                   const std::string& sql) const {
  auto rows = Connect(server, Account::kAdmin)->Rows(sql);
  if (!rows) throw std::runtime_error(sql + ": " + rows.error().message);
  return *rows;
}

std::string RunTest::Dump(Server server, const std::string& table,
                          const std::vector<std::string>& columns) const {
  std::string literal;
  for (const char c : table) {
    literal += c == '\'' || c == '\\' ? std::string(1, c) + c : std::string(1, c);
  }
  const auto described =
      Rows(server,
           "SELECT column_name, data_type, column_key FROM information_schema.columns WHERE "
           "table_schema = DATABASE() AND table_name = '" +
               literal + "' ORDER BY ordinal_position");
  std::string list;
  std::string order;
  for (const auto& column : described) {
    const std::string& name = *column[0];
    const std::string& type = *column[1];
    if (!columns.empty() && std::ranges::find(columns, name) == columns.end()) continue;
    const std::string quoted = Quoted(name);
    std::string cell = "HEX(" + quoted + ")";
    for (const char* number : {"int", "decimal", "date", "time", "year"}) {
      if (type.find(number) != std::string::npos && type != "point") cell = quoted;
    }
    if (type == "float") cell = "CAST(" + quoted + " AS DOUBLE)";
    if (type == "double") cell = quoted;
    list += (list.empty() ? "" : ", ") + cell;
    if (column[2] == "PRI") order += (order.empty() ? "" : ", ") + quoted;
  }
  std::string text;
  for (const auto& row : Rows(server, "SELECT " + list + " FROM " + Quoted(table) +
                                          (order.empty() ? "" : " ORDER BY " + order))) {
    for (const auto& cell : row) text += cell ? *cell + "|" : "NULL|";
    text += "\n";
  }
  return text;
}

}  // namespace syncgate::test
