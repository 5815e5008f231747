// Where in a YAML file a key stands or would stand, and the bytes that adding or removing it takes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/names.h"
#include "core/result.h"
#include "formats/brackets.h"
#include "formats/yaml_tree.h"

namespace syncgate {

struct YamlPlace {
  const YamlNode* node = nullptr;    // null: nothing stands there
  const YamlNode* parent = nullptr;  // a map
  std::size_t index = 0;             // of the member in `parent`: its key is child 2 * index
  std::string obstacle;  // why nothing can be added there or below: a list, an alias, an anchor
};

// The node at a pointer, by the keys that are written there: not through aliases and merge keys.
YamlPlace FindYaml(const YamlNode& root, const ConfigKey& key);

// The lines, or in brackets the bytes, of member `index`. Errors: kRefused "config-key-unwritable".
Result<Splice> RemoveYaml(std::string_view bytes, const ConfigKey& key, const YamlNode& map,
                          std::size_t index);

// `name: token` behind the last member of `map` that allows it. Errors: "config-key-unwritable".
Result<Splice> AddYaml(std::string_view bytes, const ConfigKey& key, const YamlNode& map,
                       const std::string& name, const std::string& token);

// A located list in lines with other items; `wanted` is not empty.
Splice RewriteYamlLines(std::string_view bytes, const YamlNode& list,
                        const std::vector<NewItem>& wanted);

}  // namespace syncgate
