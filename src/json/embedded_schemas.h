// The files of schemas/ as they were when this binary was built.
#pragma once

#include <string_view>
#include <vector>

namespace syncgate {

struct EmbeddedSchema {
  std::string_view name;  // "diff.v1"
  std::string_view text;
};

const std::vector<EmbeddedSchema>& EmbeddedSchemas();

}  // namespace syncgate
