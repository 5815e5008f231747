#include <utility>

#include "formats/json_format.h"
#include "formats/json_locate.h"
#include "formats/scalar.h"

namespace syncgate {
namespace {

std::string TextOf(const JsonNode& node) {
  switch (node.kind) {
    case JsonNode::Kind::kString:
      return node.text;
    case JsonNode::Kind::kBare:
      return BareText(node.text);
    default:
      return JsonNotation(node);
  }
}

void AddParts(const JsonNode& node, const std::string& pointer, std::vector<ConfigPart>& parts) {
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    AddParts(node.items[i], JoinPointer(pointer, std::to_string(i)), parts);
  }
  for (const JsonMember& member : node.members) {
    AddParts(member.value, JoinPointer(pointer, member.name), parts);
  }
  const bool scalar = node.kind == JsonNode::Kind::kString || node.kind == JsonNode::Kind::kBare;
  parts.push_back({ConfigKey(pointer), scalar ? TextOf(node) : ""});
}

bool IsFlat(const JsonNode& list) {
  for (const JsonNode& item : list.items) {
    if (item.kind == JsonNode::Kind::kList || item.kind == JsonNode::Kind::kObject) return false;
  }
  return true;
}

class Lister {
 public:
  explicit Lister(std::string_view bytes) : bytes_(bytes) {}

  void List(const JsonNode& object, const std::string& pointer) {
    for (const JsonMember& member : object.members) {
      const JsonNode& value = member.value;
      const std::string key = JoinPointer(pointer, member.name);
      if (value.kind == JsonNode::Kind::kObject) {
        List(value, key);
        continue;
      }
      ConfigEntry entry;
      entry.key = ConfigKey(key);
      entry.value = JsonNotation(value);
      entry.raw = bytes_.substr(value.begin, value.end - value.begin);
      entry.line = value.line;
      entry.text = TextOf(value);
      if (value.kind == JsonNode::Kind::kList) {
        AddParts(value, key, entry.parts);
        if (!IsFlat(value)) entry.doubt = "it is a list that holds objects or lists";
      }
      entries_.push_back(std::move(entry));
    }
  }

  std::vector<ConfigEntry> Entries() { return std::move(entries_); }

 private:
  std::string_view bytes_;
  std::vector<ConfigEntry> entries_;
};

}  // namespace

Result<std::vector<ConfigEntry>> ParseJsonConfig(std::string_view bytes) {
  const JsonNode root = TRY(LocateJson(bytes));
  Lister lister(bytes);
  lister.List(root, "");
  return lister.Entries();
}

}  // namespace syncgate
