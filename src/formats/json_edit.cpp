#include <algorithm>
#include <set>
#include <utility>

#include "formats/brackets.h"
#include "formats/characters.h"
#include "formats/json_format.h"
#include "formats/json_locate.h"
#include "formats/keyed_edit.h"
#include "formats/scalar.h"
#include "json/json.h"

namespace syncgate {
namespace {

constexpr char kUnreadable[] = "it is no JSON value, or a list that holds objects or lists";

// How the file writes what has more than one spelling.
struct JsonStyle {
  BracketStyle brackets;
  bool ascii = false;  // \u escapes for all that is not ASCII
};

JsonStyle StyleOf(std::string_view bytes) {
  JsonStyle style;
  style.ascii = bytes.find("\\u") != std::string_view::npos &&
                std::ranges::all_of(bytes, [](char c) { return (c & 0x80) == 0; });
  const bool compact =
      bytes.find('\n') == std::string_view::npos && bytes.find(": ") == std::string_view::npos;
  if (compact) style.brackets = {":", ","};
  return style;
}

std::string StringToken(std::string_view text, const JsonStyle& style) {
  std::string token = StringNotation(text);
  if (!style.ascii) return token;
  std::string escaped;
  std::string_view rest = token;
  while (!rest.empty()) {
    const char32_t character = TakeCharacter(rest);
    if (character < 0x80) {
      escaped += static_cast<char>(character);
    } else {
      AppendUtf16Escape(character, &escaped);
    }
  }
  return escaped;
}

// Nothing where the value is none that JSON has.
std::optional<std::string> Token(const TypedValue& value, const JsonStyle& style) {
  if (value.kind == TypedValue::Kind::kString) return StringToken(value.text, style);
  if (value.kind == TypedValue::Kind::kBare && ParseJson(value.text)) return value.text;
  return std::nullopt;
}

std::optional<std::string> ListToken(const TypedValue& list, const JsonStyle& style) {
  std::string text;
  for (const TypedValue& item : list.items) {
    const auto token = Token(item, style);
    if (!token) return std::nullopt;
    text += (text.empty() ? "" : style.brackets.comma) + *token;
  }
  return "[" + text + "]";
}

std::optional<std::string> AnyToken(const TypedValue& value, const JsonStyle& style) {
  return value.kind == TypedValue::Kind::kList ? ListToken(value, style) : Token(value, style);
}

// What stands at a pointer. `node` null: nothing; `listed`: the way there leads through a list.
struct Found {
  const JsonNode* node = nullptr;
  const JsonNode* parent = nullptr;  // an object
  std::size_t index = 0;             // of the member in `parent`
  bool listed = false;
};

Found Find(const JsonNode& root, const ConfigKey& key) {
  Found found{&root, nullptr, 0, false};
  const std::string& pointer = key.str();
  for (std::size_t at = 0; at < pointer.size();) {
    const std::size_t next = std::min(pointer.find('/', at + 1), pointer.size());
    const auto place = SplitPointer(ConfigKey(pointer.substr(at, next - at)));
    at = next;
    if (found.node == nullptr || !place) return {};
    found.listed = found.listed || found.node->kind == JsonNode::Kind::kList;
    const auto& members = found.node->members;
    const auto member = std::ranges::find(members, place->name, &JsonMember::name);
    const bool object = found.node->kind == JsonNode::Kind::kObject;
    found.parent = object ? found.node : nullptr;
    found.index = static_cast<std::size_t>(member - members.begin());
    found.node = member == members.end() ? nullptr : &member->value;
  }
  return found;
}

std::vector<MemberRange> RangesOf(const JsonNode& object) {
  std::vector<MemberRange> ranges;
  for (const JsonMember& member : object.members) {
    ranges.push_back({{member.key_begin, member.key_end}, {member.value.begin, member.value.end}});
  }
  return ranges;
}

class Editor {
 public:
  explicit Editor(std::string_view bytes) : bytes_(bytes), style_(StyleOf(bytes)) {}

  Result<std::string> Edit(const std::vector<ConfigEdit>& edits) {
    TRY(Replace(edits));
    // Additions first: they look like what is to go, and no object becomes empty in between.
    for (const ConfigEdit& edit : edits) {
      if (edit.after && !present_.contains(edit.key)) TRY(Add(edit.key, *edit.after));
    }
    for (const ConfigEdit& edit : edits) {
      if (!edit.after && present_.contains(edit.key)) TRY(Remove(edit.key));
    }
    return std::move(bytes_);
  }

