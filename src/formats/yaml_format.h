// YAML files, edited key by key. A key is the pointer (RFC 6901) of a value within mappings, as in
// JSON: /server/bot_id. A list is one value.
//
// The file may hold what cannot be edited: values with tags or anchors, aliases and what merge keys
// bring in, block scalars, values over several lines, empty values, plain values that readers of
// YAML 1.1 and 1.2 type differently. They are read, carry a doubt, and only moving them is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "formats/format.h"
#include "formats/yaml_tree.h"

namespace syncgate {

// As Format::Parse. What an alias or a merge key brings in is listed at the place where it is
// brought in. Errors beside those of ReadYaml: "config-unparsable" where that has no end.
Result<std::vector<ConfigEntry>> ParseYamlConfig(std::string_view bytes);

// The entries of a tree that ReadYaml gave for `bytes`.
Result<std::vector<ConfigEntry>> ListYaml(std::string_view bytes, const YamlNode& root);

// Of a scalar or a null, as formats/scalar.h writes it.
std::string YamlNotation(const YamlNode& scalar);

// As Format::Edit. A changed value replaces the bytes of the old one and keeps its quotes where it
// fits into them. A new key becomes a line behind the last key of its mapping that stands on lines
// of its own, indented like that; in brackets on one line it goes behind the last key. A removed
// key takes its lines, or its comma, along. kRefused "config-key-unwritable" where that is not
// certain, and where the mapping that a new key would stand in is not there.
Result<std::string> EditYamlConfig(std::string_view bytes, const std::vector<ConfigEdit>& edits);

}  // namespace syncgate
