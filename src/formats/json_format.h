// JSON files, edited key by key. A key is the pointer (RFC 6901) of a value within objects:
// /server/bot_id. A list is one value; one that holds objects or lists can be compared but not
// moved.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "formats/format.h"

namespace syncgate {

// As Format::Parse.
Result<std::vector<ConfigEntry>> ParseJsonConfig(std::string_view bytes);

// As Format::Edit. A changed value replaces the bytes of the old one, of a list those of the items
// that differ. A new key is added behind the last one of its object, laid out like that; a removed
// one takes its comma along. kRefused "config-key-unwritable" where the object that a new key would
// stand in is not there, or where something else stands in its place.
Result<std::string> EditJsonConfig(std::string_view bytes, const std::vector<ConfigEdit>& edits);

}  // namespace syncgate
