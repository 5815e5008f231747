// The one idea of syncgate: everything it changes is key, before, after (ARCHITECTURE.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/names.h"
#include "core/value.h"

namespace syncgate {

// What a row change does to the target. The words of a diff are missing (insert), mismatched
// (update) and extra (remove).
enum class ChangeKind : std::uint8_t { kInsert, kUpdate, kDelete };

// A row on the node that holds the values which a change's after-image wants in a unique index. Its
// key equal to the change's own: the row holds them already, spelled otherwise.
struct UniqueOwner {
  std::string index;
  Row key;

  bool operator==(const UniqueOwner&) const = default;
};

// Rows on the node that refer to the row by a foreign key (of the child), where the change takes
// away what they refer to.
struct Dependents {
  std::string foreign_key;
  std::uint64_t rows = 0;

  bool operator==(const Dependents&) const = default;
};

// One row, moved from `before` to `after`. Images hold the cells of the compared columns in the
// order of the diff's column list; `key` holds the key columns as the side that has the row spells
// them (the source where both have it). kInsert has no before, kDelete no after.
struct RowChange {
  ChangeKind kind = ChangeKind::kUpdate;
  Row key;
  std::optional<Row> before;
  std::optional<Row> after;
  // What stands in its way on the node; known to the diff, decided and dropped by the planner.
  std::vector<UniqueOwner> owners = {};
  std::vector<Dependents> dependents = {};

  bool operator==(const RowChange&) const = default;
};

// One configuration key. A secret is known only as differing: its values are never held here.
struct ConfigChange {
  ConfigKey key;
  std::optional<std::string> before;
  std::optional<std::string> after;
  bool secret = false;

  bool operator==(const ConfigChange&) const = default;
};

// Where a change stands on the target right now.
enum class Position : std::uint8_t { kBefore, kAfter, kNeither };

// What is known of the target when a step ends; stands in every result.
enum class TargetState : std::uint8_t { kBefore, kAfter, kPartial, kUnknown };

const char* ToString(ChangeKind kind);    // "insert", "update", "delete"
const char* ToString(TargetState state);  // "before", "after", "partial", "unknown"

}  // namespace syncgate
