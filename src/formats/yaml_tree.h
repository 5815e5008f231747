// A YAML file as a tree with the bytes of what can be edited. libyaml reads the file and says where
// each token begins and ends; yaml-cpp, which shares no code with it, has to read the same. A token
// is believed only if, unquoted by our own rules, it says what libyaml read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "formats/yaml_scalar.h"

namespace syncgate {

struct YamlNode {
  enum class Kind : std::uint8_t { kNull, kScalar, kList, kMap, kAlias };

  Kind kind = Kind::kNull;
  YamlStyle style = YamlStyle::kPlain;
  bool block = false;     // a scalar of | or >
  std::size_t begin = 0;  // bytes [begin, end); of a scalar behind its anchor and tag
  std::size_t end = 0;
  // [begin, end) alone says what the node is: a scalar on one line; brackets with all that is in
  // them, on one line; a list in lines of the shape `- scalar` and nothing between them.
  bool known = false;
  bool located = false;            // known, without anchor, tag or other doubt: it can be edited
  bool flow = false;               // in brackets: the collection itself, or a scalar within one
  std::size_t line = 0;            // from 1
  std::string value;               // of a scalar
  std::string tag;                 // empty: none
  std::string doubt;               // why it cannot be edited: a tag, an anchor, several lines, ...
  std::size_t anchor = 0;          // 0: none; of an alias: the one it refers to
  std::vector<YamlNode> children;  // of a list: the items; of a map: key, value, key, value
};

// The root map. Of a file without a document: one without children, not located. Errors: kRefused
// "config-unparsable" (not YAML, several documents, no map, a directive, a key that is no scalar, a
// tab or a character that readers treat differently, two readers that disagree),
// "config-duplicate-key".
Result<YamlNode> ReadYaml(std::string_view bytes);

// The steps of ReadYaml. BuildYaml: the tree, of text without a byte order mark, with all but
// `known` and `located`. LocateYaml: these, and doubts that come from the shape. CheckSameYaml:
// that yaml-cpp reads the same tree.
Result<YamlNode> BuildYaml(std::string_view text);
Result<void> LocateYaml(std::string_view bytes, YamlNode* root);
Result<void> CheckSameYaml(std::string_view text, const YamlNode& root);

// "config-unparsable", of a line.
std::unexpected<Error> YamlUnparsable(std::size_t line, const std::string& what);

}  // namespace syncgate
