#include "formats/json_locate.h"

#include <algorithm>
#include <set>
#include <utility>

#include "formats/scalar.h"
#include "json/json.h"

namespace syncgate {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::unexpected<Error> Unparsable(const std::string& what) {
  return Fail(ErrorKind::kRefused, "config-unparsable", what,
              "correct the file: strict JSON (RFC 8259), one object, no comments");
}

// Walks a text that is known to be JSON.
class Locator {
 public:
  explicit Locator(std::string_view bytes) : bytes_(bytes) {}

  Result<JsonNode> Locate(std::size_t begin) {
    at_ = begin;
    SkipBlanks();
    if (Peek() != '{') return Unparsable("the json file holds no object, so it has no keys");
    JsonNode root = TRY(Value());
    SkipBlanks();
    if (at_ != bytes_.size()) return Lost();
    return root;
  }

 private:
  // Cannot happen to a text that Boost.JSON took; if it does, nothing is believed.
  std::unexpected<Error> Lost() const {
    return Unparsable("line " + std::to_string(line_) + " of the json file cannot be located");
  }

  char Peek() const { return at_ < bytes_.size() ? bytes_[at_] : '\0'; }

  void SkipBlanks() {
    for (; at_ < bytes_.size(); ++at_) {
      if (bytes_[at_] == '\n') ++line_;
      if (std::string_view(" \t\r\n").find(bytes_[at_]) == std::string_view::npos) return;
    }
  }

  Result<void> Expect(char c) {
    SkipBlanks();
    if (Peek() != c) return Lost();
    ++at_;
    return {};
  }

  // Behind an item: true where another one follows.
  Result<bool> Continues(char close) {
    SkipBlanks();
    const char c = Peek();
    ++at_;
    if (c != ',' && c != close) return Lost();
    return c == ',';
  }

  Result<std::string> String() {
    const std::size_t begin = at_++;
    bool escaped = false;
    while (at_ < bytes_.size() && bytes_[at_] != '"') {
      escaped = escaped || bytes_[at_] == '\\';
      at_ += bytes_[at_] == '\\' ? 2 : 1;
    }
    if (at_ >= bytes_.size()) return Lost();
    ++at_;
    if (!escaped) return std::string(bytes_.substr(begin + 1, at_ - begin - 2));
    auto text = ReadPointer(bytes_.substr(begin, at_ - begin), "");
    if (!text) return Lost();
    return std::move(*text);
  }

  Result<JsonNode> Value() {
    SkipBlanks();
    JsonNode node;
    node.begin = at_;
    node.line = line_;
    switch (Peek()) {
      case '{':
        node.kind = JsonNode::Kind::kObject;
        TRY(Members(node));
        break;
      case '[':
        node.kind = JsonNode::Kind::kList;
        TRY(Items(node));
        break;
      case '"':
        node.kind = JsonNode::Kind::kString;
        node.text = TRY(String());
        break;
      default:
        at_ = std::min(bytes_.find_first_of(" \t\r\n,]}", at_), bytes_.size());
        if (at_ == node.begin) return Lost();
        node.text = bytes_.substr(node.begin, at_ - node.begin);
    }
    node.end = at_;
    return node;
  }

  Result<void> Items(JsonNode& node) {
    ++at_;
    SkipBlanks();
    if (Peek() == ']') {
      ++at_;
      return {};
    }
    do {
      node.items.push_back(TRY(Value()));
    } while (TRY(Continues(']')));
    return {};
  }

  Result<void> Members(JsonNode& node) {
    ++at_;
    SkipBlanks();
    if (Peek() == '}') {
      ++at_;
      return {};
    }
    std::set<std::string> names;
    do {
      SkipBlanks();
      JsonMember member;
      member.key_begin = at_;
      const std::size_t line = line_;
      if (Peek() != '"') return Lost();
      member.name = TRY(String());
      member.key_end = at_;
      if (!names.insert(member.name).second) return Lost();
      if (std::ranges::any_of(member.name, [](char c) {
            return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
          })) {
        return Unparsable("line " + std::to_string(line) +
                          " of the json file: a key with a control character");
      }
      TRY(Expect(':'));
      member.value = TRY(Value());
      node.members.push_back(std::move(member));
    } while (TRY(Continues('}')));
    return {};
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

Result<JsonNode> LocateJson(std::string_view bytes) {
  const std::size_t begin = bytes.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  if (const auto parsed = ParseJson(bytes.substr(begin)); !parsed) {
    const std::string& what = parsed.error().message;
    if (parsed.error().code == "json-duplicate-key") {
      return Fail(ErrorKind::kRefused, "config-duplicate-key", "the json file, " + what,
                  "remove one of the two: which of them counts depends on the reader");
    }
    return Unparsable("the json file, " + what);
  }
  return Locator(bytes).Locate(begin);
}

std::string JsonNotation(const JsonNode& node) {
  std::string text;
  switch (node.kind) {
    case JsonNode::Kind::kString:
      return StringNotation(node.text);
    case JsonNode::Kind::kBare:
      return node.text;
    case JsonNode::Kind::kList:
      for (const JsonNode& item : node.items)
        text += (text.empty() ? "" : ",") + JsonNotation(item);
      return "[" + text + "]";
    case JsonNode::Kind::kObject:
      break;
  }
  for (const JsonMember& member : node.members) {
    text +=
        (text.empty() ? "" : ",") + StringNotation(member.name) + ":" + JsonNotation(member.value);
  }
  return "{" + text + "}";
}

}  // namespace syncgate
