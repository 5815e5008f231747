#include "compare/output.h"

#include <cstdio>
#include <filesystem>

#include "common/output_place.h"
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
  TRY(CheckOutputPlace(options, path));
  return output;
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
