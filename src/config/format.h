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

// One key as a file holds it.
struct ConfigEntry {
  ConfigKey key;
  std::string value;
  std::string raw;       // the value's bytes in the file, quotes included
  std::string doubt;     // why readers of this format disagree on the value; empty: they agree
  std::size_t line = 0;  // from 1
};

// What one key is to become: a value, or absent.
struct ConfigEdit {
  ConfigKey key;
  std::optional<std::string> after;
};

// Error messages name keys and lines, never values: a configuration file holds secrets.
class Format {
 public:
  virtual ~Format() = default;

  // In file order, each key once. Errors: kRefused "config-unparsable", "config-duplicate-key".
  virtual Result<std::vector<ConfigEntry>> Parse(std::string_view bytes) const = 0;

  // The file with these edits and every other byte as it was.
  // Errors: those of Parse; kRefused "config-value-unwritable"; kFailed "config-edit-wrong".
  virtual Result<std::string> Edit(std::string_view bytes,
                                   const std::vector<ConfigEdit>& edits) const = 0;
};

// Never null; lives as long as the program. Errors: kRefused "config-format-unsupported" for a
// format that is planned but not there yet, kFixProject "config-format-unknown" for any other name.
Result<const Format*> FindFormat(std::string_view name);

}  // namespace syncgate
