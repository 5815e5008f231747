#include "formats/dotenv.h"

#include <gtest/gtest.h>

#include "format_rows.h"

namespace syncgate {
namespace {

const Format& Dotenv() { return FormatNamed("dotenv"); }

class DotenvRead : public testing::TestWithParam<ReadRow> {};
TEST_P(DotenvRead, AsReadersAgree) { CheckRead(Dotenv(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, DotenvRead,
    testing::Values(
        ReadRow{"plain", "A=1\n", "A", "1", "1"}, ReadRow{"no_final_newline", "A=1", "A", "1", "1"},
        ReadRow{"crlf", "A=1\r\n", "A", "1", "1"},
        ReadRow{"byte_order_mark",
                "\xEF\xBB\xBF"
                "A=1\n",
                "A", "1", "1"},
        ReadRow{"exported", "export A=1\n", "A", "1", "1"},
        ReadRow{"export_as_key", "export=1\n", "export", "1", "1"},
        ReadRow{"blanks", "  A \t= 1 \t\n", "A", "1", "1"},
        ReadRow{"key_characters", "a.B-9_=1\n", "a.B-9_", "1", "1"},
        ReadRow{"inner_blank", "A=b c\n", "A", "b c", "b c"},
        ReadRow{"equals_sign", "A=b=c==\n", "A", "b=c==", "b=c=="},
        ReadRow{"inner_quotes", "A={\"b\":1}\n", "A", "{\"b\":1}", "{\"b\":1}"},
        ReadRow{"utf8", "A=缘分\n", "A", "缘分", "缘分"},
        ReadRow{"comment", "A=1 # one\n", "A", "1", "1"},
        ReadRow{"hash_without_blank", "A=b#c\n", "A", "b#c", "b#c", "a #"},
        ReadRow{"dollar", "A=$B/x\n", "A", "$B/x", "$B/x", "a $"},
        ReadRow{"backslash_at_the_end", "A=b\\\n", "A", "b\\", "b\\", "backslash"},
        ReadRow{"empty", "A=\n", "A", "", ""}, ReadRow{"empty_at_end", "A=", "A", "", ""},
        ReadRow{"empty_or_comment", "A= # b \r\n", "A", "# b", "# b", "a comment"},
        ReadRow{"empty_or_colour", "A=#ff0000", "A", "#ff0000", "#ff0000", "a comment"},
        ReadRow{"no_break_space_behind", "A=b\xC2\xA0 # c\n", "A", "b\xC2\xA0", "b\xC2\xA0",
                "U+00A0"},
        ReadRow{"no_break_space_before", "A=\xC2\xA0'b'\n", "A", "\xC2\xA0'b'", "\xC2\xA0'b'",
                "U+00A0"},
        ReadRow{"mark_behind", "A=b\xEF\xBB\xBF\n", "A", "b\xEF\xBB\xBF", "b\xEF\xBB\xBF",
                "U+00A0"},
        ReadRow{"no_break_space_within", "A=b\xC2\xA0g\n", "A", "b\xC2\xA0g", "b\xC2\xA0g"},
        ReadRow{"no_break_space_in_quotes", "A='b\xC2\xA0'\n", "A", "b\xC2\xA0", "'b\xC2\xA0'"},
        ReadRow{"single", "A='b $C #d \\n'\n", "A", "b $C #d \\n", "'b $C #d \\n'"},
        ReadRow{"single_dollar_brace", "A='${B}'\n", "A", "${B}", "'${B}'", "${"},
        ReadRow{"single_empty", "A=''\n", "A", "", "''"},
        ReadRow{"single_over_lines", "A='b\r\nc'\r\n", "A", "b\nc", "'b\r\nc'"},
        ReadRow{"single_two_backslashes", "A='b\\\\c'\n", "A", "b\\\\c", "'b\\\\c'",
                "two backslashes"},
        ReadRow{"double", "A=\"b\\n\\\"c\\\" \\\\ #d\" # e\n", "A", "b\n\"c\" \\ #d",
                "\"b\\n\\\"c\\\" \\\\ #d\""},
        ReadRow{"double_over_lines", "A=\"b\nc\"\n", "A", "b\nc", "\"b\nc\""},
        ReadRow{"double_other_escape", "A=\"b\\tc\"\n", "A", "b\\tc", "\"b\\tc\"", "escape"},
        ReadRow{"double_dollar", "A=\"${B}\"\n", "A", "${B}", "\"${B}\"", "a $"},
        ReadRow{"comment_right_after_quote", "A=\"b\"#c\n", "A", "b", "\"b\""},
        ReadRow{"control_character", "A='\x1b'\n", "A", "\x1b", "'\x1b'", "control"},
        ReadRow{"among_comments", "# it's\n\n  # \"\nA=1\n#", "A", "1", "1"}),
    RowName<ReadRow>);

class DotenvRefusal : public testing::TestWithParam<RefusalRow> {};
TEST_P(DotenvRefusal, NamesTheLineAndNoValue) { CheckRefused(Dotenv(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, DotenvRefusal,
    testing::Values(
        RefusalRow{"no_equals", "A=1\nhunter2\n", "config-unparsable", "line 2"},
        RefusalRow{"no_key", "=hunter2\n", "config-unparsable", "line 1"},
        RefusalRow{"colon", "A: hunter2\n", "config-unparsable", "line 1"},
        RefusalRow{"export_without_key", "export =hunter2\n", "config-unparsable", "line 1"},
        RefusalRow{"backtick", "A=`hunter2`\n", "config-unparsable", "line 1"},
        RefusalRow{"open_single", "A=1\nB='hunter2\n", "config-unparsable", "line 2"},
        RefusalRow{"open_double", "A=\"b\nc\"\nB=\"hunter2\n\n", "config-unparsable", "line 3"},
        RefusalRow{"open_double_backslash", "A=\"hunter2\\", "config-unparsable", "line 1"},
        RefusalRow{"backslash_before_the_quote", "A=\"hunter2\\\\\"\nB=\"c\"\n",
                   "config-unparsable", "line 1"},
        RefusalRow{"after_quote", "A='b'hunter2\n", "config-unparsable", "line 1"},
        RefusalRow{"escaped_single", "A='b\\'hunter2'\n", "config-unparsable", "line 1"},
        RefusalRow{"separated_comment", "A=1\n# b\xE2\x80\xA8 A=hunter2\n", "config-unparsable",
                   "line 2"},
        RefusalRow{"separated_comment_behind", "A=1 # b\xE2\x80\xA9 A=hunter2\n",
                   "config-unparsable", "line 1"},
        RefusalRow{"lone_cr", "A=1\rB=hunter2\n", "config-unparsable", "line 1"},
        RefusalRow{"nul", std::string("A=1\nB\0=hunter2\n", 15), "config-unparsable", "line 2"},
        RefusalRow{"duplicate", "A=hunter2\nB=1\nexport A=1\n", "config-duplicate-key",
                   "A stands on line 1 and again on line 3"}),
    RowName<RefusalRow>);

TEST(Dotenv, CountsLinesThroughMultiLineValues) {
  const auto entries = ParseDotenv("A=\"x\ny\nz\"\n\nB='u\r\nv'\nC=1\n");
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ((*entries)[0].line, 1U);
  EXPECT_EQ((*entries)[1].line, 5U);
  EXPECT_EQ((*entries)[2].line, 7U);
}

class DotenvEdit : public testing::TestWithParam<EditRow> {};
TEST_P(DotenvEdit, ChangesOnlyTheValue) { CheckEdited(Dotenv(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, DotenvEdit,
    testing::Values(
        EditRow{"nothing", "A=1\n", {}, "A=1\n"},
        EditRow{"same", "A='1'\n", {{"A", "1"}}, "A='1'\n"},
        EditRow{"plain", "x=0\nA = 1 # one\nB=2", {{"A", "7"}}, "x=0\nA = 7 # one\nB=2"},
        EditRow{"keeps_single", "A='1'\n", {{"A", "b c"}}, "A='b c'\n"},
        EditRow{"keeps_double", "A=\"1\"\n", {{"A", "b"}}, "A=\"b\"\n"},
        EditRow{
            "double_to_single_for_escapes", "A=\"1\"\n", {{"A", "{\"b\":1}"}}, "A='{\"b\":1}'\n"},
        EditRow{"escapes_where_known", "A=\"\\\"\"\n", {{"A", "'\"\\b"}}, "A=\"'\\\"\\\\b\"\n"},
        EditRow{
            "backslash_at_the_end", "A=\"\\\"\"\n", {{"A", "'\"\\"}}, "!config-value-unwritable"},
        EditRow{"escapes_where_unknown", "A=\"1\"\n", {{"A", "'\""}}, "!config-value-unwritable"},
        EditRow{"newline_and_double_quote", "A=1\n", {{"A", "{\n\"b\""}}, "A='{\n\"b\"'\n"},
        EditRow{"single_to_double", "A='1'\n", {{"A", "it's"}}, "A=\"it's\"\n"},
        EditRow{"double_to_single", "A=\"1\"\n", {{"A", "$b"}}, "A='$b'\n"},
        EditRow{"gets_quotes", "A=1\n", {{"A", "b c"}}, "A='b c'\n"},
        EditRow{"hash_gets_quotes", "A=1\n", {{"A", "b#c"}}, "A='b#c'\n"},
        EditRow{"blanks_stay_unquoted", "A=b c\n", {{"A", "d e"}}, "A=d e\n"},
        EditRow{"json_stays_unquoted", "A={\"b\":1}\n", {{"A", "{\"b\":2}"}}, "A={\"b\":2}\n"},
        EditRow{"empties", "A=1\n", {{"A", ""}}, "A=\n"},
        EditRow{"empties_before_comment", "A=1 # b\n", {{"A", ""}}, "A='' # b\n"},
        EditRow{"fills_empty", "A=\nB=1\n", {{"A", "x"}}, "A=x\nB=1\n"},
        EditRow{"newline_on_one_line", "A=1\n", {{"A", "b\nc"}}, "A=\"b\\nc\"\n"},
        EditRow{"newlines_stay", "A=\"b\r\nc\"\r\n", {{"A", "d\ne"}}, "A=\"d\r\ne\"\r\n"},
        EditRow{"byte_order_mark", "\xEF\xBB\xBFZ=1\r\n", {{"Z", "2"}}, "\xEF\xBB\xBFZ=2\r\n"},
        EditRow{"appends", "A=1\n", {{"B", "2"}, {"C", "3 4"}}, "A=1\nB=2\nC='3 4'\n"},
        EditRow{"appends_crlf", "A=1\r\n", {{"B", "2"}}, "A=1\r\nB=2\r\n"},
        EditRow{"appends_without_newline",
                "A=1\r\n#c",
                {{"B", "2"}, {"C", "3"}},
                "A=1\r\n#c\r\nB=2\r\nC=3"},
        EditRow{"appends_to_nothing", "", {{"B", "2"}}, "B=2\n"},
        EditRow{"appends_exported", "export A=1\n", {{"B", "2"}}, "export A=1\nexport B=2\n"},
        EditRow{"removes", "#a\nA=1 # b\nB=2\n", {{"A", kGone}}, "#a\nB=2\n"},
        EditRow{"removes_lines", "A=\"1\n2\"\nB=2\n", {{"A", kGone}}, "B=2\n"},
        EditRow{"removes_last", "A=1\nB=2\n", {{"B", kGone}}, "A=1\n"},
        EditRow{"removes_last_without_newline", "A=1\r\nB=2", {{"B", kGone}}, "A=1"},
        EditRow{"removes_all", "A=1", {{"A", kGone}}, ""},
        EditRow{"removes_absent", "A=1\n", {{"B", kGone}}, "A=1\n"},
        EditRow{"swaps_lines", "A=1\nB=2", {{"B", kGone}, {"C", "3"}}, "A=1\nC=3"},
        EditRow{"leaves_doubtful_alone", "P=a#b$c\nA=1\n", {{"A", "2"}}, "P=a#b$c\nA=2\n"},
        EditRow{"never_continues_with_the_next_line",
                "A=c:\\old\nB=1\n",
                {{"A", "c:\\new\\"}},
                "!config-value-unwritable"},
        EditRow{"is_no_continuation", "A=c:\\old\\\n", {{"B", "2"}}, "!config-key-unwritable"},
        EditRow{"a_backslash_goes", "A=b\\\nB=1", {{"A", "c"}, {"C", "3"}}, "A=c\nB=1\nC=3"},
        EditRow{"no_break_space_gets_quotes",
                "A=b\xC2\xA0g\n",
                {{"A", "b\xC2\xA0"}},
                "A='b\xC2\xA0'\n"},
        EditRow{"unwritable", "A=1\n", {{"A", "it's $b"}}, "!config-value-unwritable"},
        EditRow{"dollar_brace", "A=1\n", {{"A", "${b}"}}, "!config-value-unwritable"},
        EditRow{"carriage_return", "A=1\n", {{"A", "b\rc"}}, "!config-value-unwritable"},
        EditRow{"nul", "A=1\n", {{"A", std::string("\0", 1)}}, "!config-value-unwritable"},
        EditRow{"bad_key", "A=1\n", {{"B C", "2"}}, "!config-edit-wrong"},
        EditRow{"key_twice", "A=1\n", {{"A", "2"}, {"A", "3"}}, "!config-edit-wrong"},
        EditRow{"unparsable", "A\n", {{"B", "2"}}, "!config-unparsable"}),
    RowName<EditRow>);

}  // namespace
}  // namespace syncgate
