#include "config/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <unordered_set>

#include "core/utf8.h"

namespace syncgate {
namespace {

std::string Escaped(char c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\r') return "\\r";
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("\\x") + kHex[byte >> 4] + kHex[byte & 0xF];
}

// Which four bytes stand anywhere in a text: most of what is to be hidden stands nowhere in it, and
// is not searched for then. A secret file of a megabyte has a hundred thousand words.
class Beginnings {
 public:
  explicit Beginnings(std::string_view text) {
    for (std::size_t at = 0; at + kSize <= text.size(); ++at) seen_.insert(Of(text.substr(at)));
  }
  bool MayHold(std::string_view value) const {
    return value.size() < kSize || seen_.contains(Of(value));
  }

 private:
  static constexpr std::size_t kSize = sizeof(std::uint32_t);
  static std::uint32_t Of(std::string_view text) {
    std::uint32_t bytes = 0;
    std::memcpy(&bytes, text.data(), kSize);
    return bytes;
  }
  std::unordered_set<std::uint32_t> seen_;
};

}  // namespace

// Longest first, so that a value that holds another one goes as a whole.
std::string WithoutHidden(std::string text, const std::vector<Secret>& hidden) {
  std::vector<const std::string*> values;
  for (const Secret& secret : hidden) values.push_back(&secret.Reveal());
  std::ranges::sort(values, std::ranges::greater{}, [](const std::string* v) { return v->size(); });
  const Beginnings beginnings(text);
  for (const std::string* value : values) {
    if (value->empty() || !beginnings.MayHold(*value)) continue;
    for (std::size_t at = 0; (at = text.find(*value, at)) != std::string::npos; at += 3) {
      text.replace(at, value->size(), "***");
    }
  }
  return text;
}

std::string Excerpt(std::string_view text, const std::vector<Secret>& hidden, std::size_t limit) {
  const std::string shown = WithoutHidden(std::string(text), hidden);
  std::string_view rest = shown;
  while (rest.ends_with('\n') || rest.ends_with('\r')) rest.remove_suffix(1);
  std::string out;
  while (!rest.empty()) {
    const std::size_t length = Utf8CharacterLength(rest);
    const bool plain = length > 1 || (length == 1 && rest[0] >= 0x20 && rest[0] != 0x7F);
    const std::string next = plain ? std::string(rest.substr(0, length)) : Escaped(rest[0]);
    if (out.size() + next.size() > limit) return out + "...";
    out += next;
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace syncgate
