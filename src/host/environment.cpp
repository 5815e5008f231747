#include "host/environment.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "core/unique_fd.h"
#include "host/files.h"

namespace syncgate {
namespace {

constexpr std::uint64_t kSecretLimit = 65536;

std::string EnvOrEmpty(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string FirstOf(const char* first, const char* second) {
  std::string value = EnvOrEmpty(first);
  return value.empty() ? EnvOrEmpty(second) : value;
}

CiRun GithubRun() {
  CiRun run;
  run.provider = "github";
  run.id = EnvOrEmpty("GITHUB_RUN_ID");
  run.attempt = EnvOrEmpty("GITHUB_RUN_ATTEMPT");
  // Who pressed the button of this attempt; GITHUB_ACTOR is who started the first one.
  run.actor = FirstOf("GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR");
  run.commit = EnvOrEmpty("GITHUB_SHA");
  const std::string server = EnvOrEmpty("GITHUB_SERVER_URL");
  const std::string repository = EnvOrEmpty("GITHUB_REPOSITORY");
  if (server.empty() || repository.empty() || run.id.empty()) return run;
  run.url = server + "/" + repository + "/actions/runs/" + run.id;
  if (!run.attempt.empty()) run.url += "/attempts/" + run.attempt;
  return run;
}

CiRun GitlabRun() {
  CiRun run;
  run.provider = "gitlab";
  run.id = EnvOrEmpty("CI_PIPELINE_ID");
  run.url = FirstOf("CI_JOB_URL", "CI_PIPELINE_URL");
  run.actor = FirstOf("GITLAB_USER_LOGIN", "GITLAB_USER_NAME");
  run.commit = EnvOrEmpty("CI_COMMIT_SHA");
  run.attempt = EnvOrEmpty("CI_JOB_ID");  // GitLab counts no attempts; each has its own job
  return run;
}

CiRun LocalRun() {
  CiRun run;
  run.provider = "local";
  std::array<char, 4096> buffer{};
  passwd entry = {};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 &&
      found != nullptr) {
    run.actor = found->pw_name;
  }
  // USER says more than the account where several people share one, and can be absent in a
  // container.
  if (std::string user = EnvOrEmpty("USER"); !user.empty()) run.actor = std::move(user);
  return run;
}

}  // namespace

std::optional<std::string> GetEnv(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

Result<Secret> SecretFromEnv(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value != nullptr && *value != '\0') return Secret(value);
  return Fail(
      ErrorKind::kFixProject, "secret-env-missing",
      "The environment variable " + name + " is " + (value == nullptr ? "not set." : "empty."),
      "Set " + name +
          " as a masked variable (GitLab) or a secret passed in `env:` (GitHub); a "
          "protected one is handed out on protected branches and environments only.");
}

Result<Secret> SecretFromFile(const std::string& path) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0) {
    return Fail(ErrorKind::kFixProject, "secret-file-missing",
                "There is no secret file " + path + ".", "Check the path in the project file.");
  }
  if (S_ISREG(info.st_mode) && (info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Fail(ErrorKind::kFixProject, "secret-file-open",
                "The secret file " + path + " is open to its group or to others.", "chmod 600 it.");
  }
  Result<std::string> bytes = ReadFile(path, kSecretLimit);
  if (!bytes) {
    return Fail(ErrorKind::kFixProject, "secret-file-unreadable", bytes.error().message,
                bytes.error().hint);
  }
  if (bytes->ends_with('\n')) bytes->pop_back();
  if (bytes->ends_with('\r')) bytes->pop_back();
  return Secret(std::move(*bytes));
}

CiRun CurrentCiRun() {
  if (EnvOrEmpty("GITHUB_ACTIONS") == "true") return GithubRun();
  if (EnvOrEmpty("GITLAB_CI") == "true") return GitlabRun();
  return LocalRun();
}

}  // namespace syncgate
