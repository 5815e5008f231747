#include "formats/yaml_place.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "formats/keyed_edit.h"
#include "formats/scalar.h"

namespace syncgate {
namespace {

std::string_view Cut(std::string_view bytes, std::size_t begin, std::size_t end) {
  return bytes.substr(begin, end - begin);
}

std::size_t LineBegin(std::string_view bytes, std::size_t at) {
  const std::size_t end = at == 0 ? std::string_view::npos : bytes.rfind('\n', at - 1);
  return end == std::string_view::npos ? 0 : end + 1;
}

// Behind the line end.
std::size_t LineEnd(std::string_view bytes, std::size_t at) {
  const std::size_t end = bytes.find('\n', at);
  return end == std::string_view::npos ? bytes.size() : end + 1;
}

bool IsBlankOrComment(std::string_view rest) {
  const std::size_t text = rest.find_first_not_of(" \t\r\n");
  return text == std::string_view::npos || (rest[text] == '#' && text > 0);
}

// The indentation of a line whose first text is at `at`; nothing where something stands before it.
// A byte order mark is no indentation.
std::optional<std::string_view> IndentOf(std::string_view bytes, std::size_t at) {
  const std::string_view indent = Cut(bytes, LineBegin(bytes, at), at);
  if (indent.find_first_not_of(' ') == std::string_view::npos) return indent;
  if (indent == "\xEF\xBB\xBF") return std::string_view();
  return std::nullopt;
}

// A member that stands on lines of its own, with nothing on them but itself and a comment at the
// end: the offset behind its last line. Nothing for any other.
std::optional<std::size_t> OwnLinesEnd(std::string_view bytes, const YamlNode& key,
                                       const YamlNode& value) {
  if (!key.located || !value.located || !IndentOf(bytes, key.begin)) return std::nullopt;
  std::string_view between = Cut(bytes, key.end, value.begin);
  if (!between.starts_with(':')) return std::nullopt;
  between.remove_prefix(1);
  // A value may begin on the line after its key.
  if (between.find_first_not_of(" \r\n") != std::string_view::npos) return std::nullopt;
  if (std::ranges::count(between, '\n') > 1) return std::nullopt;
  const std::size_t end = LineEnd(bytes, value.end);
  if (!IsBlankOrComment(Cut(bytes, value.end, end))) return std::nullopt;
  return end;
}

// Where the text of a node ends; nothing where that is not certain, as behind a block scalar.
std::optional<std::size_t> TextEnd(const YamlNode& node) {
  const bool collection = node.kind == YamlNode::Kind::kList || node.kind == YamlNode::Kind::kMap;
  if (!collection || node.flow) {
    return node.block || node.end == node.begin ? std::nullopt : std::optional(node.end);
  }
  return node.children.empty() ? std::nullopt : TextEnd(node.children.back());
}

// A place for another member behind this one, whatever its value is.
std::optional<std::size_t> PlaceBehind(std::string_view bytes, const YamlNode& key,
                                       const YamlNode& value) {
  if (!key.located || !IndentOf(bytes, key.begin)) return std::nullopt;
  const auto text = TextEnd(value);
  if (!text) return std::nullopt;
  const std::size_t end = LineEnd(bytes, *text);
  return IsBlankOrComment(Cut(bytes, *text, end)) ? std::optional(end) : std::nullopt;
}

// Every key stands behind a comma or the opening bracket, not behind a question mark.
bool HasPlainKeys(std::string_view bytes, const YamlNode& map) {
  for (std::size_t i = 0; i < map.children.size(); i += 2) {
    const std::size_t before = bytes.find_last_not_of(' ', map.children[i].begin - 1);
    if (bytes[before] != ',' && bytes[before] != '{') return false;
  }
  return true;
}

std::vector<MemberRange> RangesOf(const YamlNode& map) {
  std::vector<MemberRange> ranges;
  for (std::size_t i = 0; i + 1 < map.children.size(); i += 2) {
    const YamlNode& key = map.children[i];
    const YamlNode& value = map.children[i + 1];
    ranges.push_back({{key.begin, key.end}, {value.begin, value.end}});
  }
  return ranges;
}

// Keys look like the ones beside them. A name that would read as a number or a word is refused: the
// pointer does not say whether text is meant.
Result<std::string> KeyToken(const ConfigKey& key, const std::string& name, const YamlNode& like,
                             bool flow) {
  if (TypeOfPlain(name) != YamlType::kString && !name.empty()) {
    return KeyUnwritable(key, "its name reads as a number or a word with a meaning in YAML");
  }
  const TypedValue value{TypedValue::Kind::kString, name};
  return *YamlToken(value, {like.style, YamlStyle::kSingle, flow});
}

}  // namespace

YamlPlace FindYaml(const YamlNode& root, const ConfigKey& key) {
  YamlPlace place;
  place.node = &root;
  const std::string& pointer = key.str();
  for (std::size_t at = 0; at < pointer.size();) {
    const std::size_t next = std::min(pointer.find('/', at + 1), pointer.size());
    const auto step = SplitPointer(ConfigKey(pointer.substr(at, next - at)));
    at = next;
    if (place.node == nullptr || !step) return {nullptr, nullptr, 0, place.obstacle};
    const YamlNode& map = *place.node;
    if (map.kind == YamlNode::Kind::kList)
      place.obstacle = "it stands in a list, which is moved as a whole";
    if (map.kind == YamlNode::Kind::kAlias) place.obstacle = "an alias stands above it";
    if (map.kind == YamlNode::Kind::kMap && !map.doubt.empty()) {
      place.obstacle = "of the mapping it stands in: " + map.doubt;
    }
    place.parent = map.kind == YamlNode::Kind::kMap ? &map : nullptr;
    place.node = nullptr;
    for (std::size_t i = 0; place.parent != nullptr && i + 1 < map.children.size(); i += 2) {
      if (map.children[i].value != step->name) continue;
      place.node = &map.children[i + 1];
      place.index = i / 2;
    }
  }
  if (place.node != nullptr && place.node->kind == YamlNode::Kind::kMap &&
      !place.node->doubt.empty()) {
    place.obstacle = "of the mapping: " + place.node->doubt;
  }
  return place;
}

Result<Splice> RemoveYaml(std::string_view bytes, const ConfigKey& key, const YamlNode& map,
                          std::size_t index) {
  const auto ranges = RangesOf(map);
  if (map.flow) {
    if (!map.located || !HasPlainKeys(bytes, map)) {
      return KeyUnwritable(key, "its brackets stand over several lines or hold more than values");
    }
    return RemoveMember({map.begin, map.end}, ranges, index);
  }
  if (ranges.size() == 1) {
    return KeyUnwritable(key, "it is the only key of its mapping, which would become empty");
  }
  const YamlNode& name = map.children[2 * index];
  const auto end = OwnLinesEnd(bytes, name, map.children[2 * index + 1]);
  if (!end) return KeyUnwritable(key, "it does not stand on lines of its own");
  const std::size_t begin = LineBegin(bytes, name.begin);
  // The byte order mark stays; so does a last line that is not ended.
  const std::size_t from = bytes[begin] == '\xEF' && begin == 0 ? name.begin : begin;
  const bool unended = *end == bytes.size() && !bytes.ends_with('\n') && from > 0;
  if (!unended) return Splice{from, *end, ""};
  const std::string_view above = bytes.substr(0, from);
  std::size_t ending = above.ends_with('\n') ? 1 : 0;
  if (above.ends_with("\r\n")) ending = 2;
  return Splice{from - ending, *end, ""};
}

Result<Splice> AddYaml(std::string_view bytes, const ConfigKey& key, const YamlNode& map,
                       const std::string& name, const std::string& token) {
  if (map.flow) {
    if (!map.located || !HasPlainKeys(bytes, map)) {
      return KeyUnwritable(key, "the brackets stand over several lines or hold more than values");
    }
    static const YamlNode plain;
    const YamlNode& like = map.children.empty() ? plain : map.children[map.children.size() - 2];
    const std::string key_token = TRY(KeyToken(key, name, like, true));
    const auto splice = AddMember(bytes, {map.begin, map.end}, RangesOf(map), key_token, token, {});
    if (!splice) return KeyUnwritable(key, "the brackets are empty but for blanks");
    return *splice;
  }
  // Rather behind a value than behind a mapping, whose comments may go on behind it.
  for (const auto place : {OwnLinesEnd, PlaceBehind}) {
    for (std::size_t i = map.children.size(); i >= 2; i -= 2) {
      const YamlNode& like = map.children[i - 2];
      const auto end = place(bytes, like, map.children[i - 1]);
      if (!end) continue;
      const std::string line = std::string(*IndentOf(bytes, like.begin)) +
                               TRY(KeyToken(key, name, like, false)) + ": " + token;
      const std::string ending(LastLineEndingOf(bytes.substr(0, *end)));
      const bool ended = bytes.substr(0, *end).ends_with('\n');
      return Splice{*end, *end, ended ? line + ending : ending + line};
    }
  }
  return KeyUnwritable(key, "no key of the mapping stands on a line of its own to be added after");
}

Splice RewriteYamlLines(std::string_view bytes, const YamlNode& list,
                        const std::vector<NewItem>& wanted) {
  const auto& items = list.children;
  const std::string indent(Cut(bytes, LineBegin(bytes, list.begin), list.begin));
  const std::string dash(Cut(bytes, list.begin, items.front().begin));  // "- "
  // Up to the dash of an item.
  const auto dash_of = [&](std::size_t i) {
    return LineBegin(bytes, items[i].begin) + indent.size();
  };
  // That of the line in front of the list: there is one, its key's.
  const std::string between = std::string(LastLineEndingOf(bytes.substr(0, list.begin))) + indent;
  std::string text;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    // Line ends, and blanks in front of them, stay where they are.
    if (i > 0 && i < items.size()) text += Cut(bytes, items[i - 1].end, dash_of(i));
    if (i > 0 && i >= items.size()) text += between;
    if (const auto& old = wanted[i].old) {
      text += Cut(bytes, dash_of(*old), items[*old].end);
    } else {
      text += dash + wanted[i].token;
    }
  }
  return {list.begin, list.end, std::move(text)};
}

}  // namespace syncgate
