#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "support/flow.h"

namespace syncgate::test {
namespace {

constexpr double kPatience = 120;  // seconds

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

void PrintTo(const StepResult& result, std::ostream* out) {
  *out << "exit " << result.exit_code << " signal " << result.signal << "\n"
       << result.out << result.err;
}

RunningStep::RunningStep(pid_t pid, std::string output_prefix)
    : pid_(pid), prefix_(std::move(output_prefix)), began_(Now()) {}

RunningStep::RunningStep(RunningStep&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      prefix_(std::move(other.prefix_)),
      ended_(std::exchange(other.ended_, true)),
      result_(std::move(other.result_)),
      began_(other.began_) {}

RunningStep::~RunningStep() {
  if (ended_ || pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  Poll(true);
}

void RunningStep::Signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

bool RunningStep::HasEnded() { return Poll(false); }

bool RunningStep::Poll(bool block) {
  if (ended_) return true;
  int status = 0;
  rusage usage{};
  if (::wait4(pid_, &status, block ? 0 : WNOHANG, &usage) != pid_) return false;
  ended_ = true;
  if (WIFEXITED(status)) result_.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result_.signal = WTERMSIG(status);
  result_.peak_rss_kib = usage.ru_maxrss;
  result_.seconds = Now() - began_;
  result_.out = TextOf(prefix_ + ".out");
  result_.err = TextOf(prefix_ + ".err");
  return true;
}

StepResult RunningStep::Wait() {
  while (!Poll(false)) {
    if (Now() - began_ > kPatience) {
      ::kill(pid_, SIGKILL);
      Poll(true);
      ADD_FAILURE() << "the step did not end in " << kPatience << " seconds: " << result_.err;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return result_;
}

StepResult FlowTest::Step(const std::vector<std::string>& arguments,
                          const Environment& environment) const {
  return Start(arguments, environment).Wait();
}

RunningStep FlowTest::Start(const std::vector<std::string>& arguments,
                            const Environment& environment) const {
  const char* other = std::getenv("SYNCGATE_TEST_BIN_DIR");
  const std::string program =
      std::string(other == nullptr ? SYNCGATE_BIN_DIR : other) + "/" + arguments.at(0);
  const std::string prefix = Path(".run" + std::to_string(++count_) + "-" + arguments.at(0));

  Environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    // A CI job's own variables would change what the artifacts say of their run.
    if (!text.starts_with("SYNCGATE_")) variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : sandbox().env()) {
    if (name.ends_with("_PASSWORD")) variables[name] = value;
  }
  for (const auto& [name, value] : environment) variables[name] = value;

  // Everything is made before fork: between it and exec only calls that are safe there.
  std::vector<std::string> texts;
  for (const auto& [name, value] : variables) texts.push_back(name + "=" + value);
  std::vector<char*> envp;
  for (std::string& text : texts) envp.push_back(text.data());
  envp.push_back(nullptr);
  std::vector<std::string> words = arguments;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const std::string out = prefix + ".out";
  const std::string err = prefix + ".err";

  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("fork");
  if (pid == 0) {
    const int in_fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int out_fd = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const int err_fd = ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (::dup2(in_fd, 0) < 0 || ::dup2(out_fd, 1) < 0 || ::dup2(err_fd, 2) < 0) ::_exit(126);
    if (::chdir(directory_.c_str()) != 0) ::_exit(126);
    std::signal(SIGPIPE, SIG_DFL);  // the tests' main ignores it, and exec would hand that on
    ::execve(program.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  return {pid, prefix};
}

}  // namespace syncgate::test
