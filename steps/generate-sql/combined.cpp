#include "generate-sql/combined.h"

#include <cstdio>

#include "common/messages.h"
#include "host/files.h"

namespace syncgate {

Result<void> WriteCombined(const std::string& artifacts, const NodePlan& node,
                           const std::string& path) {
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 30;
  std::string combined;
  for (const FileRef& file : node.sql_files) {
    combined += TRY(ReadFile(artifacts + "/" + file.path, kLimit)) + "\n";
  }
  if (combined.empty()) combined = "-- nothing to do\n";
  if (path == "-") {
    std::fwrite(combined.data(), 1, combined.size(), stdout);
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
    return Fail(ErrorKind::kFailed, "output-not-written", "the SQL could not be written to stdout",
                "the plan is written: is the disk full, or the pipe closed?");
  }
  TRY(WriteFileAtomic(path, combined));
  Info("SQL of " + node.node.str() + " in " + path);
  return {};
}

}  // namespace syncgate
