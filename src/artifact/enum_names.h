// The words of the artifacts for the enumerations of core/, both ways.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "artifact/rows.h"
#include "artifact/store.h"
#include "core/change.h"
#include "core/diagnostic.h"
#include "core/table.h"

namespace syncgate {

// kNames<E>[i] is the word of the enumerator with value i.
template <typename E>
inline constexpr std::array<std::string_view, 0> kNames{};
template <>
inline constexpr std::array<std::string_view, 3> kNames<ChangeKind>{"insert", "update", "delete"};
template <>
inline constexpr std::array<std::string_view, 4> kNames<TargetState>{"before", "after", "partial",
                                                                     "unknown"};
template <>
inline constexpr std::array<std::string_view, 4> kNames<Severity>{"note", "warning", "refusal",
                                                                  "error"};
template <>
inline constexpr std::array<std::string_view, 12> kNames<ColumnKind>{
    "integer", "bit",  "decimal",  "float",  "double",   "text",
    "enum",    "json", "temporal", "binary", "geometry", "unknown"};
template <>
inline constexpr std::array<std::string_view, 4> kNames<RowState>{"moved", "already", "drift",
                                                                  "untouched"};
template <>
inline constexpr std::array<std::string_view, 2> kNames<Direction>{"apply", "rollback"};

template <typename E>
std::string_view NameOf(E value) {
  return kNames<E>[static_cast<std::size_t>(value)];
}

template <typename E>
std::optional<E> FromName(std::string_view name) {
  for (std::size_t i = 0; i < kNames<E>.size(); ++i) {
    if (kNames<E>[i] == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace syncgate
