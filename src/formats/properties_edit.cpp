#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/utf8.h"
#include "formats/characters.h"
#include "formats/keyed_edit.h"
#include "formats/lines.h"
#include "formats/properties.h"
#include "formats/scalar.h"

namespace syncgate {
namespace {

using Entries = std::vector<PropertiesEntry>;

void AppendEscaped(char32_t character, std::string* out) {
  switch (character) {
    case '\t':
      *out += "\\t";
      return;
    case '\n':
      *out += "\\n";
      return;
    case '\r':
      *out += "\\r";
      return;
    case '\f':
      *out += "\\f";
      return;
    case '\\':
      *out += "\\\\";
      return;
    default:
      break;
  }
  if (character < 0x20 || character >= 0x7F) {
    AppendUtf16Escape(character, out);
  } else {
    *out += static_cast<char>(character);
  }
}

// `bare`: only blanks stand between key and value, so that a first = or : would be the separator.
std::string ValueToken(std::string_view value, std::string_view old_token, bool bare) {
  const bool escapes_colon = old_token.find("\\:") != std::string_view::npos;
  const bool escapes_equals = old_token.find("\\=") != std::string_view::npos;
  std::string token;
  std::string_view rest = value;
  while (!rest.empty()) {
    const bool first = rest.size() == value.size();
    const char32_t character = TakeCharacter(rest);
    if (character == ' ' && rest.empty()) {
      token += "\\u0020";  // an editor that cuts blanks at line ends must not cut it
    } else if (first && character == ' ') {
      token += "\\ ";
    } else if ((character == ':' && (escapes_colon || (first && bare))) ||
               (character == '=' && (escapes_equals || (first && bare)))) {
      token += '\\';
      token += static_cast<char>(character);
    } else {
      AppendEscaped(character, &token);
    }
  }
  return token;
}

std::string KeyToken(std::string_view key) {
  std::string token;
  while (!key.empty()) {
    const bool first = token.empty();
    const char32_t character = TakeCharacter(key);
    const bool special = character == ' ' || character == '=' || character == ':' ||
                         (first && (character == '#' || character == '!'));
    if (special) {
      token += '\\';
      token += static_cast<char>(character);
    } else {
      AppendEscaped(character, &token);
    }
  }
  return token;
}

class Editor {
 public:
  Editor(std::string_view bytes, const Entries& entries)
      : bytes_(bytes), entries_(entries), line_ending_(LastLineEndingOf(bytes)) {}

  Result<std::string> Edit(const std::vector<ConfigEdit>& edits) {
    std::map<ConfigKey, const ConfigEdit*> pending;
    for (const ConfigEdit& edit : edits) pending[edit.key] = &edit;
    std::vector<Splice> splices;
    bool removed_last = false;
    for (const PropertiesEntry& entry : entries_) {
      const auto edit = pending.extract(entry.key);
      if (edit.empty()) continue;
      const auto& after = edit.mapped()->after;
      if (!after) {
        splices.push_back({entry.begin, entry.end, ""});
        removed_last = entry.end == bytes_.size();
      } else if (*after != entry.value || !entry.doubt.empty()) {
        splices.push_back(TRY(Replacement(entry, *after)));
      }
    }
    std::string result = WithSplices(bytes_, std::move(splices));
    if (!EndsLine(bytes_) && removed_last) {
      CutLineEnding(result);
      if (!ParseProperties(result)) {
        return KeyUnwritable(entries_.back().key, "the line before it would continue with nothing");
      }
    }
    for (const ConfigEdit& edit : edits) {
      if (pending.contains(edit.key) && edit.after) TRY(Append(edit, result));
    }
    return result;
  }

 private:
  static Result<void> CheckValue(const ConfigEdit& edit) {
    if (IsUtf8(*edit.after)) return {};
    return Fail(ErrorKind::kRefused, "config-value-unwritable",
                "the new value of " + edit.key.str() + " is not UTF-8",
                "save the source file as ASCII with \\uXXXX for all other characters");
  }

  std::string_view Between(std::size_t begin, std::size_t end) const {
    return bytes_.substr(begin, end - begin);
  }

  Result<Splice> Replacement(const PropertiesEntry& entry, const std::string& after) const {
    TRY(CheckValue({entry.key, after}));
    const std::string_view separator = Between(entry.key_end, entry.value_begin);
    const bool bare = separator.find_first_of("=:") == std::string_view::npos;
    if (!bare && separator.find('\n') < separator.find_last_of("=:")) {
      return ValueUnwritable(entry.key, "a line break stands before its = or :");
    }
    if (after.empty() && separator.find('\n') != std::string_view::npos) {
      return ValueUnwritable(entry.key, "the line before it would continue with nothing");
    }
    const std::string_view old = Between(entry.value_begin, entry.value_end);
    std::string token = ValueToken(after, old, bare);
    // A key that stands alone has no separator yet.
    if (separator.empty() && !token.empty()) token = "=" + ValueToken(after, old, false);
    return Splice{entry.value_begin, entry.value_end, std::move(token)};
  }

  // As in the last entry, where that is plain.
  std::string_view Separator() const {
    static constexpr std::array<std::string_view, 9> kPlain = {"=",  " = ", "= ", " =", ":",
                                                               ": ", " : ", " :", " "};
    if (entries_.empty()) return "=";
    const auto& last = entries_.back();
    const std::string_view used = Between(last.key_end, last.value_begin);
    const auto* const known = std::ranges::find(kPlain, used);
    return known == kPlain.end() ? std::string_view("=") : *known;
  }

  Result<void> Append(const ConfigEdit& edit, std::string& result) const {
    TRY(CheckValue(edit));
    if (edit.key.empty() || !IsUtf8(edit.key.str())) {
      return Fail(ErrorKind::kRefused, "config-key-unwritable",
                  "a key that is empty or not UTF-8 cannot be added to a properties file", "");
    }
    const std::string_view separator = Separator();
    if (!EndsLine(result)) result += line_ending_;
    result += KeyToken(edit.key.str()) + std::string(separator);
    result += ValueToken(*edit.after, "", separator == " ");
    if (EndsLine(bytes_)) result += line_ending_;
    return {};
  }

  std::string_view bytes_;
  const Entries& entries_;
  std::string_view line_ending_;
};

// A value that no spelling makes certain is refused before it is tried.
Result<void> CheckWritable(const std::vector<ConfigEdit>& edits) {
  for (const ConfigEdit& edit : edits) {
    if (!edit.after) continue;
    const auto back = ParseProperties("k=" + ValueToken(*edit.after, "", false));
    if (back && back->size() == 1 && back->front().doubt.empty()) continue;
    return Fail(ErrorKind::kRefused, "config-value-unwritable",
                "the new value of " + edit.key.str() +
                    " cannot be written into a properties file so that every reader takes it the "
                    "same way",
                "control characters have no common spelling: edit this key by hand");
  }
  return {};
}

}  // namespace

Result<std::string> EditProperties(std::string_view bytes, const std::vector<ConfigEdit>& edits) {
  const Entries entries = TRY(ParseProperties(bytes));
  TRY(CheckEdits(edits));
  TRY(CheckWritable(edits));
  std::string result = TRY(Editor(bytes, entries).Edit(edits));
  const auto after = ParseProperties(result);
  if (!after || !HoldsEdits(ToEntries(bytes, entries), ToEntries(result, *after), edits)) {
    return EditWrong("properties");
  }
  return result;
}

}  // namespace syncgate
