#include <filesystem>

#include "core/digest.h"
#include "core/utf8.h"
#include "host/files.h"
#include "json/json.h"
#include "json/schema.h"
#include "project/internal.h"
#include "project/yaml.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

constexpr std::uint64_t kLargestProject = std::uint64_t{4} << 20;

std::string DirectoryOf(const std::string& file) {
  std::error_code ignored;
  const auto absolute = std::filesystem::absolute(file, ignored).lexically_normal();
  return absolute.parent_path().string();
}

// The normalised JSON: as the schema and the rules want it, defaults filled.
Result<bj::object> Normalise(const std::string& text) {
  if (!IsUtf8(text)) {
    return Fail(ErrorKind::kFixProject, "project-syntax", "expected UTF-8, found other bytes",
                "save the file as UTF-8");
  }
  bj::value value = TRY(YamlToJson(text));
  if (auto valid = ValidateJson("project.v1", value); !valid) {
    return Fail(ErrorKind::kFixProject, "project-invalid", valid.error().message,
                "correct the file; schemas/project.v1.schema.json is all it may hold");
  }
  bj::object project = std::move(value.get_object());
  TRY(FillDefaults(&project));
  TRY(CheckEndpoints(project));
  TRY(CheckRules(project));
  return project;
}

}  // namespace

std::unexpected<Error> Unexpected(std::string_view code, const std::string& path,
                                  const std::string& expected, const std::string& found) {
  return Fail(ErrorKind::kFixProject, code, Violation{path, expected, found}.Sentence());
}

Result<Project> ParseProject(const std::string& text, const std::string& file) {
  auto normal = Normalise(text);
  if (!normal) {
    Error error = std::move(normal).error();
    const bool line = error.code == "project-syntax" && std::isdigit(error.message.front());
    error.message = file + (line ? ":" : ": ") + error.message;
    return std::unexpected(std::move(error));
  }
  Project project = ToProject(*normal, DirectoryOf(file));
  project.file = file;
  project.canonical = CanonicalJson(*normal);
  project.digest = Digest::Of(project.canonical);
  return project;
}

Result<Project> LoadProject(const std::string& path) {
  auto text = ReadFile(path, kLargestProject);
  if (!text) {
    Error error = std::move(text).error();
    error.kind = ErrorKind::kFixProject;
    error.code = "project-missing";
    error.hint = "Name the project file with --project FILE, or start where syncgate.yml is.";
    return std::unexpected(std::move(error));
  }
  return ParseProject(*text, path);
}

Result<std::vector<ProjectCheck>> ParseChecks(const std::string& checks) {
  try {
    const bj::value value = TRY(ParseJson(checks));
    return ToChecks(value.as_array());
  } catch (const std::exception& exception) {
    return Fail(ErrorKind::kBadArtifact, "artifact-invalid",
                std::string("the plan's list of checks is unusable: ") + exception.what());
  }
}

}  // namespace syncgate
