// Text of databases and configuration files before people's eyes: what is shown is what is there.
// Nothing in it can steer a terminal, hide, reorder what stands around it, or act as a command of a
// CI system; and one text is never shown like another.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace syncgate {

enum class Backslashes : bool {
  kDoubled,  // for any text: \x1b is then always an escape
  kKept,     // for text that has escapes of its own (JSON) and for our own sentences
};

// On one line. Control and invisible characters, the marks that turn the direction of text, spaces
// that are no ' ' and bytes that are no UTF-8 are shown as \n, \x1b, \u{202e}. "##[" and "##vso[",
// which GitHub's and Azure's runners obey anywhere in a line, are broken up; "::" they obey at the
// start of a line, where no text of this kind may be put.
std::string Visible(std::string_view text, Backslashes backslashes = Backslashes::kKept);

// A configuration value.
struct ShownValue {
  std::string text;  // quoted, or, where the format of the file quotes by itself, as it is there
  std::string note;  // "" or what was cut: "cut: from byte 1200 of 5000"
};

inline constexpr std::size_t kShownBytes = 200;

// `value` of a file of this format; where it is longer than `limit` bytes, the part from shortly
// before `from`: where it begins to differ from the value beside it.
ShownValue Show(std::string_view value, std::string_view format, std::size_t from = 0,
                std::size_t limit = kShownBytes);

// Before and after of one key, cut at the same place.
struct ShownChange {
  std::optional<ShownValue> before;
  std::optional<ShownValue> after;
};
ShownChange ShowChange(const std::optional<std::string>& before,
                       const std::optional<std::string>& after, std::string_view format);

// GitHub's and GitLab's Markdown. Safe on one line, not at the start of one; for table cells,
// too: sentences, and names (as code).
std::string MarkdownText(std::string_view text);
std::string MarkdownName(std::string_view name);
// As code, readable in the source, too. Not for table cells: a pipe would end them.
std::string MarkdownCode(std::string_view text);

}  // namespace syncgate
