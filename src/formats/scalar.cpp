#include "formats/scalar.h"

#include <algorithm>
#include <utility>

#include "json/json.h"

namespace syncgate {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsBareChar(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '-' ||
         c == '.';
}

// The end of the JSON string that begins at `at`; npos where it is left open.
std::size_t StringEnd(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

// Reads one scalar at `at` and moves it behind.
std::optional<TypedValue> ReadScalar(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  if (at < text.size() && text[at] == '"') {
    at = StringEnd(text, at);
    if (at == std::string_view::npos) return std::nullopt;
    auto read = ReadPointer(text.substr(begin, at - begin), "");
    if (!read) return std::nullopt;
    return TypedValue{TypedValue::Kind::kString, std::move(*read)};
  }
  while (at < text.size() && IsBareChar(text[at])) ++at;
  if (at == begin) return std::nullopt;
  return TypedValue{TypedValue::Kind::kBare, std::string(text.substr(begin, at - begin))};
}

}  // namespace

std::string StringNotation(std::string_view text) {
  std::string notation;
  AppendJsonString(text, &notation);
  return notation;
}

std::string Notation(const TypedValue& value) {
  switch (value.kind) {
    case TypedValue::Kind::kString:
      return StringNotation(value.text);
    case TypedValue::Kind::kBare:
      return value.text;
    case TypedValue::Kind::kList:
      break;
  }
  std::string list = "[";
  for (const TypedValue& item : value.items) {
    if (list.size() > 1) list += ',';
    list += Notation(item);
  }
  return list + "]";
}

std::optional<TypedValue> ReadNotation(std::string_view notation) {
  std::size_t at = 0;
  TypedValue value;
  if (!notation.starts_with('[')) {
    auto scalar = ReadScalar(notation, at);
    if (!scalar || at != notation.size()) return std::nullopt;
    return scalar;
  }
  value.kind = TypedValue::Kind::kList;
  if (notation == "[]") return value;
  do {
    ++at;
    auto item = ReadScalar(notation, at);
    if (!item) return std::nullopt;
    value.items.push_back(std::move(*item));
  } while (at < notation.size() && notation[at] == ',');
  if (at + 1 != notation.size() || notation[at] != ']') return std::nullopt;
  return value;
}

std::string BareText(std::string_view token) {
  constexpr std::ptrdiff_t kExactDigits = 17;  // of a double
  const bool fraction = token.find_first_of(".eE") != std::string_view::npos;
  if (!fraction || std::ranges::count_if(token, IsDigit) > kExactDigits) return std::string(token);
  return ReadPointer(token, "").value_or(std::string(token));
}

std::string JoinPointer(std::string_view pointer, std::string_view name) {
  std::string joined(pointer);
  joined += '/';
  for (const char c : name) {
    if (c == '~') {
      joined += "~0";
    } else if (c == '/') {
      joined += "~1";
    } else {
      joined += c;
    }
  }
  return joined;
}

std::optional<PointerPlace> SplitPointer(const ConfigKey& key) {
  const std::string& pointer = key.str();
  const std::size_t slash = pointer.rfind('/');
  if (slash == std::string::npos || !pointer.starts_with('/')) return std::nullopt;
  PointerPlace place;
  place.parent = pointer.substr(0, slash);
  for (std::size_t i = slash + 1; i < pointer.size(); ++i) {
    if (pointer[i] != '~') {
      place.name += pointer[i];
      continue;
    }
    ++i;
    if (i == pointer.size() || (pointer[i] != '0' && pointer[i] != '1')) return std::nullopt;
    place.name += pointer[i] == '0' ? '~' : '/';
  }
  return place;
}

std::string WithSplices(std::string_view bytes, std::vector<Splice> splices) {
  std::ranges::sort(splices, {}, &Splice::begin);
  std::string result;
  std::size_t copied = 0;
  for (const Splice& splice : splices) {
    result += bytes.substr(copied, splice.begin - copied);
    result += splice.text;
    copied = splice.end;
  }
  result += bytes.substr(copied);
  return result;
}

std::size_t LineAt(std::string_view bytes, std::size_t offset) {
  const std::string_view before = bytes.substr(0, std::min(offset, bytes.size()));
  return static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
}

std::string_view LastLineEndingOf(std::string_view bytes) {
  const std::size_t at = bytes.rfind('\n');
  return at != std::string_view::npos && at > 0 && bytes[at - 1] == '\r' ? "\r\n" : "\n";
}

}  // namespace syncgate
