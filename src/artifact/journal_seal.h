// Lines of a journal, sealed one by one where there is an artifact key: a killed run leaves at most
// one unfinished line, and all others open by themselves. A line opens only in its place: its
// context is the journal's path, its number and the tag of the line before it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace syncgate {

// Where a line stands.
struct JournalPlace {
  std::uint64_t line = 0;  // from 0
  std::string tag_before;  // of the sealed line before it; empty before the first
};

class JournalSeal {
 public:
  // `path` is that of the journal in its store; `full` is for messages.
  JournalSeal(std::string path, std::string full)
      : path_(std::move(path)), full_(std::move(full)) {}

  // The line as it is written, with its line end. *tag gets its tag, empty where lines are plain.
  std::string Write(const JournalPlace& place, std::string text, std::string* tag) const;

  // The record on a whole line of the file, without its line end. nullopt: the line is neither a
  // record of a journal nor a sealed one. Errors: those of RequireSameProtection, "artifact-edited"
  // where it does not open in its place. Without a key the record must not be sealed, with one it
  // must be.
  Result<std::optional<std::string>> Read(const JournalPlace& place, std::string_view line,
                                          std::string* tag) const;

  // The id of the key that a whole line is sealed with; nullopt for one that is not.
  static std::optional<std::string> KeyIdOf(std::string_view line);

 private:
  std::string Context(const JournalPlace& place) const;

  std::string path_;
  std::string full_;
};

}  // namespace syncgate
