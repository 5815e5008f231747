#include "report/visible.h"

#include <gtest/gtest.h>

namespace syncgate {
namespace {

TEST(Visible, NothingActsOrHides) {
  const struct {
    std::string text;
    std::string shown;
  } rows[] = {
      {"plain text, 你好, é", "plain text, 你好, é"},
      {"a\nb\r\tc", "a\\nb\\r\\tc"},
      {std::string("\0\x1b[31m\x7f", 7), "\\x00\\x1b[31m\\x7f"},
      {"\u202Egnp.exe", "\\u{202e}gnp.exe"},
      {"\u2066x\u2069", "\\u{2066}x\\u{2069}"},
      {"a\u200Bb\uFEFF", "a\\u{200b}b\\u{feff}"},
      {"a\u2028b\u0085", "a\\u{2028}b\\u{85}"},
      {"a\u00A0b", "a\\u{a0}b"},
      {"\U000E0041", "\\u{e0041}"},
      {"\xFF\xC0\xAF", "\\xff\\xc0\\xaf"},
      {"##[error]no", "#\\x23[error]no"},
      {"x ###vso[task.x]", "x ##\\x23vso[task.x]"},
      {"## no command", "## no command"},
  };
  for (const auto& row : rows) EXPECT_EQ(Visible(row.text), row.shown);
}

TEST(Visible, AnEscapeIsNeverTakenForTheTextItself) {
  EXPECT_EQ(Visible("\\x1b", Backslashes::kDoubled), "\\\\x1b");
  EXPECT_EQ(Visible("\x1b", Backslashes::kDoubled), "\\x1b");
}

TEST(Show, QuotesWhatDoesNotQuoteItself) {
  EXPECT_EQ(Show("a\"b\\", "dotenv").text, R"("a\"b\\")");
  EXPECT_EQ(Show("(absent)", "raw").text, "\"(absent)\"");
  EXPECT_EQ(Show("\"5\"", "json").text, "\"5\"");
  EXPECT_EQ(Show("5", "yaml").text, "5");
  EXPECT_EQ(Show("", "dotenv").text, "\"\"");
}

TEST(Show, LongValuesAreCutWhereTheyDiffer) {
  const std::string before = std::string(5000, 'a') + "OLD" + std::string(5000, 'b');
  const std::string after = std::string(5000, 'a') + "NEW" + std::string(5000, 'b');
  const ShownChange change = ShowChange(before, after, "raw");
  ASSERT_TRUE(change.before && change.after);
  EXPECT_NE(change.before->text.find("OLD"), std::string::npos);
  EXPECT_NE(change.after->text.find("NEW"), std::string::npos);
  EXPECT_EQ(change.after->note, "cut: 200 bytes from byte 4960 of 10003");
  EXPECT_EQ(change.after->text.size(), 202U);
}

TEST(Show, TheEndIsShownWhereTheDifferenceIsThere) {
  const ShownChange change = ShowChange(std::string(300, 'a'), std::string(299, 'a') + "b", "raw");
  EXPECT_TRUE(change.after->text.ends_with("b\"")) << change.after->text;
  EXPECT_EQ(change.after->note, "cut: 200 bytes from byte 100 of 300");
}

TEST(Show, NoCharacterIsCutInTwo) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "你";
  for (std::size_t from = 0; from < text.size(); from += 7) {
    const ShownValue shown = Show(text, "raw", from);
    EXPECT_EQ(shown.text.find("\\x"), std::string::npos) << shown.text;
    EXPECT_LE(shown.text.size(), kShownBytes + 2);
  }
}

TEST(Markdown, CodeSpansHoldAnyText) {
  EXPECT_EQ(MarkdownCode("a|b <b> *c*"), "`a|b <b> *c*`");
  EXPECT_EQ(MarkdownCode("a`b"), "``a`b``");
  EXPECT_EQ(MarkdownCode("``"), "``` `` ```");
  EXPECT_EQ(MarkdownCode(" x "), "`  x  `");
  EXPECT_EQ(MarkdownCode("a\n\n# b"), "`a\\n\\n# b`");
}

TEST(Markdown, TextIsNeverMarkup) {
  for (const std::string text :
       {"<script>alert(1)</script>", "![x](http://evil.example/x.png)", "[a](javascript:b)", "a|b",
        "`code`", "**bold** _it_ ~~s~~", "@team #12", "www.evil.example", "https://evil.example",
        "\\", "&lt;", "$x$", ":smile:", "<!-- "}) {
    const std::string markdown = MarkdownText(text);
    EXPECT_EQ(markdown.find_first_of("<>`*_[]|~@\\$!:"), std::string::npos) << markdown;
    EXPECT_EQ(markdown.find("www.evil"), std::string::npos) << markdown;
  }
  EXPECT_EQ(MarkdownText("table t has no key. Give it one."), "table t has no key. Give it one.");
}

TEST(Markdown, NamesAreCode) {
  EXPECT_EQ(MarkdownName("bazi_rules"), "`bazi_rules`");
  EXPECT_EQ(MarkdownName("a|b`c"), "<code>a&#124;b&#96;c</code>");
  EXPECT_EQ(MarkdownName("</code><img src=x>"), "<code>&#60;/code&#62;&#60;img src=x&#62;</code>");
}

}  // namespace
}  // namespace syncgate
