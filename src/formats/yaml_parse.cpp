#include <map>
#include <set>
#include <utility>

#include "formats/scalar.h"
#include "formats/yaml_format.h"

namespace syncgate {
namespace {

constexpr std::size_t kMostValues = 200'000;
constexpr std::size_t kMostBytes = std::size_t{64} << 20;  // of all values, aliases unfolded
constexpr std::size_t kMostDepth = 600;  // yaml-cpp reads 500; aliases come on top

using Kind = YamlNode::Kind;

bool IsMergeKey(const YamlNode& key) {
  return key.value == "<<" && key.style == YamlStyle::kPlain && key.tag.empty();
}

TypedValue ValueOf(const YamlNode& node) {
  if (node.kind == Kind::kNull) return {TypedValue::Kind::kBare, "null"};
  const bool plain = node.style == YamlStyle::kPlain && node.known && node.tag.empty();
  if (plain) return ValueOfPlain(node.value);
  return {TypedValue::Kind::kString, node.value};
}

// Why a node on its own cannot be moved; empty: it can.
std::string DoubtOf(const YamlNode& node) {
  if (!node.doubt.empty()) return node.doubt;
  const bool plain = node.kind == Kind::kScalar && node.style == YamlStyle::kPlain;
  if (plain && TypeOfPlain(node.value) == YamlType::kDoubtful) {
    return "readers of YAML 1.1 and 1.2 give it different types";
  }
  if (node.kind != Kind::kList) return {};
  for (const YamlNode& item : node.children) {
    if (item.kind == Kind::kMap || item.kind == Kind::kList) {
      return "it is a list that holds mappings or lists";
    }
    if (auto doubt = DoubtOf(item); !doubt.empty()) return "in its list, " + doubt;
  }
  return node.located ? "" : "it is a list over lines with something between its items";
}

std::string TextOf(const YamlNode& node) {
  const TypedValue value = ValueOf(node);
  return value.kind == TypedValue::Kind::kBare ? BareText(value.text) : value.text;
}

bool IsCollection(const YamlNode& node) {
  return node.kind == Kind::kList || node.kind == Kind::kMap;
}

// What holds for everything in a mapping, since it holds for the mapping.
struct Above {
  std::string doubt;
  std::string tags;
};

std::string TagOf(const YamlNode& node) { return node.tag.empty() ? "" : "!<" + node.tag + "> "; }

class Lister {
 public:
  explicit Lister(std::string_view bytes) : bytes_(bytes) {}

  Result<std::vector<ConfigEntry>> List(const YamlNode& root) {
    Remember(root);
    TRY(Map(root, "", {root.doubt, TagOf(root)}, 0));
    return std::move(entries_);
  }

 private:
  // What aliases refer to.
  void Remember(const YamlNode& node) {
    if (node.anchor != 0 && node.kind != Kind::kAlias) anchors_[node.anchor] = &node;
    for (const YamlNode& child : node.children) Remember(child);
  }

  const YamlNode* Target(const YamlNode& node) const {
    const YamlNode* target = &node;
    for (std::size_t i = 0; target != nullptr && target->kind == Kind::kAlias; ++i) {
      const auto found = anchors_.find(target->anchor);
      target = found == anchors_.end() || i > kMostDepth ? nullptr : found->second;
    }
    return target;
  }

  // Called for every value, also those that an alias repeats.
  Result<void> Count(const YamlNode& node, std::size_t depth) {
    bytes_used_ += node.value.size();
    if (++values_ < kMostValues && bytes_used_ < kMostBytes && depth < kMostDepth) return {};
    return Fail(
        ErrorKind::kRefused, "config-unparsable",
        "line " + std::to_string(node.line) + " of the yaml file: aliases that unfold without end",
        "write the values out");
  }

  Result<void> Map(const YamlNode& map, const std::string& pointer, const Above& above,
                   std::size_t depth) {
    std::vector<const YamlNode*> merges;
    std::set<std::string> names;
    for (std::size_t i = 0; i + 1 < map.children.size(); i += 2) {
      const YamlNode& key = map.children[i];
      if (IsMergeKey(key)) {
        merges.push_back(&map.children[i + 1]);
        continue;
      }
      names.insert(key.value);
      Above below = above;
      if (below.doubt.empty() && !key.doubt.empty()) below.doubt = "of its key: " + key.doubt;
      if (key.style == YamlStyle::kPlain && TypeOfPlain(key.value) == YamlType::kDoubtful) {
        // To some readers `on` and 'on' are two keys.
        below.tags += "?" + key.value + " ";
        if (below.doubt.empty()) {
          below.doubt = "readers of YAML 1.1 and 1.2 give its key different types";
        }
      }
      TRY(Value(map.children[i + 1], JoinPointer(pointer, key.value), below, depth));
    }
    for (const YamlNode* merge : merges) TRY(Merge(*merge, pointer, names, above.tags, depth));
    return {};
  }

