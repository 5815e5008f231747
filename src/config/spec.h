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
  enum class Kind : std::uint8_t { kHttp, kCommand, kFile, kSql };

  Kind kind = Kind::kFile;
  std::string name;  // for people; unique within the configuration

  // kHttp: GET `url` from the node's network. With `pointer` (JSON pointer into the body), the
  // value there equals `equals`, or the value that the configuration gives `equals_key`; with
  // neither it only has to exist.
  std::string url;
  std::string ca_file;  // of https, on this machine; empty: what it trusts
  int status = 200;
  std::optional<std::string> pointer;
  std::optional<std::string> equals;
  std::optional<ConfigKey> equals_key;

  // kSql: a query that only reads, on the node's database. Its first column of its first row equals
  // `equals` or the value of `equals_key`, or it has exactly `rows` rows.
  std::string query;
  std::optional<std::uint64_t> rows;

  // kCommand: on the node, without a shell.
  std::vector<std::string> argv;
  int exit_code = 0;
  std::optional<std::string> output_contains;

  int attempts = 10;
  int passes = 1;  // that many attempts in a row must pass: a service that flaps does not
  std::chrono::milliseconds interval{1000};
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
  std::uint64_t keep = 0;             // how many backups remain on the node; 0: all
  bool sudo = false;                  // file, validate and restart through `sudo -n`
  bool deletes = false;               // keys that only the target has may be removed
  std::vector<CheckSpec> checks;
};

}  // namespace syncgate
