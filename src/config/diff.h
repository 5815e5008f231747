// Which keys of one configuration differ between the source and a node's file.
#pragma once

#include <string_view>
#include <vector>

#include "config/spec.h"
#include "core/change.h"
#include "core/digest.h"
#include "core/names.h"
#include "core/result.h"
#include "formats/format.h"

namespace syncgate {

struct ConfigDiff {
  Digest before_digest;  // of the whole target file
  Digest after_digest;   // with the changes made: exactly these bytes will be written
  // In source order, then removals in target order. Only keys of the allow-list, and differing
  // secrets: these without values and with secret = true; they are not part of `after_digest` and
  // never written.
  std::vector<ConfigChange> changes;
  // Keys of the allow-list that only the target has and that stay, since the entry does not allow
  // removals.
  std::vector<ConfigKey> kept;
  // Secrets that both sides have alike, in source order. Those that differ are among `changes`.
  std::vector<ConfigKey> same_secrets;
};

// Errors: those of Format; kRefused "config-value-ambiguous" where a key that differs has a value
// (on either side) on which readers disagree or that is not UTF-8; "config-secret-unnamed" where
// one that is probably a secret differs and `keys` cover it by a pattern only.
Result<ConfigDiff> DiffConfig(const ConfigSpec& spec, std::string_view source,
                              std::string_view target);

// The edits that make `changes` on a file: secrets are left out.
std::vector<ConfigEdit> EditsOf(const std::vector<ConfigChange>& changes);

}  // namespace syncgate
