#include <map>
#include <utility>

#include "core/utf8.h"
#include "formats/characters.h"
#include "formats/yaml_tree.h"

namespace syncgate {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Characters that make readers disagree about the whole file.
Result<void> CheckBytes(std::string_view bytes) {
  if (!IsUtf8(bytes)) return YamlUnparsable(1, "it is not UTF-8");
  std::size_t line = 1;
  bool line_begins = true;
  while (!bytes.empty()) {
    if (line_begins && bytes[0] == '%') return YamlUnparsable(line, "a directive (%)");
    const bool lone = bytes[0] == '\r' && (bytes.size() == 1 || bytes[1] != '\n');
    if (lone) return YamlUnparsable(line, "a carriage return without a line feed");
    const char32_t character = TakeCharacter(bytes);
    line_begins = character == '\n';
    if (line_begins) ++line;
    const bool blank = character == '\n' || character == '\r' || character == '\t';
    if (blank || IsYamlPrintable(character)) continue;
    return YamlUnparsable(line, "the character U+" + Hex(character, 4) +
                                    ", which readers treat differently: write it as an escape");
  }
  return {};
}

Result<void> CheckKey(const YamlNode& key) {
  if (key.kind != YamlNode::Kind::kScalar) return YamlUnparsable(key.line, "a key that is no text");
  for (std::string_view rest = key.value; !rest.empty();) {
    if (IsYamlPrintable(TakeCharacter(rest))) continue;
    return YamlUnparsable(key.line, "a key with a control character or a line end");
  }
  return {};
}

// Keys are scalars, and none stands twice.
Result<void> CheckKeys(const YamlNode& node) {
  const bool map = node.kind == YamlNode::Kind::kMap;
  std::map<std::string, std::size_t> lines;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const YamlNode& child = node.children[i];
    TRY(CheckKeys(child));
    if (!map || i % 2 == 1) continue;
    TRY(CheckKey(child));
    const auto [first, fresh] = lines.emplace(child.value, child.line);
    if (fresh) continue;
    return Fail(ErrorKind::kRefused, "config-duplicate-key",
                "key " + child.value + " stands on line " + std::to_string(first->second) +
                    " and again on line " + std::to_string(child.line) + " in the same mapping",
                "remove one of the two lines: which of them counts depends on the reader");
  }
  return {};
}

void Shift(YamlNode* node, std::size_t by) {
  node->begin += by;
  node->end += by;
  for (YamlNode& child : node->children) Shift(&child, by);
}

}  // namespace

std::unexpected<Error> YamlUnparsable(std::size_t line, const std::string& what) {
  return Fail(ErrorKind::kRefused, "config-unparsable",
              "line " + std::to_string(line) + " of the yaml file: " + what,
              "write the file so that readers of YAML 1.1 and 1.2 take it the same way");
}

Result<YamlNode> ReadYaml(std::string_view bytes) {
  const std::size_t mark = bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const std::string_view text = bytes.substr(mark);
  TRY(CheckBytes(text));
  YamlNode root = TRY(BuildYaml(text));
  TRY(CheckKeys(root));
  Shift(&root, mark);
  TRY(LocateYaml(bytes, &root));
  TRY(CheckSameYaml(text, root));
  return root;
}

}  // namespace syncgate
