#include "formats/keyed_edit.h"

#include <set>
#include <utility>

namespace syncgate {

std::unexpected<Error> KeyUnwritable(const ConfigKey& key, const std::string& why) {
  return Fail(ErrorKind::kRefused, "config-key-unwritable",
              key.str() + " cannot be added, changed or removed: " + why,
              "make this change by hand on both sides, then compare again");
}

std::unexpected<Error> ValueUnwritable(const ConfigKey& key, const std::string& why) {
  return Fail(ErrorKind::kRefused, "config-value-unwritable",
              "the new value of " + key.str() + " cannot be written: " + why,
              "edit this key by hand");
}

std::unexpected<Error> EditWrong(std::string_view format) {
  return Fail(ErrorKind::kFailed, "config-edit-wrong",
              "the edited " + std::string(format) +
                  " file does not read back as it was meant; nothing was written",
              "this is a bug in syncgate: please report it with the shape of the line");
}

Result<void> CheckEdits(const std::vector<ConfigEdit>& edits) {
  std::set<ConfigKey> keys;
  for (const ConfigEdit& edit : edits) {
    if (keys.insert(edit.key).second) continue;
    return Fail(ErrorKind::kFailed, "config-edit-wrong",
                "key " + edit.key.str() + " is to be changed twice in one file",
                "this is a bug in syncgate: please report it");
  }
  return {};
}

bool HoldsEdits(const std::vector<ConfigEntry>& before, const std::vector<ConfigEntry>& after,
                const std::vector<ConfigEdit>& edits) {
  std::map<ConfigKey, const ConfigEdit*> wanted;
  for (const ConfigEdit& edit : edits) wanted[edit.key] = &edit;
  auto old = before.begin();
  std::size_t met = 0;
  for (const ConfigEntry& entry : after) {
    if (const auto edit = wanted.find(entry.key); edit != wanted.end()) {
      if (entry.value != edit->second->after || !entry.doubt.empty()) return false;
      ++met;
      continue;
    }
    while (old != before.end() && wanted.contains(old->key)) ++old;
    if (old == before.end() || old->key != entry.key || old->raw != entry.raw ||
        old->value != entry.value) {
      return false;
    }
    ++old;
  }
  while (old != before.end() && wanted.contains(old->key)) ++old;
  std::size_t present = 0;
  for (const ConfigEdit& edit : edits) present += edit.after ? 1 : 0;
  return old == before.end() && met == present;
}

}  // namespace syncgate
