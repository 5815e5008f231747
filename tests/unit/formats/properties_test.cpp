#include "formats/properties.h"

#include "format_rows.h"

namespace syncgate {
namespace {

const Format& Properties() { return FormatNamed("properties"); }

class PropertiesRead : public testing::TestWithParam<ReadRow> {};
TEST_P(PropertiesRead, AsJavaReadsIt) { CheckRead(Properties(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, PropertiesRead,
    testing::Values(
        ReadRow{"equals", "a=1\n", "a", "1", "1"}, ReadRow{"colon", "a:1", "a", "1", "1"},
        ReadRow{"blank", "a 1\n", "a", "1", "1"}, ReadRow{"wide", " \ta \t = \t1\n", "a", "1", "1"},
        ReadRow{"blank_then_equals", "a  =1\n", "a", "1", "1"},
        ReadRow{"two_equals", "a==1\n", "a", "=1", "=1"},
        ReadRow{"crlf", "a=1\r\nb=2\r\n", "b", "2", "2"}, ReadRow{"alone", "a\n", "a", "", ""},
        ReadRow{"alone_at_end", "b=1\na", "a", "", ""}, ReadRow{"empty", "a=\n", "a", "", ""},
        ReadRow{"trailing_blanks_belong", "a=1 \t\n", "a", "1 \t", "1 \t"},
        ReadRow{"comments", "#a=2\n!a=3\n  # x\\\na=1\n", "a", "1", "1"},
        ReadRow{"no_comment_within", "a=1 # x ! y\n", "a", "1 # x ! y", "1 # x ! y"},
        ReadRow{"continued", "a=1,\\\n   2,\\\r\n\t3\n", "a", "1,2,3", "1,\\\n   2,\\\r\n\t3"},
        ReadRow{"continued_by_nothing", "a=1\\\n\nb=2\n", "a", "1", "1\\\n"},
        ReadRow{"even_backslashes", "a=1\\\\\nb=2\n", "a", "1\\", "1\\\\"},
        ReadRow{"continued_separator", "a=\\\n  1\n", "a", "1", "1"},
        ReadRow{"continued_before_separator", "a \\\n  = 1\n", "a", "1", "1", "line break before"},
        ReadRow{"comment_sign_continued", "a=1\\\n#2\n", "a", "1#2", "1\\\n#2"},
        ReadRow{"escaped_key", "a\\ b\\=c\\:d=1\n", "a b=c:d", "1", "1"},
        ReadRow{"escapes", "a=\\t\\n\\r\\f\\q\\\\\n", "a", "\t\n\r\fq\\", "\\t\\n\\r\\f\\q\\\\"},
        ReadRow{"unicode", "a=\\u7f18\\uD83D\\ude00\n", "a", "缘😀", "\\u7f18\\uD83D\\ude00"},
        ReadRow{"unicode_key", "\\u7f18=1\n", "缘", "1", "1"},
        ReadRow{"half_a_pair", "a=\\ud83dx\n", "a", "\xEF\xBF\xBDx", "\\ud83dx", "surrogate"},
        ReadRow{"half_before_escape", "a=\\ud83d\\u0041\n", "a",
                "\xEF\xBF\xBD"
                "A",
                "\\ud83d\\u0041", "surrogate"},
        ReadRow{"utf8_or_latin1", "a=缘\n", "a", "缘", "缘", "ISO-8859-1"},
        ReadRow{"latin1", "a=\xE9\n", "a", "\xE9", "\xE9", "ISO-8859-1"},
        ReadRow{"latin1_in_a_comment", "# \xE9\na=1\n", "a", "1", "1"},
        ReadRow{"control", "a=\\u0001\n", "a", "\x01", "\\u0001", "control"}),
    RowName<ReadRow>);

class PropertiesRefusal : public testing::TestWithParam<RefusalRow> {};
TEST_P(PropertiesRefusal, NamesTheLineAndNoValue) { CheckRefused(Properties(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, PropertiesRefusal,
    testing::Values(
        RefusalRow{"duplicate", "a=hunter2\nb=1\na:2\n", "config-duplicate-key",
                   "a stands on line 1 and again on line 3"},
        RefusalRow{"duplicate_escaped", "a=hunter2\n\\u0061=2\n", "config-duplicate-key", "line 2"},
        RefusalRow{"byte_order_mark",
                   "\xEF\xBB\xBF"
                   "a=hunter2\n",
                   "config-unparsable", "line 1"},
        RefusalRow{"latin1_key", "b=1\n\xE9=hunter2\n", "config-unparsable", "line 2"},
        RefusalRow{"utf8_key", "缘=hunter2\n", "config-unparsable", "line 1"},
        RefusalRow{"empty_key", "=hunter2\n", "config-unparsable", "line 1"},
        RefusalRow{"control_in_key", "a\\u0007=hunter2\n", "config-unparsable", "line 1"},
        RefusalRow{"line_end_in_key", "a\\nb=hunter2\n", "config-unparsable", "line 1"},
        RefusalRow{"bad_escape", "b=1\\\n2\na=hunter2\\u12g4\n", "config-unparsable", "line 3"},
        RefusalRow{"cut_escape", "a=hunter2\\u12", "config-unparsable", "line 1"},
        RefusalRow{"ends_in_backslash", "a=hunter2\\", "config-unparsable", "line 1"},
        RefusalRow{"continues_into_nothing", "a=hunter2\\\n", "config-unparsable", "line 1"},
        RefusalRow{"begins_with_continuation", "\\\na=hunter2\n", "config-unparsable", "line 1"},
        RefusalRow{"continued_key", "a\\\n  b=hunter2\n", "config-unparsable", "line 1"},
        RefusalRow{"lone_cr", "a=hunter2\rb=1\n", "config-unparsable", "line 1"},
        RefusalRow{"nul", std::string("a=1\nb=\0\n", 8), "config-unparsable", "line 2"}),
    RowName<RefusalRow>);

class PropertiesEdit : public testing::TestWithParam<EditRow> {};
TEST_P(PropertiesEdit, ChangesOnlyTheValue) { CheckEdited(Properties(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, PropertiesEdit,
    testing::Values(
        EditRow{"nothing", "a = 1\\\n 2\n!x", {}, "a = 1\\\n 2\n!x"},
        EditRow{"same", "a = \\u0031\n", {{"a", "1"}}, "a = \\u0031\n"},
        EditRow{"value", "# c\n a : 1\r\nb=2", {{"a", "x y"}}, "# c\n a : x y\r\nb=2"},
        EditRow{"continued_becomes_one_line", "a=1\\\n  2\nb=3\n", {{"a", "4"}}, "a=4\nb=3\n"},
        EditRow{"escapes", "a=1\n", {{"a", "b\\c\n\t=:#!"}}, "a=b\\\\c\\n\\t=:#!\n"},
        EditRow{"keeps_escaped_separators", "a=x\\:y\n", {{"a", "p:q=r"}}, "a=p\\:q=r\n"},
        EditRow{"blanks_at_both_ends", "a=1\n", {{"a", "  b  "}}, "a=\\  b \\u0020\n"},
        EditRow{"one_blank", "a=1\n", {{"a", " "}}, "a=\\u0020\n"},
        EditRow{"not_ascii", "a=1\n", {{"a", "é缘😀"}}, "a=\\u00e9\\u7f18\\ud83d\\ude00\n"},
        EditRow{"separator_in_value_after_blank", "a 1\n", {{"a", "=x"}}, "a \\=x\n"},
        EditRow{"colon_in_value_after_blank", "a 1\n", {{"a", ":x"}}, "a \\:x\n"},
        EditRow{"after_equals_it_needs_none", "a=1\n", {{"a", "=x"}}, "a==x\n"},
        EditRow{"empties", "a=1\nb=2\n", {{"a", ""}}, "a=\nb=2\n"},
        EditRow{"fills", "a=\nb=2\n", {{"a", "x"}}, "a=x\nb=2\n"},
        EditRow{"fills_alone", "a\nb=2", {{"a", ":x"}}, "a=:x\nb=2"},
        EditRow{"removes", "a=1\n# c\nb=2\\\n 3\nd=4\n", {{"b", kGone}}, "a=1\n# c\nd=4\n"},
        EditRow{"removes_last_unended", "a=1\r\nb=2", {{"b", kGone}}, "a=1"},
        EditRow{"removes_absent", "a=1\n", {{"b", kGone}}, "a=1\n"},
        EditRow{"adds", "a : 1\n", {{"b", "2"}, {"c d", "3"}}, "a : 1\nb : 2\nc\\ d : 3\n"},
        EditRow{"adds_to_unended", "a=1\r\nx=2", {{"b", "2"}}, "a=1\r\nx=2\r\nb=2"},
        EditRow{"adds_to_nothing", "", {{"b", "2"}}, "b=2\n"},
        EditRow{"adds_after_blank_separator", "a 1\n", {{"b", ":2"}}, "a 1\nb \\:2\n"},
        EditRow{"adds_a_nasty_key", "a=1\n", {{"#k=é", "2"}}, "a=1\n\\#k\\=\\u00e9=2\n"},
        EditRow{"leaves_doubt_alone", "p=\xE9\na=1\n", {{"a", "2"}}, "p=\xE9\na=2\n"},
        EditRow{"control", "a=1\n", {{"a", "hunter2\x01"}}, "!config-value-unwritable"},
        EditRow{"not_utf8", "a=1\n", {{"a", "hunter2\xE9"}}, "!config-value-unwritable"},
        EditRow{"removes_below_a_continuation",
                "a=1\\\n\nb=2",
                {{"b", kGone}},
                "!config-key-unwritable"},
        EditRow{"empties_below_the_key", "a=\\\n  1\n", {{"a", ""}}, "!config-value-unwritable"},
        EditRow{"before_separator", "a \\\n=hunter2\n", {{"a", "2"}}, "!config-value-unwritable"},
        EditRow{"as_the_last_line", "a=1\nb=2\r\n", {{"c", "3"}}, "a=1\nb=2\r\nc=3\r\n"},
        EditRow{"twice", "a=1\n", {{"a", "2"}, {"a", "3"}}, "!config-edit-wrong"},
        EditRow{"empty_key", "a=1\n", {{"", "2"}}, "!config-key-unwritable"},
        EditRow{"unparsable", "=1\n", {{"a", "2"}}, "!config-unparsable"}),
    RowName<EditRow>);

}  // namespace
}  // namespace syncgate
