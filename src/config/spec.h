// One entry of `configs:` in syncgate.yml, for one node.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/names.h"

namespace syncgate {

// One thing that must hold after the change. kFile (the target holds the planned bytes) needs no
// fields; it is always checked, named in syncgate.yml or not.
struct CheckSpec {
  enum class Kind : std::uint8_t { kHttp, kCommand, kFile };

  Kind kind = Kind::kFile;
  std::string name;  // for people; unique within the configuration

  // kHttp: GET `url` from the node's network. With `pointer` (JSON pointer into the body), the
  // value there equals `equals`, or the value that the configuration gives `equals_key`; with
  // neither it only has to exist.
  std::string url;
  int status = 200;
  std::optional<std::string> pointer;
  std::optional<std::string> equals;
  std::optional<ConfigKey> equals_key;

  // kCommand: on the node, without a shell.
  std::vector<std::string> argv;
  int exit_code = 0;
  std::optional<std::string> output_contains;

  int attempts = 10;
  std::chrono::milliseconds interval{500};
  std::chrono::milliseconds timeout{5000};  // of one attempt
};

struct ConfigSpec {
  ConfigName name;
  std::string source;  // path on this machine, {node} expanded
  std::string target;  // absolute path on the node
  std::string format = "dotenv";
  std::vector<std::string> keys;      // allow-list of patterns (config/match.h)
  std::vector<std::string> secrets;   // patterns: only reported; wins over `keys`
  std::vector<std::string> validate;  // "%s" stands for the file to check; empty: none
  std::vector<std::string> restart;   // empty: none
  bool deletes = false;               // keys that only the target has may be removed
  std::vector<CheckSpec> checks;
};

}  // namespace syncgate
