// The reason behind valijson's verdict: its own messages name the keyword ("type constraint"), not
// what was expected and what was found. This walks the same schema with the keywords our schemas
// use.
#include <algorithm>
#include <regex>
#include <vector>

#include "json/json.h"
#include "json/schema.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

struct Reason {
  Violation violation;
  int depth = 0;  // how far into the value it was found: of several branches the deepest is meant
};
using Found = std::optional<Reason>;

const bj::value* Member(const bj::object& object, std::string_view key) {
  return object.if_contains(bj::string_view(key.data(), key.size()));
}

std::string Text(const bj::value& value) { return std::string(value.as_string()); }

// What stands there, in few words. Long text is cut: it may be a secret in the wrong place, or a
// novel.
std::string Show(const bj::value& value) {
  constexpr std::size_t kShown = 60;
  if (value.is_object()) return "a mapping";
  if (value.is_array()) return "a list";
  if (value.is_null()) return "nothing";
  if (!value.is_string()) return bj::serialize(value);
  const std::string text = Text(value);
  std::string quoted;
  AppendJsonString(text.size() <= kShown ? text : text.substr(0, kShown) + "...", &quoted);
  return quoted;
}

std::string TypeWords(const std::string& type) {
  if (type == "object") return "a mapping";
  if (type == "array") return "a list";
  if (type == "string") return "text";
  if (type == "integer") return "an integer";
  if (type == "boolean") return "true or false";
  if (type == "null") return "nothing";
  return "a " + type;
}

bool HasType(const bj::value& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  return value.is_number();
}

std::string Join(const std::vector<std::string>& words, const char* last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? last : ", ";
    text += words[i];
  }
  return text;
}

class Walker {
 public:
  explicit Walker(const bj::object& root) : root_(root) {}

  Found Check(const bj::object& given, const bj::value& value, const std::string& path,
              int depth) const {
    const bj::object& schema = Resolve(given);
    const auto fail = [&](std::string found) {
      return Reason{{path, Expected(schema), std::move(found)}, depth};
    };
    // writeOnly: what stands there may be the secret itself, put where its variable's name belongs.
    const bool hidden = schema.contains("writeOnly") && value.is_string();
    const auto* type = Member(schema, "type");
    if ((type && !HasType(value, Text(*type))) || !ScalarFits(schema, value)) {
      return fail(hidden ? "another text, not shown here" : Show(value));
    }
    for (const char* keyword : {"anyOf", "oneOf"}) {
      if (const auto* branches = Member(schema, keyword)) {
        if (auto reason = CheckBranches(schema, branches->as_array(), value, path, depth))
          return reason;
      }
    }
    if (value.is_object()) return CheckObject(schema, value.get_object(), path, depth);
    if (value.is_array()) return CheckArray(schema, value.get_array(), path, depth);
    return {};
  }

 private:
  const bj::object& Resolve(const bj::object& schema) const {
    const auto* reference = Member(schema, "$ref");
    if (reference == nullptr) return schema;
    const std::string name = Text(*reference).substr(std::string_view("#/$defs/").size());
    return Resolve(root_.at("$defs").as_object().at(name).as_object());
  }

  static std::string Range(const bj::object& schema, const char* low, const char* high,
                           const std::string& unit) {
    const auto* from = Member(schema, low);
    const auto* to = Member(schema, high);
    if (from && to) return " from " + Show(*from) + " to " + Show(*to) + unit;
    if (from) return " of at least " + Show(*from) + unit;
    if (to) return " of at most " + Show(*to) + unit;
    return {};
  }

  std::string Expected(const bj::object& given) const {
    const bj::object& schema = Resolve(given);
    if (const auto* words = Member(schema, "description")) return Text(*words);
    if (const auto* constant = Member(schema, "const")) return Show(*constant);
    if (const auto* values = Member(schema, "enum")) {
      std::vector<std::string> words;
      for (const auto& value : values->as_array()) words.push_back(Show(value));
      return Join(words, " or ");
    }
    for (const char* keyword : {"anyOf", "oneOf"}) {
      if (const auto* branches = Member(schema, keyword)) {
        std::vector<std::string> words;
        for (const auto& branch : branches->as_array()) {
          auto word = Expected(branch.as_object());
          if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
        }
        return Join(words, " or ");
      }
    }
    const auto* type = Member(schema, "type");
    if (type == nullptr) return "another value";
    const std::string name = Text(*type);
    if (name == "integer") return "an integer" + Range(schema, "minimum", "maximum", "");
    if (name == "string") return "text" + Range(schema, "minLength", "maxLength", " characters");
    if (name == "array") return "a list" + Range(schema, "minItems", "maxItems", " entries");
    if (name == "object")
      return "a mapping" + Range(schema, "minProperties", "maxProperties", " entries");
    return TypeWords(name);
  }

  static bool Between(const bj::object& schema, const char* low, const char* high,
                      std::uint64_t size) {
    const auto* from = Member(schema, low);
    const auto* to = Member(schema, high);
    return !(from && size < from->to_number<std::uint64_t>()) &&
           !(to && size > to->to_number<std::uint64_t>());
  }

