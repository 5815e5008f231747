// Files as a whole: the one key is kWholeFile, its value all bytes, which must be UTF-8. The format
// of what is in them can be checked; nothing else is known about it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "formats/format.h"

namespace syncgate {

enum class RawCheck : std::uint8_t { kNone, kIni, kToml, kXml, kJson, kYaml };

// Errors: kRefused "config-unparsable": not UTF-8, or not what `check` says.
Result<std::vector<ConfigEntry>> ParseRaw(std::string_view bytes, RawCheck check);
Result<std::string> EditRaw(std::string_view bytes, const std::vector<ConfigEdit>& edits,
                            RawCheck check);

// Whether the text is of that format: inih, toml++, expat, Boost.JSON and libyaml decide. INI has
// no standard: [section], key = value, key: value, ; and # comments and indented continuation lines
// are taken; a key without a value is not. Errors: kRefused "config-unparsable" with the line.
Result<void> CheckText(std::string_view text, RawCheck check);

}  // namespace syncgate
