#include "formats/raw_format.h"

#include "format_rows.h"

namespace syncgate {
namespace {

struct CheckRow {
  const char* name;
  const char* check;
  std::string bytes;
  const char* place;  // in the refusal; empty: it is taken
};
void PrintTo(const CheckRow& row, std::ostream* out) { *out << row.name; }

class RawCheckOf : public testing::TestWithParam<CheckRow> {};

// The same for a file that is there and for one that is to be.
TEST_P(RawCheckOf, TakesTheFormatAndNamesTheLine) {
  const CheckRow& row = GetParam();
  const Format& format = FormatNamed(std::string("raw:") + row.check);
  const auto entries = format.Parse(row.bytes);
  const auto written = FormatNamed("raw").Edit("", {{ConfigKey("(file)"), row.bytes}});
  ASSERT_TRUE(written);
  EXPECT_EQ(*written, row.bytes);
  if (row.place[0] == '\0') {
    ASSERT_TRUE(entries) << entries.error().message;
    ASSERT_EQ(entries->size(), 1U);
    EXPECT_EQ(entries->front().key.str(), kWholeFile);
    EXPECT_EQ(entries->front().value, row.bytes);
    EXPECT_EQ(format.Edit(row.bytes, {{ConfigKey("(file)"), row.bytes}}).value(), row.bytes);
    return;
  }
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().kind, ErrorKind::kRefused);
  EXPECT_EQ(entries.error().code, "config-unparsable");
  EXPECT_NE(entries.error().message.find(row.place), std::string::npos) << entries.error().message;
  EXPECT_EQ(entries.error().message.find("hunter2"), std::string::npos) << entries.error().message;
  EXPECT_FALSE(format.Edit(row.bytes, {}));
}

INSTANTIATE_TEST_SUITE_P(
    Ini, RawCheckOf,
    testing::Values(CheckRow{"ini", "ini", "; c\n[s]\na = 1\nb: x\n  more\n", ""},
                    CheckRow{"ini_crlf_unended", "ini", "[s]\r\na=1", ""},
                    CheckRow{"ini_mark", "ini", "\xEF\xBB\xBF[s]\na=1\n", ""},
                    CheckRow{"ini_long", "ini", "a=" + std::string(5000, 'x') + "\nb=1\n", ""},
                    CheckRow{"ini_text", "ini", "[s]\na=1\nhunter2\n", "line 3"},
                    CheckRow{"ini_open_section", "ini", "[hunter2\na=1\n", "line 1"},
                    CheckRow{"ini_nul", "ini", std::string("a=1\nb=\0\n", 8), "line 2"}),
    RowName<CheckRow>);

INSTANTIATE_TEST_SUITE_P(
    Toml, RawCheckOf,
    testing::Values(CheckRow{"toml", "toml", "a = 1 # c\n[s]\nb = [1,\n 2]\n", ""},
                    CheckRow{"toml_empty", "toml", "", ""},
                    CheckRow{"toml_bare_word", "toml", "a = 1\nb = hunter2\n", "line 2"},
                    CheckRow{"toml_twice", "toml", "a = 1\na = 'hunter2'\n", "line 2"},
                    CheckRow{"toml_open", "toml", "a = 'hunter2\n", "line 1"}),
    RowName<CheckRow>);

INSTANTIATE_TEST_SUITE_P(
    Xml, RawCheckOf,
    testing::Values(
        CheckRow{"xml", "xml", "<?xml version='1.0'?>\n<a><!-- c --><b x='1'/></a>\n", ""},
        CheckRow{"xml_empty", "xml", "", "line 1"},
        CheckRow{"xml_crossed", "xml", "<a>\n<b>hunter2</a></b>\n", "line 2"},
        CheckRow{"xml_two_roots", "xml", "<a/>\n<b>hunter2</b>\n", "line 2"},
        CheckRow{"xml_ampersand", "xml", "<a>hunter2 & x</a>\n", "line 1"},
        CheckRow{"xml_entities_without_end", "xml",
                 "<!DOCTYPE a [<!ENTITY b \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\">"
                 "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">"
                 "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"
                 "<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\">"
                 "<!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">]>"
                 "<a>&f;</a>",
                 "line 1"}),
    RowName<CheckRow>);

INSTANTIATE_TEST_SUITE_P(
    JsonAndYaml, RawCheckOf,
    testing::Values(CheckRow{"json", "json", "[1, {\"a\": 2}]\n", ""},
                    CheckRow{"json_mark", "json", "\xEF\xBB\xBF{}", ""},
                    CheckRow{"json_comma", "json", "{\"a\": \"hunter2\",}\n", "JSON"},
                    CheckRow{"yaml", "yaml", "a: 1\n---\n- &x b\n- *x\n", ""},
                    CheckRow{"yaml_empty", "yaml", "", ""},
                    // yaml-cpp 0.7 reads these two without ever coming to their end.
                    CheckRow{"yaml_comma", "yaml", ",", "line 1"},
                    CheckRow{"yaml_close", "yaml", "a: hunter2\n]", "line 2"},
                    CheckRow{"yaml_open", "yaml", "a: [hunter2\n", "line"},
                    CheckRow{"yaml_indent", "yaml", "a: 1\n b: hunter2\n", "line 2"},
                    CheckRow{"yaml_nul", "yaml", std::string("a: 1\nb: \0\n", 10), "line 2"}),
    RowName<CheckRow>);

class RawRefusal : public testing::TestWithParam<RefusalRow> {};
TEST_P(RawRefusal, NamesNoValue) { CheckRefused(FormatNamed("raw"), GetParam()); }
INSTANTIATE_TEST_SUITE_P(All, RawRefusal,
                         testing::Values(RefusalRow{"not_utf8", "hunter2\xE9", "config-unparsable",
                                                    "not UTF-8"}),
                         RowName<RefusalRow>);

class RawEdit : public testing::TestWithParam<EditRow> {};
TEST_P(RawEdit, IsTheWholeFile) { CheckEdited(FormatNamed("raw:ini"), GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    All, RawEdit,
    testing::Values(
        EditRow{"nothing", "a=1\r\n", {}, "a=1\r\n"},
        EditRow{"whole", "a=1\n", {{"(file)", "\xEF\xBB\xBF[s]\r\nb=2"}}, "\xEF\xBB\xBF[s]\r\nb=2"},
        EditRow{"empties", "a=1\n", {{"(file)", ""}}, ""},
        EditRow{"removes", "a=1\n", {{"(file)", kGone}}, "!config-key-unwritable"},
        EditRow{"a_key", "a=1\n", {{"a", "2"}}, "!config-key-unwritable"},
        EditRow{"unparsable_result", "a=1\n", {{"(file)", "hunter2"}}, "!config-unparsable"},
        EditRow{"result_not_utf8", "a=1\n", {{"(file)", "a=\xE9"}}, "!config-unparsable"},
        EditRow{"unparsable_target", "x", {{"(file)", "a=1"}}, "!config-unparsable"},
        EditRow{"twice", "", {{"(file)", "a=1"}, {"(file)", "a=2"}}, "!config-edit-wrong"}),
    RowName<EditRow>);

}  // namespace
}  // namespace syncgate
