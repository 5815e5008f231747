#include <yaml.h>

#include <algorithm>
#include <map>
#include <memory>
#include <new>
#include <utility>

#include "core/utf8.h"
#include "formats/yaml_tree.h"

namespace syncgate {
namespace {

constexpr std::size_t kMostNodes = 200'000;
constexpr std::size_t kMostDepth = 400;  // yaml-cpp reads 500

bool IsBlankOrEnd(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string Text(const yaml_char_t* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

// libyaml counts characters, we count bytes.
class Offsets {
 public:
  explicit Offsets(std::string_view text) : size_(text.size()) {
    if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
      return;
    }
    for (std::size_t at = 0; at < text.size();) {
      offsets_.push_back(at);
      at += std::max<std::size_t>(Utf8CharacterLength(text.substr(at)), 1);
    }
  }
  std::size_t At(std::size_t index) const {
    if (offsets_.empty()) return std::min(index, size_);
    return index < offsets_.size() ? offsets_[index] : size_;
  }

 private:
  std::size_t size_;
  std::vector<std::size_t> offsets_;
};

class Event {
 public:
  Event() = default;
  ~Event() { yaml_event_delete(&event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  yaml_event_t* get() { return &event_; }
  const yaml_event_t* operator->() const { return &event_; }

 private:
  yaml_event_t event_{};
};

// Builds the tree from libyaml's events.
class Builder {
 public:
  explicit Builder(std::string_view text) : text_(text), offsets_(text) {}

  Result<void> Take(const Event& event) {
    switch (event->type) {
      case YAML_DOCUMENT_START_EVENT:
        if (++documents_ > 1) return YamlUnparsable(LineOf(event), "a second document begins");
        return {};
      case YAML_SCALAR_EVENT:
        return Scalar(event);
      case YAML_ALIAS_EVENT:
        return Alias(event);
      case YAML_SEQUENCE_START_EVENT: {
        const auto& start = event->data.sequence_start;
        return Open(Make(YamlNode::Kind::kList, event, start.anchor, start.tag),
                    start.style == YAML_FLOW_SEQUENCE_STYLE);
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& start = event->data.mapping_start;
        return Open(Make(YamlNode::Kind::kMap, event, start.anchor, start.tag),
                    start.style == YAML_FLOW_MAPPING_STYLE);
      }
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: {
        YamlNode node = std::move(open_.back());
        open_.pop_back();
        node.end = offsets_.At(event->end_mark.index);
        return Add(std::move(node));
      }
      default:
        return {};
    }
  }

  Result<YamlNode> Root() {
    if (documents_ == 0) root_.kind = YamlNode::Kind::kMap;
    if (root_.kind == YamlNode::Kind::kMap) return std::move(root_);
    return YamlUnparsable(root_.line, "the file holds no mapping, so it has no keys");
  }

 private:
  static std::size_t LineOf(const Event& event) { return event->start_mark.line + 1; }

  YamlNode Make(YamlNode::Kind kind, const Event& event, const yaml_char_t* anchor,
                const yaml_char_t* tag) {
    YamlNode node;
    node.kind = kind;
    node.begin = offsets_.At(event->start_mark.index);
    node.end = offsets_.At(event->end_mark.index);
    node.line = LineOf(event);
    node.flow = !open_.empty() && open_.back().flow;
    if (anchor != nullptr) {
      node.anchor = anchors_[Text(anchor)] = ++last_anchor_;
      node.doubt = "it has an anchor";
    }
    if (tag != nullptr) {
      node.tag = Text(tag) == "!" ? "" : Text(tag);
      node.doubt = "it has a tag";
    }
    return node;
  }

  Result<void> Scalar(const Event& event) {
    const auto& scalar = event->data.scalar;
    YamlNode node = Make(YamlNode::Kind::kScalar, event, scalar.anchor, scalar.tag);
    node.value.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
    if (scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE) node.style = YamlStyle::kSingle;
    if (scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) node.style = YamlStyle::kDouble;
    node.block =
        scalar.style == YAML_LITERAL_SCALAR_STYLE || scalar.style == YAML_FOLDED_SCALAR_STYLE;
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.tag == nullptr;
    const bool empty = scalar.length == 0;
    if (plain && (empty || TypeOfPlain(node.value) == YamlType::kNull)) {
      node.kind = YamlNode::Kind::kNull;
    }
    SkipProperties(node);
    return Add(std::move(node));
  }

  // The event begins with the anchor and the tag.
  void SkipProperties(YamlNode& node) const {
    if (node.doubt.empty()) return;
    while (node.begin < node.end && (text_[node.begin] == '&' || text_[node.begin] == '!')) {
      while (node.begin < node.end && !IsBlankOrEnd(text_[node.begin])) ++node.begin;
      while (node.begin < node.end && IsBlankOrEnd(text_[node.begin])) ++node.begin;
    }
  }

  Result<void> Alias(const Event& event) {
    YamlNode node = Make(YamlNode::Kind::kAlias, event, nullptr, nullptr);
    const auto anchor = anchors_.find(Text(event->data.alias.anchor));
    if (anchor == anchors_.end()) {
      return YamlUnparsable(node.line, "an alias (*) of an anchor that is not there");
    }
    node.anchor = anchor->second;
    node.doubt = "it is an alias (*) of another value";
    return Add(std::move(node));
  }

  Result<void> Open(YamlNode node, bool flow) {
    if (open_.size() >= kMostDepth) return YamlUnparsable(node.line, "it is nested too deeply");
    node.flow = flow;
    open_.push_back(std::move(node));
    return {};
  }

  Result<void> Add(YamlNode node) {
    if (++nodes_ > kMostNodes) {
      return YamlUnparsable(node.line,
                            "it holds more than " + std::to_string(kMostNodes) + " values");
    }
    if (open_.empty()) {
      root_ = std::move(node);
    } else {
      open_.back().children.push_back(std::move(node));
    }
    return {};
  }

  std::string_view text_;
  Offsets offsets_;
  std::vector<YamlNode> open_;
  YamlNode root_;
  std::map<std::string, std::size_t> anchors_;  // by name, the last one
  std::size_t last_anchor_ = 0;
  std::size_t documents_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace

Result<YamlNode> BuildYaml(std::string_view text) {
  yaml_parser_t parser;
  if (yaml_parser_initialize(&parser) == 0) throw std::bad_alloc();
  const std::unique_ptr<yaml_parser_t, void (*)(yaml_parser_t*)> owner(&parser, yaml_parser_delete);
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  const std::string copy(text);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(copy.data()),
                               copy.size());
  Builder builder(text);
  for (bool done = false; !done;) {
    Event event;
    if (yaml_parser_parse(&parser, event.get()) == 0) {
      // The problem is one of libyaml's own phrases and quotes nothing.
      const std::string what = parser.problem == nullptr ? "cannot be read" : parser.problem;
      return YamlUnparsable(std::max(parser.problem_mark.line, parser.context_mark.line) + 1,
                            "no YAML: " + what);
    }
    TRY(builder.Take(event));
    done = event->type == YAML_STREAM_END_EVENT;
  }
  return builder.Root();
}

}  // namespace syncgate
