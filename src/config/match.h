// Allow-list patterns over configuration keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/names.h"
#include "formats/format.h"

namespace syncgate {

// True if the whole of `text` matches: '*' stands for any bytes, '?' for one, all else for itself.
// Time is bounded by pattern length x text length.
bool MatchesGlob(std::string_view pattern, std::string_view text);

bool MatchesAny(const std::vector<std::string>& patterns, const ConfigKey& key);

// Whether a pattern is the key itself, without '*' and '?'.
bool IsNamed(const std::vector<std::string>& patterns, const ConfigKey& key);

// Whether `secrets` name the key or what it stands in: of a pointer (/db/password) also /db.
bool IsSecretKey(const std::vector<std::string>& secrets, const ConfigKey& key);

// Whether `secrets` name the entry, what it stands in or anything in it: a list is as secret as its
// most secret item.
bool IsSecret(const std::vector<std::string>& secrets, const ConfigEntry& entry);

}  // namespace syncgate
