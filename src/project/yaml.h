// YAML text to a JSON value: one document, the core schema of YAML 1.2, nothing clever.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "core/result.h"

namespace syncgate {

// A plain scalar is null, a boolean, an integer or a fraction where the YAML 1.2 core schema says
// so; a quoted one is text. Keys keep their order. Refused, with line and column: duplicate keys,
// keys that are no scalar, tags, several documents, aliases that lead back to themselves or unfold
// to more than 100,000 values. Errors: kFixProject, "project-syntax", message "<line>:<column>:
// ...".
Result<boost::json::value> YamlToJson(const std::string& text);

}  // namespace syncgate
