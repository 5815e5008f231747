#include "compare/output.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>

#include "common/specs.h"
#include "host/files.h"
#include "report/compare_report.h"

namespace syncgate {
namespace {

namespace fs = std::filesystem;
using Form = ReportOutput::Form;

std::unexpected<Error> Wrong(std::string message, std::string hint) {
  return Fail(ErrorKind::kUsage, "option-value", std::move(message), std::move(hint));
}

Result<Form> FormNamed(const std::string& name) {
  if (name == "text") return Form::kText;
  if (name == "json") return Form::kJson;
  if (name == "markdown") return Form::kMarkdown;
  return Wrong("--output-format takes text, json or markdown, not " + name, "correct the option");
}

Result<Form> FormOf(const std::string& path) {
  if (path == "-") return Form::kText;
  const std::string ending = fs::path(path).extension().string();
  if (ending == ".txt") return Form::kText;
  if (ending == ".json") return Form::kJson;
  if (ending == ".md") return Form::kMarkdown;
  return Wrong("--output " + path + " does not say by its ending which form is meant",
               "end it in .txt, .json or .md, or add --output-format");
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

// A report over an artifact would be lost, and the artifact, too.
bool IsArtifact(const fs::path& path, const fs::path& artifacts) {
  if (!IsBelow(path, artifacts)) return false;
  const fs::path inside = path.lexically_relative(artifacts);
  if (std::distance(inside.begin(), inside.end()) > 1) return true;
  const std::string name = inside.string();
  if (name.starts_with('.')) return true;
  for (const char* kind : {"diff", "plan", "receipt-", "verdict-", "journal", "review."}) {
    if (name.starts_with(kind)) return true;
  }
  return false;
}

Result<void> CheckPlace(const CommonOptions& options, const std::string& path) {
  const fs::path place = Canonical(path);
  if (place == Canonical(options.project) || IsArtifact(place, Canonical(options.artifacts))) {
    return Wrong("--output " + path + " is, or may become, a file that syncgate works with",
                 "give the report another name, such as report.md");
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

std::string Rendered(Form form, const CompareReport& report) {
  switch (form) {
    case Form::kText:
      return CompareText(report);
    case Form::kJson:
      return CompareJson(report);
    case Form::kMarkdown:
      return CompareMarkdown(report);
  }
  return {};
}

}  // namespace

Result<std::optional<ReportOutput>> ReadReportOutput(const CommonOptions& options,
                                                     const std::string& path,
                                                     const std::string& form) {
  if (path.empty() && form.empty()) return std::nullopt;
  if (path.empty()) {
    return Wrong("--output-format says how, and nothing says where to",
                 "add --output FILE, or --output - for stdout");
  }
  if (options.dry_run) {
    return Wrong("--output has nothing to write in a dry run", "leave one of the two out");
  }
  ReportOutput output{path, TRY(form.empty() ? FormOf(path) : FormNamed(form))};
  if (!output.to_stdout()) TRY(CheckPlace(options, path));
  return output;
}

Result<void> CheckReportPlace(const ReportOutput& output, const Project& project) {
  if (output.to_stdout()) return {};
  const fs::path place = Canonical(output.path);
  for (const NodeSpec& node : project.nodes) {
    for (const ConfigSpec& config : ConfigsFor(project, node.name)) {
      if (place == Canonical(config.source) || (!node.ssh && place == Canonical(config.target))) {
        return Wrong("--output " + output.path + " is a file of configuration " + config.name.str(),
                     "give the report another name, such as report.md");
      }
    }
  }
  return {};
}

Result<void> WriteReport(const ReportOutput& output, const DiffDoc& diff) {
  const std::string text = Rendered(output.form, MakeCompareReport(diff));
  if (!output.to_stdout()) return WriteFileAtomic(output.path, text);
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
  return Fail(ErrorKind::kFailed, "report-not-written", "the report could not be written to stdout",
              "diff.json is written: is the disk full, or the pipe closed?");
}

}  // namespace syncgate
