#include "project/yaml.h"

#include <yaml-cpp/yaml.h>

#include <array>
#include <charconv>
#include <regex>

namespace syncgate {
namespace {

namespace bj = boost::json;

constexpr int kDepth = 32;
constexpr int kValues = 100000;

std::unexpected<Error> Syntax(const YAML::Mark& mark, const std::string& message) {
  std::string where;
  if (!mark.is_null()) {
    where = std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1) + ": ";
  }
  return Fail(ErrorKind::kFixProject, "project-syntax", where + message,
              "correct the file; README.md shows a minimal one");
}

bool IsOneOf(const std::string& text, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(), [&](const char* word) { return text == word; });
}

// "12", "+12", "0o17", "0xff"; nullopt for another text or one that 64 bits do not hold.
std::optional<bj::value> Integer(const std::string& text) {
  const bool octal = text.starts_with("0o");
  const bool hex = text.starts_with("0x");
  const char* begin = text.data() + (octal || hex ? 2 : text.starts_with('+') ? 1 : 0);
  const char* end = text.data() + text.size();
  const int base = octal ? 8 : hex ? 16 : 10;
  if (begin != text.data() && (begin == end || *begin == '-' || *begin == '+')) return {};
  std::int64_t number = 0;
  const auto parsed = std::from_chars(begin, end, number, base);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return {};
  return bj::value(number);
}

bj::value PlainScalar(const std::string& text) {
  if (text.empty() || IsOneOf(text, {"~", "null", "Null", "NULL"})) return nullptr;
  if (IsOneOf(text, {"true", "True", "TRUE"})) return true;
  if (IsOneOf(text, {"false", "False", "FALSE"})) return false;
  if (auto number = Integer(text)) return *number;
  static const std::regex fraction("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  if (text.size() < 64 && std::regex_match(text, fraction))
    return std::strtod(text.c_str(), nullptr);
  return bj::string(text);
}

class Converter {
 public:
  Result<bj::value> Convert(const YAML::Node& node, int depth) {
    if (depth > kDepth || ++values_ > kValues) {
      return Syntax(node.Mark(), "nested too deeply, or an alias that unfolds without end");
    }
    // "?" is a plain scalar, "!" a quoted one, "" a collection without a tag.
    const std::string& tag = node.Tag();
    if (!tag.empty() && tag != "?" && tag != "!") {
      return Syntax(node.Mark(), "the tag " + tag + " is not understood here");
    }
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        return tag == "!" ? bj::value(bj::string(node.Scalar())) : PlainScalar(node.Scalar());
      case YAML::NodeType::Sequence:
        return Sequence(node, depth);
      case YAML::NodeType::Map:
        return Mapping(node, depth);
      default:
        return bj::value(nullptr);
    }
  }

 private:
  Result<bj::value> Sequence(const YAML::Node& node, int depth) {
    bj::array array;
    for (const auto& item : node) array.push_back(TRY(Convert(item, depth + 1)));
    return bj::value(std::move(array));
  }

  Result<bj::value> Mapping(const YAML::Node& node, int depth) {
    bj::object object;
    for (const auto& member : node) {
      if (!member.first.IsScalar()) return Syntax(member.first.Mark(), "a key must be a word");
      const std::string& key = member.first.Scalar();
      if (object.contains(key)) {
        return Syntax(member.first.Mark(), "the key \"" + key + "\" stands there twice");
      }
      object.emplace(key, TRY(Convert(member.second, depth + 1)));
    }
    return bj::value(std::move(object));
  }

  int values_ = 0;
};

}  // namespace

Result<bj::value> YamlToJson(const std::string& text) {
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() > 1) return Syntax(documents[1].Mark(), "a second document begins");
    if (documents.empty()) return bj::value(nullptr);
    return Converter().Convert(documents[0], 0);
  } catch (const YAML::Exception& exception) {
    return Syntax(exception.mark, exception.msg);
  }
}

}  // namespace syncgate
