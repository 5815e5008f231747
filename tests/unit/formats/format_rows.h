// Tables of cases for the formats: what is read, what is refused, what an edit makes of a file.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "formats/format.h"

namespace syncgate {

inline const Format& FormatNamed(const std::string& name) {
  const auto format = FindFormat(name);
  EXPECT_TRUE(format) << name;
  return **format;
}

// One entry of a file: its value as plans carry it, and whether it can be moved.
struct ReadRow {
  const char* name;
  std::string bytes;
  std::string key;
  std::string value;
  std::string raw;
  const char* doubt = "";  // a part of it; empty: none
};
inline void PrintTo(const ReadRow& row, std::ostream* out) { *out << row.name; }

inline void CheckRead(const Format& format, const ReadRow& row) {
  const auto entries = format.Parse(row.bytes);
  ASSERT_TRUE(entries) << entries.error().message;
  for (const ConfigEntry& entry : *entries) {
    if (entry.key.str() != row.key) continue;
    // A doubtful value of a line travels as its bytes; what most readers take it for is its text.
    const bool as_bytes = !entry.doubt.empty() && entry.value == "?" + entry.raw;
    EXPECT_EQ(as_bytes ? entry.text : entry.value, row.value);
    EXPECT_EQ(entry.raw, row.raw);
    EXPECT_EQ(entry.doubt.empty(), row.doubt[0] == '\0') << entry.doubt;
    EXPECT_NE(entry.doubt.find(row.doubt), std::string::npos) << entry.doubt;
    return;
  }
  ADD_FAILURE() << "no key " << row.key;
}

struct RefusalRow {
  const char* name;
  std::string bytes;
  const char* code;
  const char* place;  // in the message
};
inline void PrintTo(const RefusalRow& row, std::ostream* out) { *out << row.name; }

// "hunter2" is the value that no message may show.
inline void CheckRefused(const Format& format, const RefusalRow& row) {
  const auto entries = format.Parse(row.bytes);
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().kind, ErrorKind::kRefused);
  EXPECT_EQ(entries.error().code, row.code);
  EXPECT_NE(entries.error().message.find(row.place), std::string::npos) << entries.error().message;
  EXPECT_EQ(entries.error().message.find("hunter2"), std::string::npos) << entries.error().message;
  const auto edited = format.Edit(row.bytes, {});
  EXPECT_FALSE(edited);
}

struct EditRow {
  const char* name;
  std::string before;
  std::vector<std::pair<std::string, std::optional<std::string>>> edits;
  std::string after;  // or, starting with "!", an error code
};
inline void PrintTo(const EditRow& row, std::ostream* out) { *out << row.name; }

inline void CheckEdited(const Format& format, const EditRow& row) {
  std::vector<ConfigEdit> edits;
  for (const auto& [key, after] : row.edits) edits.push_back({ConfigKey(key), after});
  const auto result = format.Edit(row.before, edits);
  if (row.after.starts_with('!')) {
    ASSERT_FALSE(result) << *result;
    EXPECT_EQ("!" + result.error().code, row.after) << result.error().message;
    EXPECT_EQ(result.error().message.find("hunter2"), std::string::npos) << result.error().message;
    return;
  }
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(*result, row.after);
}

template <typename Row>
std::string RowName(const testing::TestParamInfo<Row>& row) {
  return row.param.name;
}

inline constexpr auto kGone = std::nullopt;

}  // namespace syncgate
