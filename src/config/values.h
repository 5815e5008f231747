// Which values of a configuration file may be shown, and which must not.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/spec.h"
#include "core/names.h"
#include "core/result.h"
#include "core/secret.h"

namespace syncgate {

// In the allow-list and no secret: neither named as one nor called like one (core/secret_name.h),
// as long as `keys` do not have it by its own name.
bool IsVisible(const ConfigSpec& spec, const ConfigKey& key);

// The visible keys of the file and their texts (ConfigEntry::text). Errors: those of Format::Parse.
Result<std::map<ConfigKey, std::string>> VisibleValues(const ConfigSpec& spec,
                                                       std::string_view bytes);

// The values of all other keys, of those that hold a password or a private key, and of items of
// lists that are not visible by their own pointer: what a command prints may hold them. Also as
// they are spelled in the file, line by line where they have several, and what stands in comments:
// many a password has only been commented out. Of a URL also the password alone. Values under four
// bytes ("on", "1") and switches ("true") are left out: to hide them would make every message
// unreadable. Of a file that cannot be parsed, or is a secret as a whole: every line, what is
// assigned in it, and every word.
std::vector<Secret> HiddenValues(std::string_view format, std::string_view bytes,
                                 const std::function<bool(const ConfigKey&)>& visible);

}  // namespace syncgate
