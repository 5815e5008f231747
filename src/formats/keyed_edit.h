// What key-by-key editors share: the order of work, and the check of the result.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/names.h"
#include "core/result.h"
#include "formats/format.h"

namespace syncgate {

// "config-key-unwritable": `key` cannot be added or removed, `why` says what stands in its way.
std::unexpected<Error> KeyUnwritable(const ConfigKey& key, const std::string& why);
// "config-value-unwritable".
std::unexpected<Error> ValueUnwritable(const ConfigKey& key, const std::string& why);

// Each key once; kFailed "config-edit-wrong" else.
Result<void> CheckEdits(const std::vector<ConfigEdit>& edits);

// Whether `after` is `before` with exactly these edits: every other entry by its bytes, in the same
// order; every edited one by its value and without doubt. New ones may stand anywhere.
bool HoldsEdits(const std::vector<ConfigEntry>& before, const std::vector<ConfigEntry>& after,
                const std::vector<ConfigEdit>& edits);

// "config-edit-wrong", for a result that is not what was meant.
std::unexpected<Error> EditWrong(std::string_view format);

}  // namespace syncgate
