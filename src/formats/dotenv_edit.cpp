#include <algorithm>
#include <map>
#include <utility>

#include "formats/dotenv.h"
#include "formats/keyed_edit.h"
#include "formats/lines.h"
#include "formats/scalar.h"

namespace syncgate {
namespace {

enum class Style { kUnquoted, kSingle, kDouble };

constexpr std::string_view kSafe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,=-";

// The place a value is written into.
struct Slot {
  Style style = Style::kUnquoted;
  std::string_view old_token;  // empty for a new key
  std::string_view rest;       // what follows the token up to the end of its line
  std::string_view line_ending = "\n";
};

Style StyleOf(std::string_view token) {
  if (token.starts_with('\'')) return Style::kSingle;
  return token.starts_with('"') ? Style::kDouble : Style::kUnquoted;
}

std::string QuoteDouble(std::string_view value, bool raw_breaks, std::string_view line_ending) {
  std::string token = "\"";
  for (const char c : value) {
    if (c == '\n') {
      token += raw_breaks ? line_ending : std::string_view("\\n");
      continue;
    }
    if (c == '"' || c == '\\') token += '\\';
    token += c;
  }
  return token + "\"";
}

std::string QuoteSingle(std::string_view value, std::string_view line_ending) {
  std::string token = "'";
  for (const char c : value) {
    if (c == '\n') {
      token += line_ending;
    } else {
      token += c;
    }
  }
  return token + "'";
}

// Bytes the file's reader is known to take unquoted: harmless ones, and those the old value held
// unquoted.
bool FitsUnquoted(std::string_view value, const Slot& slot) {
  const bool was_unquoted = slot.style == Style::kUnquoted;
  return std::ranges::all_of(value, [&](char c) {
    return kSafe.find(c) != std::string_view::npos ||
           (was_unquoted && slot.old_token.find(c) != std::string_view::npos);
  });
}

// True if every reader takes `token` in this place for `value`.
bool ReadsBack(const std::string& token, std::string_view rest, std::string_view value) {
  const auto entries = ParseDotenv("K=" + token + std::string(rest));
  return entries && entries->size() == 1 && entries->front().value == value &&
         entries->front().doubt.empty() && entries->front().value_end == 2 + token.size();
}

// A spelling to try. Later ones are those that fewer readers, or fewer people, are used to.
struct Spelling {
  Style style = Style::kUnquoted;
  bool breaks = false;   // line breaks stand as they are, over several lines
  bool escapes = false;  // \" and \\, which dotenv for Node leaves as they stand
};

// The token for `value` in one spelling, or nothing where that cannot hold it.
std::optional<std::string> Render(const Spelling& spelling, std::string_view value,
                                  const Slot& slot) {
  std::string token;
  switch (spelling.style) {
    case Style::kUnquoted:
      if (!FitsUnquoted(value, slot)) return std::nullopt;
      token = value;
      break;
    case Style::kSingle:
      if (!spelling.breaks && value.find('\n') != std::string_view::npos) return std::nullopt;
      token = QuoteSingle(value, slot.line_ending);
      break;
    case Style::kDouble:
      if (!spelling.escapes && value.find_first_of("\"\\") != std::string_view::npos) {
        return std::nullopt;
      }
      token = QuoteDouble(value, spelling.breaks, slot.line_ending);
      break;
  }
  if (!ReadsBack(token, slot.rest, value)) return std::nullopt;
  return token;
}

Result<std::string> Token(const ConfigKey& key, std::string_view value, const Slot& slot) {
  // What the old token does, the file's reader understands.
  const auto old_has = [&](std::string_view text) {
    return slot.old_token.find(text) != std::string_view::npos;
  };
  const bool escapes = slot.style == Style::kDouble && (old_has("\\\"") || old_has("\\\\"));
  const Spelling spellings[] = {
      {slot.style, old_has("\n"), escapes}, {Style::kUnquoted, false, false},
      {Style::kSingle, false, false},       {Style::kDouble, false, false},
      {Style::kSingle, true, false},
  };
  for (const Spelling& spelling : spellings) {
    if (auto token = Render(spelling, value, slot)) return *token;
  }
  return Fail(
      ErrorKind::kRefused, "config-value-unwritable",
      "the new value of " + key.str() +
          " cannot be written into a dotenv file so that every reader takes it the same way",
      "${, a single quote together with $, \\ or \", and control characters have no common "
      "spelling: edit this key by hand");
}

class Editor {
 public:
  Editor(std::string_view bytes, std::vector<DotenvEntry> entries)
      : bytes_(bytes), entries_(std::move(entries)), line_ending_(LastLineEndingOf(bytes)) {}

