#include "formats/json_format.h"

#include "format_rows.h"

namespace syncgate {
namespace {

const Format& Json() { return FormatNamed("json"); }

class JsonRead : public testing::TestWithParam<ReadRow> {};
TEST_P(JsonRead, WithItsType) { CheckRead(Json(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, JsonRead,
    testing::Values(ReadRow{"string", R"({"a":"x"})", "/a", R"("x")", R"("x")"},
                    ReadRow{"string_of_digits", R"({"a":"5"})", "/a", R"("5")", R"("5")"},
                    ReadRow{"number", R"({"a": 5 })", "/a", "5", "5"},
                    ReadRow{"large", R"({"a":12345678901234567890123})", "/a",
                            "12345678901234567890123", "12345678901234567890123"},
                    ReadRow{"fraction_keeps_its_zeros", R"({"a":1.50})", "/a", "1.50", "1.50"},
                    ReadRow{"exponent", R"({"a":-1E+2})", "/a", "-1E+2", "-1E+2"},
                    ReadRow{"true", R"({"a":true})", "/a", "true", "true"},
                    ReadRow{"null", R"({"a":null})", "/a", "null", "null"},
                    ReadRow{"escapes_are_read", R"({"a":"\u0078\/\ud83d\ude00\n"})", "/a",
                            "\"x/😀\\n\"", R"("\u0078\/\ud83d\ude00\n")"},
                    ReadRow{"nested", "{\n \"s\": {\"b\" : {\n\"c\":\t1}}}", "/s/b/c", "1", "1"},
                    ReadRow{"escaped_pointer", R"({"a/b":{"m~n":1}})", "/a~1b/m~0n", "1", "1"},
                    ReadRow{"empty_name", R"({"":{"":1}})", "//", "1", "1"},
                    ReadRow{"escaped_name", R"({"\u0061":1})", "/a", "1", "1"},
                    ReadRow{"list", "{\"a\": [1, \"x\",\n null]}", "/a", R"([1,"x",null])",
                            "[1, \"x\",\n null]"},
                    ReadRow{"empty_list", R"({"a":[ ]})", "/a", "[]", "[ ]"},
                    ReadRow{"list_of_objects", R"({"a":[{"b":1}]})", "/a", R"([{"b":1}])",
                            R"([{"b":1}])", "list that holds objects"},
                    ReadRow{"list_of_lists", R"({"a":[[1]]})", "/a", "[[1]]", "[[1]]",
                            "list that holds"},
                    ReadRow{"byte_order_mark", "\xEF\xBB\xBF{\"a\":1}\r\n", "/a", "1", "1"}),
    RowName<ReadRow>);

class JsonRefusal : public testing::TestWithParam<RefusalRow> {};
TEST_P(JsonRefusal, NamesTheLineAndNoValue) { CheckRefused(Json(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    All, JsonRefusal,
    testing::Values(
        RefusalRow{"empty", "", "config-unparsable", "ends too early"},
        RefusalRow{"comment", "{\n\"a\": \"hunter2\" // x\n}", "config-unparsable", "line 2"},
        RefusalRow{"trailing_comma", "{\"a\":\n\"hunter2\",}", "config-unparsable", "line 2"},
        RefusalRow{"single_quotes", "{'a':'hunter2'}", "config-unparsable", "line 1"},
        RefusalRow{"duplicate", "{\"a\":1,\n\"b\":{\"x\":1,\n\"x\":\"hunter2\"}}",
                   "config-duplicate-key", "line 3"},
        RefusalRow{"duplicate_escaped", R"({"a":1,"\u0061":"hunter2"})", "config-duplicate-key",
                   "\"a\""},
        RefusalRow{"list", R"(["hunter2"])", "config-unparsable", "no object"},
        RefusalRow{"scalar", R"("hunter2")", "config-unparsable", "no object"},
        RefusalRow{"two_values", "{\"a\":\"hunter2\"}\n{}", "config-unparsable", "line 2"},
        RefusalRow{"not_utf8", "{\"a\":\"hunter2\xE9\"}", "config-unparsable", "line 1"},
        RefusalRow{"half_a_pair", R"({"a":"hunter2\ud83d"})", "config-unparsable", "line 1"},
        RefusalRow{"nan", R"({"a":NaN})", "config-unparsable", "line 1"},
        RefusalRow{"leading_zero", R"({"a":012})", "config-unparsable", "line 1"},
        RefusalRow{"control_in_key", R"({"a\u001b":"hunter2"})", "config-unparsable", "line 1"},
        RefusalRow{"deep", std::string(70, '[') + std::string(70, ']'), "config-unparsable",
                   "line 1"},
        RefusalRow{"utf16", std::string("{\0\"\0", 4), "config-unparsable", "line 1"}),
    RowName<RefusalRow>);

class JsonEdit : public testing::TestWithParam<EditRow> {};
TEST_P(JsonEdit, ChangesOnlyTheValue) { CheckEdited(Json(), GetParam()); }

const char kPretty[] = "{\n  \"s\": {\n    \"id\": 1,\n    \"on\": true\n  },\n  \"z\": []\n}\n";

INSTANTIATE_TEST_SUITE_P(
    Values, JsonEdit,
    testing::Values(
        EditRow{"nothing", kPretty, {}, kPretty},
        EditRow{"same_value_other_spelling",
                R"({"a":"\u0061"})",
                {{"/a", R"("a")"}},
                R"({"a":"\u0061"})"},
        EditRow{"number",
                "{ \"a\" :\t1 ,\r\n\"b\":2 }",
                {{"/a", "42"}},
                "{ \"a\" :\t42 ,\r\n\"b\":2 }"},
        EditRow{"number_to_string", R"({"a":5})", {{"/a", R"("5")"}}, R"({"a":"5"})"},
        EditRow{"string_to_number", R"({"a":"5"})", {{"/a", "5"}}, R"({"a":5})"},
        EditRow{"spelling_of_numbers_counts", R"({"a":1.5})", {{"/a", "1.50"}}, R"({"a":1.50})"},
        EditRow{"to_null", R"({"a":"hunter2"})", {{"/a", "null"}}, R"({"a":null})"},
        EditRow{"escapes", R"({"a":1})", {{"/a", R"("\"\\\n/é")"}}, R"({"a":"\"\\\n/é"})"},
        EditRow{"stays_ascii",
                R"({"a":"\u00e9"})",
                {{"/a", "\"缘😀\""}},
                R"({"a":"\u7f18\ud83d\ude00"})"},
        EditRow{"byte_order_mark", "\xEF\xBB\xBF{\"a\":1}", {{"/a", "2"}}, "\xEF\xBB\xBF{\"a\":2}"},
        EditRow{"several",
                R"({"a":1,"b":{"c":"x"},"d":3})",
                {{"/d", "4"}, {"/a", "0"}, {"/b/c", R"("yy")"}},
                R"({"a":0,"b":{"c":"yy"},"d":4})"},
        EditRow{"list_item", "{\"a\": [1,  2,\n3]}", {{"/a", "[1,5,3]"}}, "{\"a\": [1,  5,\n3]}"},
        EditRow{"list_grows", "{\"a\": [1,2]}", {{"/a", "[1,2,3]"}}, "{\"a\": [1,2,3]}"},
        EditRow{"list_grows_in_front",
                "{\"a\": [\"\\u0061\",2]}",
                {{"/a", "[0,\"a\",2]"}},
                "{\"a\": [0,\"\\u0061\",2]}"},
        EditRow{"list_over_lines_grows",
                "{\"a\": [\n  1\n]}",
                {{"/a", "[1,2]"}},
                "{\"a\": [\n  1,\n  2\n]}"},
        EditRow{"list_shrinks", "{\"a\": [ 1, 2, 3 ]}", {{"/a", "[1,3]"}}, "{\"a\": [ 1, 3 ]}"},
        EditRow{"list_empties", "{\"a\": [\n1\n]}", {{"/a", "[]"}}, "{\"a\": []}"},
        EditRow{"list_fills", "{\"a\": []}", {{"/a", R"([1,"x"])"}}, "{\"a\": [1, \"x\"]}"},
        EditRow{"scalar_to_list", R"({"a":1})", {{"/a", "[1,2]"}}, R"({"a":[1,2]})"},
        EditRow{"list_to_scalar", R"({"a":[1,2]})", {{"/a", "7"}}, R"({"a":7})"},
        EditRow{"no_json_value", R"({"a":1})", {{"/a", ".inf"}}, "!config-value-unwritable"},
        EditRow{"no_value", R"({"a":1})", {{"/a", "hunter2 x"}}, "!config-value-unwritable"},
        EditRow{"list_of_objects",
                R"({"a":1})",
                {{"/a", R"([{"b":"hunter2"}])"}},
                "!config-value-unwritable"},
        EditRow{"object_in_the_way",
                R"({"a":{"b":"hunter2"}})",
                {{"/a", "1"}},
                "!config-key-unwritable"},
        EditRow{
            "list_in_the_way", R"({"a":["hunter2"]})", {{"/a/0", "1"}}, "!config-key-unwritable"},
        EditRow{"twice", R"({"a":1})", {{"/a", "2"}, {"/a", "3"}}, "!config-edit-wrong"}),
    RowName<EditRow>);

INSTANTIATE_TEST_SUITE_P(
    Keys, JsonEdit,
    testing::Values(
        EditRow{"adds_pretty",
                kPretty,
                {{"/s/x", "2"}},
                "{\n  \"s\": {\n    \"id\": 1,\n    \"on\": true,\n    \"x\": 2\n  },\n  \"z\": "
                "[]\n}\n"},
        EditRow{"adds_at_root",
                kPretty,
                {{"/y", R"("q")"}},
                "{\n  \"s\": {\n    \"id\": 1,\n    \"on\": true\n  },\n  \"z\": [],\n  \"y\": "
                "\"q\"\n}\n"},
        EditRow{"adds_compact", R"({"a":1})", {{"/b", "2"}}, R"({"a":1,"b":2})"},
        EditRow{"adds_spaced", R"({"a": 1})", {{"/b", "2"}}, R"({"a": 1, "b": 2})"},
        EditRow{"adds_crlf_tabs",
                "{\r\n\t\"a\" : 1\r\n}",
                {{"/b", "2"}},
                "{\r\n\t\"a\" : 1,\r\n\t\"b\" : 2\r\n}"},
        EditRow{"adds_leading_commas",
                "{ \"a\": 1\n, \"b\": 2\n}",
                {{"/c", "3"}},
                "{ \"a\": 1\n, \"b\": 2\n, \"c\": 3\n}"},
        EditRow{"adds_two", R"({"a":1})", {{"/b", "2"}, {"/c", "[3]"}}, R"({"a":1,"b":2,"c":[3]})"},
        EditRow{"adds_to_empty", "{\"a\": {}}\n", {{"/a/b", "2"}}, "{\"a\": {\"b\": 2}}\n"},
        EditRow{"adds_nasty_name", R"({"a":1})", {{"/x~1y~0\"", "2"}}, R"({"a":1,"x/y~\"":2})"},
        EditRow{"adds_to_empty_over_lines",
                "{\"a\": {\n}}\n",
                {{"/a/b", "2"}},
                "!config-key-unwritable"},
        EditRow{"parent_missing", R"({"a":1})", {{"/b/c", "2"}}, "!config-key-unwritable"},
        EditRow{"parent_is_a_value", R"({"a":1})", {{"/a/c", "2"}}, "!config-key-unwritable"},
        EditRow{"no_pointer", R"({"a":1})", {{"b", "2"}}, "!config-key-unwritable"},
        EditRow{"bad_escape", R"({"a":1})", {{"/b~2", "2"}}, "!config-key-unwritable"},
        EditRow{
            "removes_first", "{\n  \"a\": 1,\n  \"b\": 2\n}", {{"/a", kGone}}, "{\n  \"b\": 2\n}"},
        EditRow{
            "removes_last", "{\n  \"a\": 1,\n  \"b\": 2\n}", {{"/b", kGone}}, "{\n  \"a\": 1\n}"},
        EditRow{"removes_middle", R"({"a":1, "b":2,"c":3})", {{"/b", kGone}}, R"({"a":1,"c":3})"},
        EditRow{"removes_only", "{\"a\": {\n\"b\": 1\n}}", {{"/a/b", kGone}}, "{\"a\": {}}"},
        EditRow{"removes_all",
                R"({"a":1,"b":2,"c":3})",
                {{"/c", kGone}, {"/a", kGone}, {"/b", kGone}},
                "{}"},
        EditRow{"renames_the_only_one",
                "{\n  \"a\": 1\n}",
                {{"/a", kGone}, {"/b", "2"}},
                "{\n  \"b\": 2\n}"},
        EditRow{"removes_absent", R"({"a":1})", {{"/x/y", kGone}}, R"({"a":1})"},
        EditRow{"removes_a_list", R"({"a":[{"x":1}],"b":2})", {{"/a", kGone}}, R"({"b":2})"},
        EditRow{"swaps",
                R"({"a":1,"b":2})",
                {{"/b", kGone}, {"/c", "3"}, {"/a", "0"}},
                R"({"a":0,"c":3})"}),
    RowName<EditRow>);

}  // namespace
}  // namespace syncgate
