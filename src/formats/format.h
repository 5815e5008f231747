// How one kind of configuration file is read and edited key by key. A format is chosen by the name
// that syncgate.yml gives it; adding one means implementing Format and naming it in format.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/names.h"
#include "core/result.h"

namespace syncgate {

// Something within a value that can be named by itself: an item of a list.
struct ConfigPart {
  ConfigKey key;
  std::string text;
};

// One key as a file holds it.
struct ConfigEntry {
  ConfigKey key;
  // What is compared and travels in a plan. dotenv, properties, raw: the text. json, yaml: the
  // value with its type, as formats/scalar.h writes it: "5" in quotes is not 5. Of a doubtful one
  // no other spelling has the same.
  std::string value;
  std::string raw;       // the value's bytes in the file, quotes included
  std::string doubt;     // why readers of this format disagree on the value; empty: they agree
  std::size_t line = 0;  // from 1
  std::string text;      // the value as a program has it that read the file: no quotes, no escapes
  std::vector<ConfigPart> parts = {};  // of a list
  std::string spelled =
      {};  // the value's bytes in the file, where `raw` is not: over several lines
};

// What one key is to become: a value, or absent.
struct ConfigEdit {
  ConfigKey key;
  std::optional<std::string> after;
};

// The one key of format raw.
inline constexpr std::string_view kWholeFile = "(file)";

// What each format takes for a key, edits and refuses is written down for users in README.md.
// Error messages name keys and lines, never values: a configuration file holds secrets.
class Format {
 public:
  virtual ~Format() = default;

  // In file order, each key once. Errors: kRefused "config-unparsable", "config-duplicate-key".
  virtual Result<std::vector<ConfigEntry>> Parse(std::string_view bytes) const = 0;

  // The file with these edits and every other byte as it was.
  // Errors: those of Parse; kRefused "config-value-unwritable", "config-key-unwritable"; kFailed
  // "config-edit-wrong" where the result, read again, is not the file with exactly these edits.
  virtual Result<std::string> Edit(std::string_view bytes,
                                   const std::vector<ConfigEdit>& edits) const = 0;
};

// "dotenv", "properties", "json", "yaml", "raw", or "raw:" and what the file is checked to be: ini,
// toml, xml, json, yaml. Never null; lives as long as the program. Errors: kFixProject
// "config-format-unknown" for any other name.
Result<const Format*> FindFormat(std::string_view name);

}  // namespace syncgate