  // Keys that a merge key brings in, where the map has none of the name.
  Result<void> Merge(const YamlNode& merged, const std::string& pointer,
                     std::set<std::string>& names, const std::string& tags, std::size_t depth) {
    TRY(Count(merged, depth));
    const YamlNode* from = Target(merged);
    if (from == nullptr) return {};
    if (from->kind == Kind::kList) {
      for (const YamlNode& item : from->children) TRY(Merge(item, pointer, names, tags, depth + 1));
    }
    if (from->kind != Kind::kMap) return {};
    // Its own keys come before what it brings in itself, wherever its << stands.
    for (const bool merges : {false, true}) {
      for (std::size_t i = 0; i + 1 < from->children.size(); i += 2) {
        const YamlNode& key = from->children[i];
        if (IsMergeKey(key) != merges) continue;
        if (merges) {
          TRY(Merge(from->children[i + 1], pointer, names, tags, depth + 1));
        } else if (names.insert(key.value).second) {
          TRY(Value(from->children[i + 1], JoinPointer(pointer, key.value),
                    {"it comes in by a merge key (<<)", tags}, depth + 1));
        }
      }
    }
    return {};
  }

  Result<void> Value(const YamlNode& node, const std::string& pointer, const Above& above,
                     std::size_t depth) {
    TRY(Count(node, depth));
    const YamlNode* target = Target(node);
    const YamlNode& value = target == nullptr ? node : *target;
    std::string why = above.doubt.empty() ? DoubtOf(node) : above.doubt;
    if (value.kind == Kind::kMap) {
      return Map(value, pointer, {why, above.tags + TagOf(value)}, depth + 1);
    }
    ConfigEntry entry;
    entry.key = ConfigKey(pointer);
    entry.value = above.tags + TRY(Unfolded(value, pointer, depth, entry.parts));
    entry.line = node.line;
    entry.text = value.kind == Kind::kList ? entry.value : TextOf(value);
    if (value.kind != Kind::kList) entry.parts.clear();
    // Equal bytes must mean equal values: where they need more than themselves to be understood, or
    // are not known, what they were read as stands for them.
    const bool by_itself = value.known && value.tag.empty() && above.tags.empty();
    entry.raw = bytes_.substr(value.begin, value.end - value.begin);
    if (!by_itself) {
      entry.spelled = std::move(entry.raw);
      entry.raw = "?" + value.doubt + ":" + entry.value;
    }
    entry.doubt = std::move(why);
    entries_.push_back(std::move(entry));
    return {};
  }

  // The notation of a value with all aliases in it resolved; `parts` gets what a list holds.
  Result<std::string> Unfolded(const YamlNode& node, const std::string& pointer, std::size_t depth,
                               std::vector<ConfigPart>& parts) {
    const YamlNode* target = Target(node);
    const YamlNode& value = target == nullptr ? node : *target;
    TRY(Count(value, depth));
    if (!IsCollection(value)) {
      parts.push_back({ConfigKey(pointer), TextOf(value)});
      return TagOf(value) + YamlNotation(value);
    }
    parts.push_back({ConfigKey(pointer), ""});
    const bool map = value.kind == Kind::kMap;
    std::string text;
    for (std::size_t i = 0; i < value.children.size(); i += map ? 2 : 1) {
      const std::string name = map ? value.children[i].value : std::to_string(i);
      if (!text.empty()) text += ',';
      if (map) text += StringNotation(name) + ":";
      text += TRY(
          Unfolded(value.children[map ? i + 1 : i], JoinPointer(pointer, name), depth + 1, parts));
    }
    return TagOf(value) + (map ? "{" + text + "}" : "[" + text + "]");
  }

  std::string_view bytes_;
  std::map<std::size_t, const YamlNode*> anchors_;
  std::vector<ConfigEntry> entries_;
  std::size_t values_ = 0;
  std::size_t bytes_used_ = 0;
};

}  // namespace

std::string YamlNotation(const YamlNode& scalar) { return Notation(ValueOf(scalar)); }

Result<std::vector<ConfigEntry>> ListYaml(std::string_view bytes, const YamlNode& root) {
  return Lister(bytes).List(root);
}

Result<std::vector<ConfigEntry>> ParseYamlConfig(std::string_view bytes) {
  const YamlNode root = TRY(ReadYaml(bytes));
  return ListYaml(bytes, root);
}

}  // namespace syncgate
