// A configuration file on a node: read it, and tell where it stands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/node_host.h"
#include "core/change.h"
#include "core/digest.h"
#include "core/names.h"
#include "core/result.h"

namespace syncgate {

inline constexpr std::uint64_t kConfigFileLimit = 4ULL * 1024 * 1024;

struct TargetFile {
  FileInfo info;
  std::string bytes;
  Digest digest;
};

// The file, which must be a regular one: a symlink is not followed, since replacing it would break
// the link. Errors: kRefused "config-target-symlink", "config-target-absent",
// "config-target-directory", "config-target-special", "config-target-too-large"; those of NodeHost.
Result<TargetFile> ReadTarget(NodeHost& host, const std::string& target);

// What a plan says about one configuration file of one node.
struct ConfigMove {
  ConfigName config;
  std::string target;
  std::string format;
  Digest before_digest;
  Digest after_digest;
  std::vector<ConfigChange> changes;  // secrets among them are never written
  std::vector<std::string> validate;  // "%s" stands for the file to check; empty: none
  bool sudo = false;                  // the validate command runs through `sudo -n`
};

// kAfter where both digests are the same: there is nothing to move.
Position PositionOf(const Digest& now, const Digest& before, const Digest& after);

// The refusal "config-drift" for a file at neither end: names the planned keys that stand at
// neither of their ends, or says that other bytes have changed.
Error DriftError(const ConfigMove& move, std::string_view bytes);

}  // namespace syncgate
