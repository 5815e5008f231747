#include <algorithm>
#include <vector>

#include "json/json.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

constexpr std::size_t kColumns = 100;

// One line: {"a": 1, "b": [2, 3]} where `spaced`, else without any space and with sorted keys.
void AppendLine(const bj::value& value, bool spaced, std::string* out);

void AppendObject(const bj::object& object, bool spaced, std::string* out) {
  std::vector<const bj::key_value_pair*> members;
  for (const auto& member : object) members.push_back(&member);
  if (!spaced) {
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return a->key() < b->key(); });
  }
  *out += '{';
  bool first = true;
  for (const auto* member : members) {
    if (!first) *out += spaced ? ", " : ",";
    first = false;
    AppendJsonString(member->key(), out);
    *out += spaced ? ": " : ":";
    AppendLine(member->value(), spaced, out);
  }
  *out += '}';
}

void AppendLine(const bj::value& value, bool spaced, std::string* out) {
  if (const auto* object = value.if_object()) {
    AppendObject(*object, spaced, out);
  } else if (const auto* array = value.if_array()) {
    *out += '[';
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i > 0) *out += spaced ? ", " : ",";
      AppendLine((*array)[i], spaced, out);
    }
    *out += ']';
  } else if (const auto* text = value.if_string()) {
    AppendJsonString(*text, out);
  } else {
    *out += bj::serialize(value);
  }
}

// Whether `value` could stand on the rest of a line. Counts without writing, and stops early: a
// document is walked once a level at most.
bool Fits(const bj::value& value, std::size_t* room) {
  const auto take = [room](std::size_t size) {
    if (size > *room) return false;
    *room -= size;
    return true;
  };
  if (const auto* object = value.if_object()) {
    if (!take(2)) return false;
    for (const auto& member : *object) {
      if (!take(member.key().size() + 6) || !Fits(member.value(), room)) return false;
    }
    return true;
  }
  if (const auto* array = value.if_array()) {
    if (!take(2)) return false;
    for (const auto& item : *array) {
      if (!take(2) || !Fits(item, room)) return false;
    }
    return true;
  }
  if (const auto* text = value.if_string()) return take(text->size() + 2);
  return take(bj::serialize(value).size());
}

bool HasMembers(const bj::value& value) {
  return (value.is_object() && !value.get_object().empty()) ||
         (value.is_array() && !value.get_array().empty());
}

void AppendPretty(const bj::value& value, std::size_t indent, std::size_t used, std::string* out) {
  std::size_t room = kColumns - std::min(kColumns, used + 1);
  if (!HasMembers(value) || (indent > 0 && Fits(value, &room))) {
    AppendLine(value, true, out);
    return;
  }
  const std::string pad(indent + 2, ' ');
  bool first = true;
  *out += value.is_object() ? "{" : "[";
  const auto begin_member = [&] {
    *out += first ? "\n" : ",\n";
    *out += pad;
    first = false;
  };
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      begin_member();
      AppendJsonString(member.key(), out);
      *out += ": ";
      AppendPretty(member.value(), indent + 2, pad.size() + member.key().size() + 4, out);
    }
  } else {
    for (const auto& item : value.get_array()) {
      begin_member();
      AppendPretty(item, indent + 2, pad.size(), out);
    }
  }
  *out += '\n';
  out->append(indent, ' ');
  *out += value.is_object() ? '}' : ']';
}

const char* ShortEscape(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return nullptr;
  }
}

}  // namespace

void AppendJsonString(std::string_view text, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  *out += '"';
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    out->append(text, start, i - start);
    start = i + 1;
    if (const char* escape = ShortEscape(c)) {
      *out += escape;
    } else {
      *out += "\\u00";
      *out += kHex[static_cast<unsigned char>(c) >> 4];
      *out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  out->append(text, start);
  *out += '"';
}

std::string CanonicalJson(const bj::value& value) {
  std::string text;
  AppendLine(value, false, &text);
  return text;
}

std::string PrettyJson(const bj::value& value) {
  std::string text;
  AppendPretty(value, 0, 0, &text);
  text += '\n';
  return text;
}

}  // namespace syncgate
