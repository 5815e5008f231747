// What the process's environment says: secrets, and which CI run this is.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "core/secret.h"

namespace syncgate {

std::optional<std::string> GetEnv(const std::string& name);

// kFixProject "secret-env-missing" where the variable is absent or empty (a CI system that
// withholds a secret hands out an empty one).
Result<Secret> SecretFromEnv(const std::string& name);

// The file without its last line end. kFixProject: "secret-file-missing", "secret-file-open" where
// its group or others may read it, "secret-file-unreadable".
Result<Secret> SecretFromFile(const std::string& path);

// The run a result belongs to; stands in every artifact's header. Empty where unknown.
struct CiRun {
  std::string provider;  // "github", "gitlab" or "local"
  std::string id;
  std::string url;
  std::string actor;  // who started it
  std::string commit;
  std::string attempt;
};

CiRun CurrentCiRun();

}  // namespace syncgate
