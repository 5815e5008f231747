#include "host/run_command.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "temporary.h"

namespace syncgate {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

CommandOptions Options() {
  CommandOptions options;
  options.timeout = seconds(20);
  options.one_stream = true;
  return options;
}

CommandRun Shell(const std::string& script, const CommandOptions& options) {
  auto run = RunCommand({"sh", "-c", script}, options);
  EXPECT_TRUE(run) << run.error().message;
  return run ? *run : CommandRun{};
}

TEST(RunCommandTest, BothStreamsInOrder) {
  const CommandRun run = Shell("echo one; echo two >&2; echo three; exit 3", Options());
  EXPECT_EQ(run.result.output, "one\ntwo\nthree\n");
  EXPECT_EQ(run.result.errors, "");
  EXPECT_EQ(run.result.exit_code, 3);
  EXPECT_FALSE(run.timed_out || run.stopped);
}

TEST(RunCommandTest, DirectoryAndEnvironment) {
  const TemporaryDirectory directory;
  ::setenv("SYNCGATE_TEST_ONE", "ours", 1);
  ::setenv("SYNCGATE_TEST_TWO", "ours", 1);
  CommandOptions options = Options();
  options.directory = directory / ".";
  options.environment = {{"SYNCGATE_TEST_ONE", "a=b $(id)"}, {"SYNCGATE_TEST_NEW", ""}};
  const CommandRun run = Shell(
      "pwd -P; echo \"$SYNCGATE_TEST_ONE|$SYNCGATE_TEST_TWO|${SYNCGATE_TEST_NEW-unset}\"", options);
  EXPECT_NE(run.result.output.find("\na=b $(id)|ours|\n"), std::string::npos) << run.result.output;
  ::unsetenv("SYNCGATE_TEST_ONE");
  ::unsetenv("SYNCGATE_TEST_TWO");
  // A word with "=" is a program's name here, not a variable.
  EXPECT_EQ(RunCommand({"A=b"}, options)->result.exit_code, 127);
}

TEST(RunCommandTest, TheEndOfALongOutputIsKept) {
  const CommandRun run = Shell("seq 1 1000000; echo last words >&2", Options());
  EXPECT_EQ(run.result.output.size(), kCommandOutputLimit);
  EXPECT_TRUE(run.result.output.ends_with("\n1000000\nlast words\n"));
}

TEST(RunCommandTest, WhatNeverStopsWritingIsEndedInTime) {
  CommandOptions options = Options();
  options.timeout = milliseconds(300);
  const auto start = steady_clock::now();
  const CommandRun run = Shell("yes", options);
  EXPECT_TRUE(run.timed_out);
  EXPECT_LT(steady_clock::now() - start, seconds(5));
  EXPECT_LE(run.result.output.size(), kCommandOutputLimit);
}

TEST(RunCommandTest, TermFirstAndItsLastWordsAreKept) {
  CommandOptions options = Options();
  options.timeout = milliseconds(300);
  options.grace = seconds(10);
  const CommandRun run = Shell(
      "trap 'echo cleaned up; exit 9' TERM; echo began; while :; do sleep 0.05; done", options);
  EXPECT_TRUE(run.timed_out);
  EXPECT_FALSE(run.stopped);
  EXPECT_TRUE(run.result.output.starts_with("began\n"));
  EXPECT_TRUE(run.result.output.ends_with("cleaned up\n")) << run.result.output;
  EXPECT_EQ(run.result.exit_code, 9);
}

TEST(RunCommandTest, WhatIgnoresTermIsKilled) {
  CommandOptions options = Options();
  options.timeout = milliseconds(200);
  options.grace = milliseconds(300);
  const auto start = steady_clock::now();
  const CommandRun run = Shell("trap '' TERM; echo deaf; while :; do sleep 0.05; done", options);
  EXPECT_TRUE(run.timed_out);
  EXPECT_EQ(run.result.output, "deaf\n");
  EXPECT_EQ(run.result.exit_code, 128 + 9);
  EXPECT_LT(steady_clock::now() - start, seconds(5));
}

TEST(RunCommandTest, StopEndsIt) {
  const auto start = steady_clock::now();
  CommandOptions options = Options();
  options.timeout = seconds(60);
  options.grace = seconds(5);
  options.stop = [start] { return steady_clock::now() - start > milliseconds(200); };
  const CommandRun run = Shell("echo began; sleep 60", options);
  EXPECT_TRUE(run.stopped);
  EXPECT_FALSE(run.timed_out);
  EXPECT_EQ(run.result.output, "began\n");
  EXPECT_LT(steady_clock::now() - start, seconds(5));
}

TEST(RunCommandTest, WhatIsLeftWhenStoppedGoesOn) {
  const TemporaryDirectory directory;
  CommandOptions options = Options();
  options.stop = [] { return true; };
  options.leave_when_stopped = true;
  const CommandRun run = Shell("sleep 0.5; touch " + (directory / "done"), options);
  EXPECT_TRUE(run.stopped);
  EXPECT_NE(::access((directory / "done").c_str(), F_OK), 0);
  for (int i = 0; i < 100 && ::access((directory / "done").c_str(), F_OK) != 0; ++i) {
    ::usleep(50'000);
  }
  EXPECT_EQ(::access((directory / "done").c_str(), F_OK), 0);
}

// sudo is root's from its beginning, and no signal of ours reaches it.
TEST(RunCommandTest, WhatCannotBeKilledIsNotWaitedFor) {
  if (::geteuid() != 0 || std::system("command -v setpriv >/dev/null") != 0) {
    GTEST_SKIP() << "needs root and setpriv";
  }
  const TemporaryDirectory directory;
  const std::string becoming = directory / "become-root";
  std::system(("chmod 0755 " + directory.path() + "; cp $(command -v setpriv) " + becoming +
               "; chmod 4755 " + becoming)
                  .c_str());
  const pid_t child = ::fork();
  if (child == 0) {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(2);
    const auto start = steady_clock::now();
    const auto run =
        RunCommand({becoming, "--reuid", "0", "--clear-groups", "sleep", "8"}, milliseconds(500));
    const bool late = steady_clock::now() - start > seconds(4);
    ::_exit(run ? 3 : run.error().code != "command-timeout" ? 4 : late ? 5 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace syncgate