  Result<std::string> Edit(const std::vector<ConfigEdit>& edits) {
    std::map<ConfigKey, const ConfigEdit*> pending;
    for (const ConfigEdit& edit : edits) pending[edit.key] = &edit;
    for (const DotenvEntry& entry : entries_) {
      const auto edit = pending.extract(entry.key);
      if (!edit.empty()) TRY(Rewrite(entry, edit.mapped()->after));
    }
    CopyUntil(bytes_.size());
    if (!EndsLine(bytes_) && removed_last_) CutLineEnding(out_);
    for (const ConfigEdit& edit : edits) {
      if (pending.contains(edit.key) && edit.after) TRY(Append(edit.key, *edit.after));
    }
    return std::move(out_);
  }

 private:
  void CopyUntil(std::size_t end) {
    out_ += bytes_.substr(copied_, end - copied_);
    copied_ = end;
  }

  Result<void> Rewrite(const DotenvEntry& entry, const std::optional<std::string>& after) {
    if (!after) {
      CopyUntil(entry.begin);
      // The byte order mark stands before the first line, not in it.
      copied_ = entry.end;
      removed_last_ = entry.end == bytes_.size();
      return {};
    }
    if (*after == entry.value && entry.doubt.empty()) return {};
    const std::string_view old = TokenOf(entry);
    const Slot slot{StyleOf(old), old, bytes_.substr(entry.value_end, entry.end - entry.value_end),
                    line_ending_};
    const std::string token = TRY(Token(entry.key, *after, slot));
    CopyUntil(entry.value_begin);
    out_ += token;
    copied_ = entry.value_end;
    return {};
  }

  Result<void> Append(const ConfigKey& key, const std::string& value) {
    const bool exported =
        !entries_.empty() && std::ranges::all_of(entries_, &DotenvEntry::exported);
    const std::string token = TRY(Token(key, value, {Style::kUnquoted, {}, {}, line_ending_}));
    const std::size_t above = out_.find_last_not_of("\r\n");
    if (above != std::string::npos && out_[above] == '\\') {
      return KeyUnwritable(key, "the line above ends in a backslash, and some readers continue it");
    }
    if (!EndsLine(out_)) out_ += line_ending_;
    out_ += (exported ? "export " : "") + key.str() + "=" + token;
    if (EndsLine(bytes_)) out_ += line_ending_;
    return {};
  }

  std::string_view TokenOf(const DotenvEntry& entry) const {
    return bytes_.substr(entry.value_begin, entry.value_end - entry.value_begin);
  }

  std::string_view bytes_;
  std::vector<DotenvEntry> entries_;
  std::string_view line_ending_;
  std::string out_;
  std::size_t copied_ = 0;
  bool removed_last_ = false;
};

}  // namespace

Result<std::string> EditDotenv(std::string_view bytes, const std::vector<ConfigEdit>& edits) {
  const std::vector<DotenvEntry> entries = TRY(ParseDotenv(bytes));
  TRY(CheckEdits(edits));
  std::string result = TRY(Editor(bytes, entries).Edit(edits));
  const auto after = ParseDotenv(result);
  if (!after || !HoldsEdits(ToEntries(bytes, entries), ToEntries(result, *after), edits)) {
    return EditWrong("dotenv");
  }
  return result;
}

}  // namespace syncgate
