#include "common/output_place.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "common/specs.h"

namespace syncgate {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStdout = "-";

std::unexpected<Error> Wrong(std::string message, std::string hint) {
  return Fail(ErrorKind::kUsage, "option-value", std::move(message), std::move(hint));
}

// Links followed as far as there is something.
fs::path Canonical(const std::string& path) {
  std::error_code failed;
  fs::path found = fs::weakly_canonical(fs::absolute(path, failed), failed);
  return failed ? fs::path(path) : found;
}

bool IsBelow(const fs::path& path, const fs::path& directory) {
  const auto end = std::ranges::mismatch(path, directory);
  return end.in2 == directory.end() && end.in1 != path.end();
}

// Both files would be lost.
bool IsArtifact(const fs::path& path, const fs::path& artifacts) {
  if (!IsBelow(path, artifacts)) return false;
  const fs::path inside = path.lexically_relative(artifacts);
  if (std::distance(inside.begin(), inside.end()) > 1) return true;
  const std::string name = inside.string();
  if (name.starts_with('.')) return true;
  for (const char* kind :
       {"diff", "plan", "receipt-", "verdict-", "verify-", "journal", "review."}) {
    if (name.starts_with(kind)) return true;
  }
  return false;
}

}  // namespace

Result<void> CheckOutputPlace(const CommonOptions& options, const std::string& path) {
  if (path == kStdout) return {};
  const fs::path place = Canonical(path);
  if (place == Canonical(options.project) || IsArtifact(place, Canonical(options.artifacts))) {
    return Wrong("--output " + path + " is, or may become, a file that syncgate works with",
                 "give it another name");
  }
  std::error_code failed;
  if (fs::is_directory(place, failed)) {
    return Wrong("--output " + path + " is a directory", "name a file in it");
  }
  // The artifacts directory is made by the run itself.
  if (fs::is_directory(place.parent_path(), failed) ||
      place.parent_path() == Canonical(options.artifacts)) {
    return {};
  }
  return Wrong("the directory of --output " + path + " does not exist", "make it first");
}

Result<void> CheckOutputTakesNoConfig(const std::string& path, const Project& project) {
  if (path == kStdout) return {};
  const fs::path place = Canonical(path);
  for (const NodeSpec& node : project.nodes) {
    for (const ConfigSpec& config : ConfigsFor(project, node.name)) {
      if (place == Canonical(config.source) || (!node.ssh && place == Canonical(config.target))) {
        return Wrong("--output " + path + " is a file of configuration " + config.name.str(),
                     "give it another name");
      }
    }
  }
  return {};
}

}  // namespace syncgate