  // const, enum, pattern, sizes and ranges.
  static bool ScalarFits(const bj::object& schema, const bj::value& value) {
    if (const auto* constant = Member(schema, "const"); constant && *constant != value)
      return false;
    if (const auto* values = Member(schema, "enum")) {
      const auto& list = values->as_array();
      if (std::find(list.begin(), list.end(), value) == list.end()) return false;
    }
    if (value.is_int64() && value.get_int64() < 0) return !Member(schema, "minimum");
    if (value.is_int64() || value.is_uint64()) {
      return Between(schema, "minimum", "maximum", value.to_number<std::uint64_t>());
    }
    if (!value.is_string()) return true;
    const auto& text = value.get_string();
    const auto characters = static_cast<std::uint64_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    if (!Between(schema, "minLength", "maxLength", characters)) return false;
    const auto* pattern = Member(schema, "pattern");
    return pattern == nullptr ||
           std::regex_search(text.begin(), text.end(), std::regex(Text(*pattern)));
  }

  // No branch fits: the deepest reason is told; where none is deeper than this value, the branches
  // are listed.
  Found CheckBranches(const bj::object& schema, const bj::array& branches, const bj::value& value,
                      const std::string& path, int depth) const {
    Found best;
    for (const auto& branch : branches) {
      auto reason = Check(branch.as_object(), value, path, depth);
      if (!reason) return {};
      if (!FitsTag(Resolve(branch.as_object()), value)) continue;
      if (!best || reason->depth > best->depth) best = std::move(reason);
    }
    if (best && (value.is_object() || best->depth > depth)) return best;
    return Reason{{path, Expected(schema), Show(value)}, depth};
  }

  // Whether this branch is the one meant: the same type, and the constants of its members (`type`,
  // `kind`) are those of the value.
  static bool FitsTag(const bj::object& branch, const bj::value& value) {
    if (const auto* type = Member(branch, "type"); type && !HasType(value, Text(*type)))
      return false;
    const auto* properties = Member(branch, "properties");
    if (!properties || !value.is_object()) return true;
    for (const auto& property : properties->as_object()) {
      const auto* constant = Member(property.value().as_object(), "const");
      const auto* member = value.get_object().if_contains(property.key());
      if (constant && member && *constant != *member) return false;
    }
    return true;
  }

  Found CheckObject(const bj::object& schema, const bj::object& value, const std::string& path,
                    int depth) const {
    if (!Between(schema, "minProperties", "maxProperties", value.size())) {
      return Reason{{path, Expected(schema), std::to_string(value.size())}, depth};
    }
    const auto* properties = Member(schema, "properties");
    const auto* additional = Member(schema, "additionalProperties");
    const auto* names = Member(schema, "propertyNames");
    for (const auto& member : value) {
      const std::string inner = JoinPath(path, member.key());
      if (names && Check(names->as_object(), bj::value(member.key()), inner, depth + 1)) {
        return Reason{{path, "every key to be " + Expected(names->as_object()),
                       Show(bj::value(member.key()))},
                      depth + 1};
      }
      const auto* known = properties ? properties->as_object().if_contains(member.key()) : nullptr;
      if (known == nullptr && additional && additional->is_bool() && !additional->get_bool()) {
        return UnknownKey(properties, member.key(), path, depth + 1);
      }
      if (known == nullptr && additional && additional->is_object()) known = additional;
      if (known == nullptr) continue;
      if (auto reason = Check(known->as_object(), member.value(), inner, depth + 1)) return reason;
    }
    if (const auto* required = Member(schema, "required")) {
      for (const auto& key : required->as_array()) {
        if (value.contains(key.as_string())) continue;
        return Reason{{path, "the key " + Text(key), "none"}, depth + 1};
      }
    }
    return {};
  }

  static Found UnknownKey(const bj::value* properties, std::string_view key,
                          const std::string& path, int depth) {
    std::vector<std::string> keys;
    if (properties != nullptr) {
      for (const auto& property : properties->as_object()) keys.emplace_back(property.key());
    }
    std::string shown;
    AppendJsonString(key, &shown);
    return Reason{{path, keys.empty() ? "no keys" : "only the keys " + Join(keys, " and "), shown},
                  depth};
  }

  Found CheckArray(const bj::object& schema, const bj::array& value, const std::string& path,
                   int depth) const {
    if (!Between(schema, "minItems", "maxItems", value.size())) {
      return Reason{{path, Expected(schema), std::to_string(value.size())}, depth};
    }
    const auto* items = Member(schema, "items");
    if (items == nullptr) return {};
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string inner = path + "[" + std::to_string(i) + "]";
      if (auto reason = Check(items->as_object(), value[i], inner, depth + 1)) return reason;
    }
    return {};
  }

  const bj::object& root_;
};

}  // namespace

std::string Violation::Sentence() const {
  return (path.empty() ? "" : path + ": ") + "expected " + expected + ", found " + found;
}

std::optional<Violation> ExplainViolation(const bj::object& schema, const bj::value& value) {
  auto reason = Walker(schema).Check(schema, value, "", 0);
  if (!reason) return {};
  return std::move(reason->violation);
}

std::string JoinPath(const std::string& path, std::string_view key) {
  const bool plain = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-';
  });
  if (plain) return path.empty() ? std::string(key) : path + "." + std::string(key);
  std::string quoted;
  AppendJsonString(key, &quoted);
  return path + "[" + quoted + "]";
}

}  // namespace syncgate
