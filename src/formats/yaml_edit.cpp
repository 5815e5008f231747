#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "formats/brackets.h"
#include "formats/keyed_edit.h"
#include "formats/yaml_format.h"
#include "formats/yaml_place.h"

namespace syncgate {
namespace {

constexpr char kNoScalar[] =
    "it is a list that holds lists or mappings, or a plain value that readers of YAML 1.1 and 1.2 "
    "give different types";

// The quotes that the file's other quoted values have.
YamlStyle QuotesOf(const YamlNode& root) {
  std::size_t single = 0;
  std::size_t twice = 0;
  const auto count = [&](const auto& self, const YamlNode& node) -> void {
    if (node.kind == YamlNode::Kind::kScalar && node.style == YamlStyle::kSingle) ++single;
    if (node.kind == YamlNode::Kind::kScalar && node.style == YamlStyle::kDouble) ++twice;
    for (const YamlNode& child : node.children) self(self, child);
  };
  count(count, root);
  return twice > single ? YamlStyle::kDouble : YamlStyle::kSingle;
}

class Editor {
 public:
  Editor(std::string_view bytes, YamlStyle quotes) : bytes_(bytes), quotes_(quotes) {}

  Result<std::string> Edit(const std::vector<ConfigEdit>& edits) {
    TRY(Replace(edits));
    // Additions first: they look like what is to go, and no mapping becomes empty in between.
    for (const ConfigEdit& edit : edits) {
      if (edit.after && !present_.contains(edit.key)) {
        TRY(Alone(edit, TRY(Added(edit.key, *edit.after))));
      }
    }
    for (const ConfigEdit& edit : edits) {
      if (!edit.after && present_.contains(edit.key)) TRY(Alone(edit, TRY(Removed(edit.key))));
    }
    return std::move(bytes_);
  }

 private:
  // All values that are there already, in one pass: what remains reads the file once an edit.
  Result<void> Replace(const std::vector<ConfigEdit>& edits) {
    const YamlNode root = TRY(ReadYaml(bytes_));
    std::map<ConfigKey, ConfigEntry> entries;
    for (ConfigEntry& entry : TRY(ListYaml(bytes_, root))) entries.emplace(entry.key, entry);
    std::vector<Splice> splices;
    for (const ConfigEdit& edit : edits) {
      const YamlPlace place = FindYaml(root, edit.key);
      const auto entry = entries.find(edit.key);
      if (entry == entries.end()) {
        if (!place.obstacle.empty()) return KeyUnwritable(edit.key, place.obstacle);
        if (place.node != nullptr) return KeyUnwritable(edit.key, "a mapping stands in its place");
        continue;
      }
      present_.insert(edit.key);
      if (edit.after == entry->second.value && entry->second.doubt.empty()) continue;
      if (!entry->second.doubt.empty() || place.node == nullptr || !place.node->located) {
        const std::string& doubt = entry->second.doubt;
        return KeyUnwritable(edit.key, doubt.empty() ? "it cannot be located" : doubt);
      }
      if (edit.after) splices.push_back(TRY(Replacement(edit, *place.node)));
    }
    bytes_ = WithSplices(bytes_, std::move(splices));
    return {};
  }

  Result<std::string> Token(const ConfigKey& key, const TypedValue& value, YamlStyle style,
                            bool flow) const {
    auto token = YamlToken(value, {style, quotes_, flow});
    if (!token) return ValueUnwritable(key, kNoScalar);
    return std::move(*token);
  }

  // A value that has no neighbour to look like; a list in brackets.
  Result<std::string> FreshToken(const ConfigKey& key, const TypedValue& value, YamlStyle style,
                                 bool flow) const {
    if (value.kind != TypedValue::Kind::kList) return Token(key, value, style, flow);
    std::string text;
    for (const TypedValue& item : value.items) {
      if (!text.empty()) text += ", ";
      text += TRY(Token(key, item, YamlStyle::kPlain, true));
    }
    return "[" + text + "]";
  }

