#include "config/match.h"

#include <gtest/gtest.h>

namespace syncgate {
namespace {

TEST(Match, Globs) {
  const struct {
    const char* pattern;
    const char* text;
    bool matches;
  } rows[] = {
      {"BOT_ID", "BOT_ID", true},
      {"BOT_ID", "BOT_IDS", false},
      {"BOT_ID", "bot_id", false},
      {"FEATURE_*", "FEATURE_", true},
      {"FEATURE_*", "FEATURE_A_B", true},
      {"FEATURE_*", "FEATURE", false},
      {"*_KEY", "API_KEY_KEY", true},
      {"*_KEY", "API_KEYS", false},
      {"*PASS*WORD*", "DB_PASS_AND_WORD", true},
      {"A?C", "ABC", true},
      {"A?C", "AC", false},
      {"A*?", "A", false},
      {"A*?", "AB", true},
      {"*", "", true},
      {"", "", true},
      {"", "A", false},
      {"**", "A", true},
      {"*a*b", "aXbYb", true},
      {"a.b", "axb", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(MatchesGlob(row.pattern, row.text), row.matches) << row.pattern << " " << row.text;
  }
}

TEST(Match, ManyStarsTakeNoTime) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(MatchesGlob(pattern + "b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace syncgate
