#include <algorithm>
#include <utility>

#include "formats/characters.h"
#include "formats/lines.h"
#include "formats/properties.h"

namespace syncgate {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\f'; }
bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// Never in a text that is one line of a file; tab and line ends are.
bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || byte == 0x7F;
}

class Parser {
 public:
  explicit Parser(std::string_view bytes) : bytes_(bytes) {}

  Result<std::vector<PropertiesEntry>> Parse() {
    if (bytes_.starts_with("\xEF\xBB\xBF")) {
      return Unparsable(1, "a byte order mark, which Java takes for a part of the first key");
    }
    TRY(CheckLineBytes("properties", bytes_));
    std::vector<PropertiesEntry> entries;
    while (at_ < bytes_.size()) {
      PropertiesEntry entry;
      entry.begin = at_;
      SkipBlanks();
      if (AtLineEnd() || Peek() == '#' || Peek() == '!') {
        SkipLine();
        continue;
      }
      TRY(ReadEntry(entry));
      entry.end = at_;
      entries.push_back(std::move(entry));
    }
    TRY(CheckDuplicates(entries));
    return entries;
  }

 private:
  static std::unexpected<Error> Unparsable(std::size_t line, const std::string& what) {
    return LineUnparsable("properties", line, what);
  }

  char Peek() const { return at_ < bytes_.size() ? bytes_[at_] : '\n'; }
  bool AtLineEnd() const { return Peek() == '\n' || Peek() == '\r'; }
  char PeekNext() const { return at_ + 1 < bytes_.size() ? bytes_[at_ + 1] : '\n'; }

  void SkipBlanks() {
    while (at_ < bytes_.size() && IsBlank(bytes_[at_])) ++at_;
  }

  void SkipLine() {
    at_ = std::min(bytes_.find('\n', at_), bytes_.size());
    if (at_ == bytes_.size()) return;
    ++at_;
    ++line_;
  }

  // At a backslash: true if it continues the line; then leaves at_ on the next line's text.
  Result<bool> SkipContinuation() {
    if (at_ + 1 == bytes_.size()) {
      return Unparsable(line_, "a backslash at the end of the file continues with nothing");
    }
    if (PeekNext() != '\n' && PeekNext() != '\r') return false;
    SkipLine();
    if (at_ == bytes_.size()) {
      return Unparsable(line_ - 1, "a backslash at the end of the file continues with nothing");
    }
    SkipBlanks();
    return true;
  }

  Result<void> ReadEntry(PropertiesEntry& entry) {
    entry.line = line_;
    std::string doubt;
    std::string key;
    while (!AtLineEnd() && Peek() != '=' && Peek() != ':' && !IsBlank(Peek())) {
      if (Peek() == '\\') {
        if (TRY(SkipContinuation())) {
          return Unparsable(entry.line, "a key that is continued, which readers end differently");
        }
        TRY(TakeEscape(key, doubt));
        continue;
      }
      if (!IsAscii(Peek())) {
        return Unparsable(line_, "a key with bytes that are not ASCII: write them as \\uXXXX");
      }
      key += bytes_[at_++];
    }
    if (key.empty()) return Unparsable(entry.line, "an empty key");
    if (!doubt.empty() ||
        std::ranges::any_of(key, [](char c) { return IsControl(c) || c == '\n' || c == '\r'; })) {
      return Unparsable(entry.line, "a key with a control character or half a surrogate pair");
    }
    entry.key = ConfigKey(std::move(key));
    entry.key_end = at_;
    TRY(SkipSeparator());
    const auto separator = bytes_.substr(entry.key_end, at_ - entry.key_end);
    TRY(ReadValue(entry));
    const std::size_t sign = separator.find_last_of("=:");
    if (sign != std::string_view::npos && separator.find('\n') < sign) {
      entry.doubt = "a line break before its = or :, which some readers take into the value";
    }
    return {};
  }

  Result<void> SkipSeparator() {
    TRY(SkipContinuedBlanks());
    if (Peek() != '=' && Peek() != ':') return {};
    ++at_;
    return SkipContinuedBlanks();
  }

  Result<void> SkipContinuedBlanks() {
    SkipBlanks();
    while (Peek() == '\\' && TRY(SkipContinuation())) {
    }
    return {};
  }

  Result<void> ReadValue(PropertiesEntry& entry) {
    entry.value_begin = at_;
    while (!AtLineEnd()) {
      if (Peek() == '\\') {
        if (!TRY(SkipContinuation())) TRY(TakeEscape(entry.value, entry.doubt));
        continue;
      }
      if (!IsAscii(Peek())) {
        entry.doubt = "it holds bytes that are ISO-8859-1 for some readers and UTF-8 for others";
      }
      entry.value += bytes_[at_++];
    }
    entry.value_end = at_;
    if (entry.doubt.empty() && std::ranges::any_of(entry.value, IsControl)) {
      entry.doubt = "it holds a control character";
    }
    SkipLine();
    return {};
  }

  // At a backslash that does not continue the line; moves behind the escape.
  Result<void> TakeEscape(std::string& out, std::string& doubt) {
    const char c = PeekNext();
    if (c != 'u') {
      constexpr std::string_view kLetters = "tnrf";
      constexpr std::string_view kMeanings = "\t\n\r\f";
      const std::size_t letter = kLetters.find(c);
      if (!IsAscii(c))
        doubt = "it holds bytes that are ISO-8859-1 for some readers and UTF-8 for others";
      out += letter == std::string_view::npos ? c : kMeanings[letter];
      at_ += 2;
      return {};
    }
    char32_t character = TRY(TakeUnit());
    if (character >= 0xD800 && character <= 0xDBFF && Peek() == '\\' && PeekNext() == 'u') {
      const std::size_t before = at_;
      const char32_t low = TRY(TakeUnit());
      if (low >= 0xDC00 && low <= 0xDFFF) {
        character = 0x10000 + ((character - 0xD800) << 10U) + (low - 0xDC00);
      } else {
        at_ = before;
      }
    }
    if (IsSurrogate(character)) {
      doubt = "it holds half a surrogate pair";
      character = kReplacement;
    }
    AppendCharacter(character, &out);
    return {};
  }

  Result<char32_t> TakeUnit() {
    const std::int64_t unit = HexValue(bytes_.substr(at_ + 2, 4));
    if (unit < 0 || at_ + 6 > bytes_.size()) {
      return Unparsable(line_, "\\u without four hexadecimal digits");
    }
    at_ += 6;
    return static_cast<char32_t>(unit);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

Result<std::vector<PropertiesEntry>> ParseProperties(std::string_view bytes) {
  return Parser(bytes).Parse();
}

}  // namespace syncgate
