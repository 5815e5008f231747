#include <algorithm>

#include "formats/scalar.h"
#include "formats/yaml_tree.h"

namespace syncgate {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

std::size_t LineBegin(std::string_view bytes, std::size_t at) {
  const std::size_t end = at == 0 ? std::string_view::npos : bytes.rfind('\n', at - 1);
  return end == std::string_view::npos ? 0 : end + 1;
}

constexpr char kTouched[] = "a # touches it, which not every reader takes for a comment";

class Locator {
 public:
  explicit Locator(std::string_view bytes) : bytes_(bytes) {}

  void Locate(YamlNode& node) {
    switch (node.kind) {
      case YamlNode::Kind::kScalar:
      case YamlNode::Kind::kNull:
        LocateScalar(node);
        break;
      case YamlNode::Kind::kAlias:
        break;
      case YamlNode::Kind::kList:
      case YamlNode::Kind::kMap:
        for (YamlNode& child : node.children) Locate(child);
        if (!node.doubt.empty()) break;
        if (node.flow) {
          LocateBrackets(node);
        } else if (node.kind == YamlNode::Kind::kList) {
          LocateLines(node);
        }
        break;
    }
  }

  // Every scalar, in the order of the file.
  struct Token {
    std::size_t begin;
    std::size_t end;
    bool plain;
  };
  const std::vector<Token>& tokens() const { return tokens_; }

 private:
  char At(std::size_t at) const { return at < bytes_.size() ? bytes_[at] : '\0'; }
  std::string_view Cut(std::size_t begin, std::size_t end) const {
    return bytes_.substr(begin, end - begin);
  }
  bool OnOneLine(const YamlNode& node) const {
    return Cut(node.begin, node.end).find('\n') == std::string_view::npos;
  }

  static void Doubt(YamlNode& node, const char* why) {
    if (node.doubt.empty()) node.doubt = why;
  }

  void LocateScalar(YamlNode& node) {
    tokens_.push_back({node.begin, node.end, node.style == YamlStyle::kPlain && !node.block});
    const std::string_view token = Cut(node.begin, node.end);
    if (node.block) return Doubt(node, "it is a block scalar (| or >)");
    if (token.empty()) return Doubt(node, "it is empty (write null or '')");
    if (!OnOneLine(node)) return Doubt(node, "it stands over several lines");
    if (At(node.end) == '#') return Doubt(node, kTouched);
    if (UnquoteYaml(token, node.style) != node.value) {
      return Doubt(node, "it holds an escape that readers take in different ways");
    }
    node.known = true;
    node.located = node.doubt.empty();
  }

  // On one line, so that no comment can stand within.
  void LocateBrackets(YamlNode& node) {
    if (At(node.end) == '#') return Doubt(node, kTouched);
    const auto located = [](const YamlNode& child) { return child.located; };
    const bool map = node.kind == YamlNode::Kind::kMap;
    if (At(node.begin) != (map ? '{' : '[') || node.end <= node.begin + 1 ||
        bytes_[node.end - 1] != (map ? '}' : ']') || !OnOneLine(node)) {
      return;
    }
    node.known = node.located = std::ranges::all_of(node.children, located);
  }

  // Items one a line, indented alike, and nothing but them.
  void LocateLines(YamlNode& node) {
    const std::size_t first_line = LineBegin(bytes_, node.begin);
    const std::string_view indent = Cut(first_line, node.begin);
    if (At(node.begin) != '-' || indent.find_first_not_of(' ') != std::string_view::npos) return;
    const std::string dash = std::string(indent) + "- ";
    std::size_t line = first_line;
    for (const YamlNode& item : node.children) {
      const bool scalar =
          item.kind == YamlNode::Kind::kScalar || item.kind == YamlNode::Kind::kNull;
      if (!item.located || !scalar || item.begin <= line) return;
      const std::string_view head = Cut(line, item.begin);
      if (!head.starts_with(dash)) return;
      if (head.find_first_not_of(' ', dash.size()) != std::string_view::npos) return;
      std::size_t end = item.end;
      while (IsBlank(At(end)) || At(end) == '\r') ++end;
      line = end + 1;
      const bool last = &item == &node.children.back();
      if (!last && At(end) != '\n') return;
    }
    node.end = node.children.back().end;
    node.known = node.located = true;
  }

  std::string_view bytes_;
  std::vector<Token> tokens_;
};

// YAML 1.1 readers take a tab between tokens for an error; within quotes, block scalars and
// comments it is text.
Result<void> CheckTabs(std::string_view bytes, const std::vector<Locator::Token>& tokens) {
  auto token = tokens.begin();
  std::size_t behind = 0;  // the last token
  for (std::size_t at = bytes.find('\t'); at != bytes.npos; at = bytes.find('\t', at + 1)) {
    while (token != tokens.end() && token->end <= at) behind = (token++)->end;
    const bool within = token != tokens.end() && token->begin < at;
    if (within && !token->plain) {
      at = token->end - 1;
      continue;
    }
    const std::size_t line = LineBegin(bytes, at);
    bool comment = false;
    for (std::size_t i = std::max(behind, line); i < at && !comment && !within; ++i) {
      comment = bytes[i] == '#' && (i == line || IsBlank(bytes[i - 1]));
    }
    if (comment) {
      at = std::min(bytes.find('\n', at), bytes.size() - 1);
      continue;
    }
    return YamlUnparsable(LineAt(bytes, at),
                          "a tab outside quotes and comments, which readers of YAML 1.1 refuse");
  }
  return {};
}

}  // namespace

Result<void> LocateYaml(std::string_view bytes, YamlNode* root) {
  Locator locator(bytes);
  locator.Locate(*root);
  // Tokens come in the order of the file. Where they do not, their marks are not to be trusted.
  std::size_t end = 0;
  for (const auto& token : locator.tokens()) {
    if (token.begin < end || token.end < token.begin || token.end > bytes.size()) {
      return YamlUnparsable(1, "it cannot be located");
    }
    end = token.end;
  }
  return CheckTabs(bytes, locator.tokens());
}

}  // namespace syncgate
