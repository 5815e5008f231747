// The one idea of syncgate: everything it changes is key, before, after (ARCHITECTURE.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/names.h"
#include "core/value.h"

namespace syncgate {

// What a row change does to the target. The words of a diff are missing (insert), mismatched
// (update) and extra (remove).
enum class ChangeKind : std::uint8_t { kInsert, kUpdate, kDelete };

// One row, moved from `before` to `after`. Images hold the cells of the compared columns in the
// order of the diff's column list; `key` holds the key columns as the side that has the row spells
// them (the source where both have it). kInsert has no before, kDelete no after.
struct RowChange {
  ChangeKind kind = ChangeKind::kUpdate;
  Row key;
  std::optional<Row> before;
  std::optional<Row> after;

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