  Result<Splice> Replacement(const ConfigEdit& edit, const YamlNode& node) const {
    const auto value = ReadNotation(*edit.after);
    if (!value) return ValueUnwritable(edit.key, kNoScalar);
    const bool list = node.kind == YamlNode::Kind::kList;
    if (list && value->kind == TypedValue::Kind::kList) return ListSplice(edit.key, node, *value);
    if (list && !node.flow) {
      return ValueUnwritable(edit.key, "a list over lines would become a single value");
    }
    // In brackets that stand within no others, `flow` is what surrounds the list, not the list.
    const bool flow = list || node.flow;
    std::string token = TRY(FreshToken(edit.key, *value, node.style, flow));
    return Splice{node.begin, node.end, std::move(token)};
  }

  Result<Splice> ListSplice(const ConfigKey& key, const YamlNode& node,
                            const TypedValue& value) const {
    const auto& items = node.children;
    std::vector<NewItem> wanted =
        KeepEnds(items.size(), value.items.size(), [&](std::size_t i, std::size_t j) {
          return YamlNotation(items[i]) == Notation(value.items[j]);
        });
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].old) continue;
      const YamlStyle style = items.empty()      ? YamlStyle::kPlain
                              : i < items.size() ? items[i].style
                                                 : items.back().style;
      wanted[i].token = TRY(Token(key, value.items[i], style, node.flow));
    }
    std::vector<ByteRange> ranges;
    for (const YamlNode& item : items) ranges.push_back({item.begin, item.end});
    if (node.flow) return RewriteList(bytes_, {node.begin, node.end}, ranges, wanted, {});
    if (wanted.empty()) return ValueUnwritable(key, "a list over lines would become empty");
    return RewriteYamlLines(bytes_, node, wanted);
  }

  // Takes over a file in which one key was added or removed, where nothing else changed: lines
  // around it may have got another meaning, such as a comment that a block scalar now ends in.
  Result<void> Alone(const ConfigEdit& edit, std::string result) {
    if (result == bytes_) return {};
    const auto before = TRY(ParseYamlConfig(bytes_));
    const auto after = ParseYamlConfig(result);
    if (!after || !HoldsEdits(before, *after, {edit})) {
      return KeyUnwritable(edit.key, "what stands around it would be read differently");
    }
    bytes_ = std::move(result);
    return {};
  }

  Result<std::string> Removed(const ConfigKey& key) const {
    const YamlNode root = TRY(ReadYaml(bytes_));
    const YamlPlace place = FindYaml(root, key);
    if (place.node == nullptr) return bytes_;
    return WithSplices(bytes_, {TRY(RemoveYaml(bytes_, key, *place.parent, place.index))});
  }

  Result<std::string> Added(const ConfigKey& key, const std::string& after) const {
    const YamlNode root = TRY(ReadYaml(bytes_));
    if (FindYaml(root, key).node != nullptr) return bytes_;
    const auto place = SplitPointer(key);
    if (!place) return KeyUnwritable(key, "it is no JSON pointer");
    const YamlPlace above = FindYaml(root, ConfigKey(place->parent));
    if (!above.obstacle.empty()) return KeyUnwritable(key, above.obstacle);
    if (above.node == nullptr || above.node->kind != YamlNode::Kind::kMap) {
      return KeyUnwritable(key, "there is no mapping \"" + place->parent + "\" to add it to");
    }
    const auto value = ReadNotation(after);
    if (!value) return ValueUnwritable(key, kNoScalar);
    const YamlNode& map = *above.node;
    const std::string token = TRY(FreshToken(key, *value, YamlStyle::kPlain, map.flow));
    return WithSplices(bytes_, {TRY(AddYaml(bytes_, key, map, place->name, token))});
  }

  std::string bytes_;
  YamlStyle quotes_;
  std::set<ConfigKey> present_;  // of the keys that are edited
};

}  // namespace

Result<std::string> EditYamlConfig(std::string_view bytes, const std::vector<ConfigEdit>& edits) {
  const YamlNode root = TRY(ReadYaml(bytes));
  const auto before = TRY(ListYaml(bytes, root));
  TRY(CheckEdits(edits));
  if (edits.empty()) return std::string(bytes);
  std::string result = TRY(Editor(bytes, QuotesOf(root)).Edit(edits));
  const auto after = ParseYamlConfig(result);
  if (!after || !HoldsEdits(before, *after, edits)) return EditWrong("yaml");
  return result;
}

}  // namespace syncgate
