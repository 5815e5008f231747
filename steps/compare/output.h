// Where the readable report goes, and in which form.
#pragma once

#include <optional>
#include <string>

#include "artifact/documents.h"
#include "common/options.h"
#include "core/result.h"

namespace syncgate {

struct ReportOutput {
  enum class Form : std::uint8_t { kText, kJson, kMarkdown };
  std::string path;  // "-": stdout
  Form form = Form::kText;

  bool to_stdout() const { return path == "-"; }
};

// From --output and --output-format, empty where not given. The form is the named one, else that of
// the file's ending (.txt .json .md), else text on stdout. kUsage "option-value": another form or
// ending, --output-format alone, a dry run (which writes nothing), and what CheckOutputPlace
// (common/output_place.h) has against the path.
Result<std::optional<ReportOutput>> ReadReportOutput(const CommonOptions& options,
                                                     const std::string& path,
                                                     const std::string& form);

// The whole file at once, 0600: it holds configuration values.
Result<void> WriteReport(const ReportOutput& output, const DiffDoc& diff);

}  // namespace syncgate
