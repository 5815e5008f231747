#include "config/text.h"

#include <gtest/gtest.h>

namespace syncgate {
namespace {

TEST(Text, Utf8) {
  const struct {
    const char* text;
    bool valid;
  } rows[] = {{"", true},
              {"a缘😀", true},
              {"\xC3", false},
              {"\x80", false},
              {"\xC0\x80", false},
              {"\xE0\x80\x80", false},
              {"\xED\xA0\x80", false},
              {"\xF4\x90\x80\x80", false},
              {"\xFF", false}};
  for (const auto& row : rows) EXPECT_EQ(IsUtf8(row.text), row.valid) << row.text;
}

TEST(Text, ExcerptIsOneShortSafeLine) {
  EXPECT_EQ(Excerpt("a\nb\t\x1b[31m\xFF缘\n\n"), "a\\nb\\t\\x1b[31m\\xff缘");
  EXPECT_EQ(Excerpt("abcdef", {}, 3), "abc...");
  EXPECT_EQ(Excerpt("缘缘", {}, 4), "缘...");
}

TEST(Text, ExcerptHidesValues) {
  EXPECT_EQ(
      Excerpt("x=hunter2; y=hunter2long", {Secret("hunter2"), Secret("hunter2long"), Secret("")}),
      "x=***; y=***");
  EXPECT_EQ(WithoutHidden("pw1", {Secret("pw1"), Secret("pw12")}), "***");
  EXPECT_EQ(WithoutHidden("x=last", {Secret("last"), Secret("last one")}), "x=***");
}

// A whole file's words and a long output: what stands nowhere in it costs next to nothing.
TEST(Text, ManyHiddenValuesAreLookedForInALongText) {
  std::vector<Secret> hidden;
  for (int i = 0; i < 100000; ++i) hidden.emplace_back("word-of-the-file-" + std::to_string(i));
  std::string text(2000000, 'x');
  EXPECT_EQ(WithoutHidden(text, hidden), text);
  text.replace(1000000, 22, "word-of-the-file-99999");
  EXPECT_EQ(WithoutHidden(std::move(text), {hidden.back()}).find("word"), std::string::npos);
}

}  // namespace
}  // namespace syncgate
