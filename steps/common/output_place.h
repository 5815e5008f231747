// Where a step may put a file that --output names.
#pragma once

#include <string>

#include "common/options.h"
#include "core/result.h"
#include "project/project.h"

namespace syncgate {

// kUsage "option-value" for a path where the project file or an artifact stands or may come to
// stand, a directory, and one in a directory that is not there (but for that of the artifacts).
// "-", which is stdout, is in nobody's way.
Result<void> CheckOutputPlace(const CommonOptions& options, const std::string& path);

// kUsage "option-value" where the file would take the place of a configuration: a source, or the
// target of a node that is this machine.
Result<void> CheckOutputTakesNoConfig(const std::string& path, const Project& project);

}  // namespace syncgate
