#include <algorithm>
#include <array>
#include <utility>

#include "formats/dotenv.h"
#include "formats/lines.h"

namespace syncgate {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// What readers cut off the ends of a value as if it were a space: NEL (Python only), no-break
// space, the spaces of U+1680 to U+3000, line separators, byte order mark (JavaScript only).
constexpr std::array<std::string_view, 21> kUnicodeBlanks = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE1\xA0\x8E", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87",
    "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF",
    "\xE2\x81\x9F", "\xE3\x80\x80", "\xEF\xBB\xBF"};

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

bool IsKeyChar(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F;
}

class Parser {
 public:
  explicit Parser(std::string_view bytes) : bytes_(bytes) {}

  Result<std::vector<DotenvEntry>> Parse() {
    TRY(CheckLineBytes("dotenv", bytes_));
    if (bytes_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    std::vector<DotenvEntry> entries;
    while (at_ < bytes_.size()) {
      const std::size_t begin = at_;
      SkipBlanks();
      if (AtLineEnd() || Peek() == '#') {
        TRY(SkipComment());
        continue;
      }
      DotenvEntry entry = TRY(ReadEntry());
      TRY(SkipComment());
      entry.begin = begin;
      entry.end = at_;
      entries.push_back(std::move(entry));
    }
    TRY(CheckDuplicates(entries));
    return entries;
  }

 private:
  static std::unexpected<Error> Unparsable(std::size_t line, const std::string& what) {
    return LineUnparsable("dotenv", line, what);
  }

  char Peek() const { return at_ < bytes_.size() ? bytes_[at_] : '\n'; }
  bool AtLineEnd() const { return Peek() == '\n' || Peek() == '\r'; }

  void SkipBlanks() {
    while (at_ < bytes_.size() && IsBlank(bytes_[at_])) ++at_;
  }

  // The rest of the line. dotenv for Node ends a comment at a line separator, and reads on there.
  Result<void> SkipComment() {
    const std::size_t begin = at_;
    at_ = std::min(bytes_.find('\n', at_), bytes_.size());
    const std::string_view comment = bytes_.substr(begin, at_ - begin);
    if (comment.find("\xE2\x80\xA8") != std::string_view::npos ||
        comment.find("\xE2\x80\xA9") != std::string_view::npos) {
      return Unparsable(line_, "a comment with a line separator (U+2028, U+2029)");
    }
    if (at_ == bytes_.size()) return {};
    ++at_;
    ++line_;
    return {};
  }

  std::string ReadWord() {
    const std::size_t begin = at_;
    while (at_ < bytes_.size() && IsKeyChar(bytes_[at_])) ++at_;
    return std::string(bytes_.substr(begin, at_ - begin));
  }

  Result<DotenvEntry> ReadEntry() {
    DotenvEntry entry;
    entry.line = line_;
    std::string key = ReadWord();
    if (key == "export" && IsBlank(Peek())) {
      SkipBlanks();
      entry.exported = true;
      key = ReadWord();
    }
    if (key.empty()) return Unparsable(line_, "a key (letters, digits, '_', '.', '-') is expected");
    entry.key = ConfigKey(std::move(key));
    SkipBlanks();
    if (Peek() != '=') return Unparsable(line_, "no '=' after the key");
    ++at_;
    SkipBlanks();
    TRY(ReadValue(entry));
    if (entry.doubt.empty() && std::ranges::any_of(entry.value, IsControl)) {
      entry.doubt = "it holds a control character";
    }
    return entry;
  }

  Result<void> ReadValue(DotenvEntry& entry) {
    entry.value_begin = at_;
    switch (Peek()) {
      case '`':
        return Unparsable(line_, "a value in backticks, which only some readers know");
      case '\'':
        TRY(ReadSingleQuoted(entry));
        break;
      case '"':
        TRY(ReadDoubleQuoted(entry));
        break;
      default:
        ReadUnquoted(entry);
        return {};
    }
    entry.value_end = at_;
    SkipBlanks();
    if (!AtLineEnd() && Peek() != '#') return Unparsable(line_, "text after the closing quote");
    return {};
  }

  Result<void> ReadSingleQuoted(DotenvEntry& entry) {
    const std::size_t close = bytes_.find('\'', at_ + 1);
    if (close == std::string_view::npos) return Unparsable(line_, "a single quote is left open");
    if (bytes_[close - 1] == '\\') {
      return Unparsable(line_, "\\' in single quotes, which only some readers take for a quote");
    }
    for (++at_; at_ < close; ++at_) AddRaw(entry);
    ++at_;
    if (entry.value.find("${") != std::string::npos) {
      entry.doubt = "it holds ${, which python-dotenv expands in single quotes too";
    }
    if (entry.value.find("\\\\") != std::string::npos) {
      entry.doubt = "it holds two backslashes in single quotes, which some readers take for one";
    }
    return {};
  }

  Result<void> ReadDoubleQuoted(DotenvEntry& entry) {
    const std::size_t open_line = line_;
    for (++at_; at_ < bytes_.size() && bytes_[at_] != '"'; ++at_) {
      if (bytes_[at_] == '$') entry.doubt = "it holds a $ that some readers expand";
      if (bytes_.substr(at_).starts_with("\\\\\"")) {
        return Unparsable(line_, "\\\\ before a double quote, which many readers take for \\\"");
      }
      if (bytes_[at_] == '\\' && at_ + 1 < bytes_.size()) {
        AddEscape(entry);
      } else {
        AddRaw(entry);
      }
    }
    if (at_ >= bytes_.size()) return Unparsable(open_line, "a double quote is left open");
    ++at_;
    return {};
  }

  // One byte as it stands; CRLF within a value is a \n, as on the lines around it.
  void AddRaw(DotenvEntry& entry) {
    if (bytes_[at_] == '\n') ++line_;
    if (bytes_[at_] != '\r') entry.value += bytes_[at_];
  }

  // At a backslash; leaves at_ on the last byte of the escape.
  void AddEscape(DotenvEntry& entry) {
    switch (bytes_[at_ + 1]) {
      case 'n':
        entry.value += '\n';
        break;
      case '"':
      case '\\':
        entry.value += bytes_[at_ + 1];
        break;
      default:
        entry.doubt = "it holds an escape other than \\n, \\\" and \\\\";
        AddRaw(entry);
        return;
    }
    ++at_;
  }

  void ReadUnquoted(DotenvEntry& entry) {
    const std::size_t begin = at_;
    std::size_t end = at_;
    for (; !AtLineEnd(); ++at_) {
      if (Peek() == '#') {
        if (at_ == begin || IsBlank(bytes_[at_ - 1])) break;
        entry.doubt = "it holds a # that some readers take for a comment";
      }
      if (Peek() == '$') entry.doubt = "it holds a $ that some readers expand";
      if (!IsBlank(Peek())) end = at_ + 1;
    }
    if (at_ == begin && Peek() == '#') {
      // To python-dotenv it is the value: two of them that differ are not the same.
      entry.doubt = "a comment that some readers take for a value";
      while (!AtLineEnd()) ++at_;
      end = at_;
      while (IsBlank(bytes_[end - 1])) --end;
    }
    entry.value = bytes_.substr(begin, end - begin);
    if (std::ranges::any_of(kUnicodeBlanks, [&](std::string_view blank) {
          return entry.value.starts_with(blank) || entry.value.ends_with(blank);
        })) {
      entry.doubt = "a blank other than a space (such as U+00A0) at an end, which readers cut off";
    }
    if (entry.value.ends_with('\\')) {
      entry.doubt = "it ends in a backslash, which some readers continue with the next line";
    }
    entry.value_end = end;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

Result<std::vector<DotenvEntry>> ParseDotenv(std::string_view bytes) {
  return Parser(bytes).Parse();
}

}  // namespace syncgate
