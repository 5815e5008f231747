#include "host/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <map>

#include "host/clock.h"
#include "host/executable.h"
#include "host/signals.h"
#include "temporary.h"

namespace syncgate {
namespace {

using testing::HasSubstr;
using testing::Not;

// Variables set for one test, and as they were afterwards.
class Variables {
 public:
  explicit Variables(const std::map<std::string, std::string>& values) {
    for (const char* name : {"GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_TRIGGERING_ACTOR"})
      Set(name, "");
    for (const auto& [name, value] : values) Set(name, value);
  }
  ~Variables() {
    for (const auto& [name, value] : before_) {
      value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
    }
  }

 private:
  void Set(const std::string& name, const std::string& value) {
    before_.emplace(name, GetEnv(name));
    ::setenv(name.c_str(), value.c_str(), 1);
  }
  std::map<std::string, std::optional<std::string>> before_;
};

TEST(EnvironmentTest, SecretsFromVariables) {
  const Variables variables(
      std::map<std::string, std::string>{{"SYNCGATE_T1", "hush"}, {"SYNCGATE_T2", ""}});
  EXPECT_EQ(SecretFromEnv("SYNCGATE_T1")->Reveal(), "hush");
  for (const char* name : {"SYNCGATE_T2", "SYNCGATE_ABSENT"}) {
    const auto secret = SecretFromEnv(name);
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().code, "secret-env-missing");
    EXPECT_EQ(secret.error().kind, ErrorKind::kFixProject);
    EXPECT_THAT(secret.error().message, HasSubstr(name));
  }
}

TEST(EnvironmentTest, SecretsFromFiles) {
  const TemporaryDirectory directory;
  const std::string path = directory / "password";
  EXPECT_EQ(SecretFromFile(path).error().code, "secret-file-missing");
  WriteText(path, "hu sh\n");
  ::chmod(path.c_str(), 0640);
  EXPECT_EQ(SecretFromFile(path).error().code, "secret-file-open");
  EXPECT_THAT(SecretFromFile(path).error().message, Not(HasSubstr("hu sh")));
  ::chmod(path.c_str(), 0600);
  EXPECT_EQ(SecretFromFile(path)->Reveal(), "hu sh");
  WriteText(path, "hush\r\n");
  EXPECT_EQ(SecretFromFile(path)->Reveal(), "hush");
  WriteText(path, "hush\n\n");
  EXPECT_EQ(SecretFromFile(path)->Reveal(), "hush\n");
  EXPECT_EQ(SecretFromFile(directory.path()).error().code, "secret-file-unreadable");
}

TEST(EnvironmentTest, GithubRun) {
  const Variables variables({{"GITHUB_ACTIONS", "true"},
                             {"GITHUB_RUN_ID", "42"},
                             {"GITHUB_RUN_ATTEMPT", "2"},
                             {"GITHUB_ACTOR", "ann"},
                             {"GITHUB_TRIGGERING_ACTOR", "bob"},
                             {"GITHUB_SHA", "abc"},
                             {"GITHUB_SERVER_URL", "https://github.example"},
                             {"GITHUB_REPOSITORY", "o/r"}});
  const CiRun run = CurrentCiRun();
  EXPECT_EQ(run.provider, "github");
  EXPECT_EQ(run.id, "42");
  EXPECT_EQ(run.attempt, "2");
  EXPECT_EQ(run.actor, "bob");
  EXPECT_EQ(run.commit, "abc");
  EXPECT_EQ(run.url, "https://github.example/o/r/actions/runs/42/attempts/2");
}

TEST(EnvironmentTest, GitlabRun) {
  const Variables variables({{"GITLAB_CI", "true"},
                             {"CI_PIPELINE_ID", "7"},
                             {"CI_JOB_URL", "https://gitlab.example/o/r/-/jobs/8"},
                             {"CI_JOB_ID", "8"},
                             {"GITLAB_USER_LOGIN", "ann"},
                             {"CI_COMMIT_SHA", "abc"}});
  const CiRun run = CurrentCiRun();
  EXPECT_EQ(run.provider, "gitlab");
  EXPECT_EQ(run.id, "7");
  EXPECT_EQ(run.url, "https://gitlab.example/o/r/-/jobs/8");
  EXPECT_EQ(run.actor, "ann");
  EXPECT_EQ(run.attempt, "8");
}

TEST(EnvironmentTest, LocalRun) {
  const Variables variables(std::map<std::string, std::string>{{"USER", "carl"}});
  EXPECT_EQ(CurrentCiRun().provider, "local");
  EXPECT_EQ(CurrentCiRun().actor, "carl");
  const Variables nobody(std::map<std::string, std::string>{{"USER", ""}});
  EXPECT_NE(CurrentCiRun().actor, "");
}

TEST(ClockTest, Rfc3339) {
  EXPECT_THAT(UtcNow(),
              testing::MatchesRegex("20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:"
                                    "[0-9][0-9]Z"));
}

TEST(ExecutableTest, ItsDirectoryHoldsThisTest) {
  EXPECT_TRUE(std::filesystem::exists(ExecutableDirectory() + "/unit_host"));
}

// Last in this file: a stop is for good.
TEST(SignalsTest, TheFirstSignalCountsAndNoneKills) {
  InstallStopSignals();
  EXPECT_EQ(StopSignal(), 0);
  EXPECT_TRUE(CheckStop());
  std::raise(SIGPIPE);
  std::raise(SIGTERM);
  std::raise(SIGINT);
  std::raise(SIGTERM);
  EXPECT_EQ(StopSignal(), SIGTERM);
  const auto stopped = CheckStop();
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::kInterrupted);
  EXPECT_EQ(stopped.error().code, "interrupted");
}

}  // namespace
}  // namespace syncgate