 private:
  // All values that are there already, in one pass: what remains reads the file once an edit.
  Result<void> Replace(const std::vector<ConfigEdit>& edits) {
    const JsonNode root = TRY(LocateJson(bytes_));
    std::vector<Splice> splices;
    for (const ConfigEdit& edit : edits) {
      const Found found = Find(root, edit.key);
      if (found.listed) {
        return KeyUnwritable(edit.key, "it stands in a list, which is moved as a whole");
      }
      if (found.node == nullptr) continue;
      present_.insert(edit.key);
      if (found.node->kind == JsonNode::Kind::kObject) {
        return KeyUnwritable(edit.key, "an object stands in its place");
      }
      if (!edit.after || JsonNotation(*found.node) == *edit.after) continue;
      splices.push_back(TRY(Replacement(edit, *found.node)));
    }
    bytes_ = WithSplices(bytes_, std::move(splices));
    return {};
  }

  Result<Splice> Replacement(const ConfigEdit& edit, const JsonNode& node) const {
    const auto value = ReadNotation(*edit.after);
    if (!value) return ValueUnwritable(edit.key, kUnreadable);
    if (value->kind == TypedValue::Kind::kList && node.kind == JsonNode::Kind::kList) {
      return ListSplice(edit.key, node, *value);
    }
    auto token = AnyToken(*value, style_);
    if (!token) return ValueUnwritable(edit.key, kUnreadable);
    return Splice{node.begin, node.end, std::move(*token)};
  }

  Result<Splice> ListSplice(const ConfigKey& key, const JsonNode& node,
                            const TypedValue& value) const {
    std::vector<NewItem> wanted =
        KeepEnds(node.items.size(), value.items.size(), [&](std::size_t i, std::size_t j) {
          return JsonNotation(node.items[i]) == Notation(value.items[j]);
        });
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].old) continue;
      auto token = Token(value.items[i], style_);
      if (!token) return ValueUnwritable(key, kUnreadable);
      wanted[i].token = std::move(*token);
    }
    std::vector<ByteRange> items;
    for (const JsonNode& item : node.items) items.push_back({item.begin, item.end});
    return RewriteList(bytes_, {node.begin, node.end}, items, wanted, style_.brackets);
  }

  Result<void> Remove(const ConfigKey& key) {
    const JsonNode root = TRY(LocateJson(bytes_));
    const Found found = Find(root, key);
    if (found.node == nullptr || found.parent == nullptr) return {};
    const ByteRange group{found.parent->begin, found.parent->end};
    bytes_ = WithSplices(bytes_, {RemoveMember(group, RangesOf(*found.parent), found.index)});
    return {};
  }

  Result<void> Add(const ConfigKey& key, const std::string& after) {
    const JsonNode root = TRY(LocateJson(bytes_));
    if (Find(root, key).node != nullptr) return {};
    const auto place = SplitPointer(key);
    if (!place) return KeyUnwritable(key, "it is no JSON pointer");
    const JsonNode* parent = Find(root, ConfigKey(place->parent)).node;
    if (parent == nullptr) return KeyUnwritable(key, "there is no object " + place->parent);
    if (parent->kind != JsonNode::Kind::kObject) {
      return KeyUnwritable(key, place->parent + " is no object");
    }
    const auto value = ReadNotation(after);
    const auto token = value ? AnyToken(*value, style_) : std::nullopt;
    if (!token) return ValueUnwritable(key, kUnreadable);
    const auto splice = AddMember(bytes_, {parent->begin, parent->end}, RangesOf(*parent),
                                  StringToken(place->name, style_), *token, style_.brackets);
    if (!splice) return KeyUnwritable(key, place->parent + " is an empty object over lines");
    bytes_ = WithSplices(bytes_, {*splice});
    return {};
  }

  std::string bytes_;
  JsonStyle style_;
  std::set<ConfigKey> present_;  // of the keys that are edited
};

// Boost.JSON's own opinion about the values that were written.
bool BoostAgrees(std::string_view bytes, const std::vector<ConfigEdit>& edits) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return std::ranges::all_of(edits, [&](const ConfigEdit& edit) {
    const auto read = ReadPointer(bytes, edit.key.str());
    if (!edit.after) return !read;
    const auto value = ReadNotation(*edit.after);
    if (value && value->kind == TypedValue::Kind::kList) return true;
    return value && read && *read == ReadPointer(*edit.after, "").value_or("");
  });
}

}  // namespace

Result<std::string> EditJsonConfig(std::string_view bytes, const std::vector<ConfigEdit>& edits) {
  const auto before = TRY(ParseJsonConfig(bytes));
  TRY(CheckEdits(edits));
  if (edits.empty()) return std::string(bytes);
  std::string result = TRY(Editor(bytes).Edit(edits));
  const auto after = ParseJsonConfig(result);
  if (!after || !HoldsEdits(before, *after, edits) || !BoostAgrees(result, edits)) {
    return EditWrong("json");
  }
  return result;
}

}  // namespace syncgate
