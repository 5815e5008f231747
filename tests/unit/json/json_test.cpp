#include "json/json.h"

#include <gtest/gtest.h>

#include "core/utf8.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

struct Refused {
  const char* name;
  const char* text;
  const char* message;
};
void PrintTo(const Refused& row, std::ostream* out) { *out << row.text; }

class ParseRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(ParseRefuses, WithLineAndColumn) {
  const auto value = ParseJson(GetParam().text, {.bytes = 100, .depth = 4});
  ASSERT_FALSE(value);
  const bool duplicate = std::string_view(GetParam().name).starts_with("Duplicate");
  EXPECT_EQ(value.error().code, duplicate ? "json-duplicate-key" : "json-invalid");
  EXPECT_EQ(value.error().message.substr(0, std::string_view(GetParam().message).size()),
            GetParam().message);
}

const std::string kLarge(101, ' ');

INSTANTIATE_TEST_SUITE_P(
    Table, ParseRefuses,
    ::testing::Values(
        Refused{"Empty", "", "the text ends too early"},
        Refused{"Cut", "{\"a\": [1", "the text ends too early"},
        Refused{"Duplicate", "{\"a\": 1,\n \"a\": 2}", "line 2, column 4: the key \"a\" stands"},
        Refused{"DuplicateEscaped", "{\"a\": 1, \"\\u0061\": 2}",
                "line 1, column 17: the key \"a\""},
        Refused{"DuplicateInside", "[{\"b\": {\"x\": 1, \"x\": 1}}]", "line 1, column 19: the key"},
        Refused{"Rest", "{}\n {}", "line 2, column 2: text after the end"},
        Refused{"Comment", "{} // x", "line 1, column 4: text after the end"},
        Refused{"TrailingComma", "[1,]", "line 1, column 4:"},
        Refused{"NaN", "[NaN]", "line 1, column 2:"},
        Refused{"Deep", "[[[[[1]]]]]", "line 1, column "},
        Refused{"InvalidUtf8", "\"\xFF\"", "line 1, column 2:"},
        Refused{"LoneSurrogate", "\"\\ud800\"", "line 1, column "},
        Refused{"Large", kLarge.c_str(), "the text is larger than 100 bytes"}),
    [](const auto& row) { return row.param.name; });

TEST(Json, SameKeyInTwoObjectsIsFine) { EXPECT_TRUE(ParseJson(R"([{"a":1},{"a":{"a":2}}])")); }

TEST(Json, CanonicalFormSortsKeysAndLeavesNoSpace) {
  const auto value = ParseJson(R"({"b": [1, null, true], "a": {"z": "\u00e9\n\u0001/", "y": -3}})");
  EXPECT_EQ(CanonicalJson(*value),
            "{\"a\":{\"y\":-3,\"z\":\"\xC3\xA9\\n\\u0001/\"},\"b\":[1,null,true]}");
}

TEST(Json, IntegersOf64BitsSurvive) {
  const char kText[] = "[18446744073709551615,-9223372036854775808,9223372036854775807]";
  EXPECT_EQ(CanonicalJson(*ParseJson(kText)), kText);
}

TEST(Json, PrettyFormKeepsTheOrderAndWhatFitsOnALine) {
  const auto value = ParseJson(R"({"b":{"x":[1,2]},"a":[],"long":[")" + std::string(60, 'x') +
                               R"(",")" + std::string(60, 'y') + R"("]})");
  const std::string text = PrettyJson(*value);
  EXPECT_EQ(text, "{\n  \"b\": {\"x\": [1, 2]},\n  \"a\": [],\n  \"long\": [\n    \"" +
                      std::string(60, 'x') + "\",\n    \"" + std::string(60, 'y') + "\"\n  ]\n}\n");
  EXPECT_EQ(*ParseJson(text), *value);
}

struct Pointed {
  const char* name;
  const char* pointer;
  const char* text;  // nullptr: an error
};
void PrintTo(const Pointed& row, std::ostream* out) { *out << row.pointer; }

class Pointer : public ::testing::TestWithParam<Pointed> {};

TEST_P(Pointer, ReadsOneScalarAsText) {
  const auto text = ReadPointer(
      R"({"s":"x y","i":-7,"u":18446744073709551615,"f":1.5,"t":true,"n":null,"l":[10,{"a/b":1,"m~n":2}],"":3})",
      GetParam().pointer);
  ASSERT_EQ(text.has_value(), GetParam().text != nullptr);
  if (text) {
    EXPECT_EQ(*text, GetParam().text);
  } else {
    EXPECT_EQ(text.error().code, "json-pointer");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Pointer,
    ::testing::Values(Pointed{"String", "/s", "x y"}, Pointed{"Integer", "/i", "-7"},
                      Pointed{"Unsigned", "/u", "18446744073709551615"},
                      Pointed{"Fraction", "/f", "1.5"}, Pointed{"True", "/t", "true"},
                      Pointed{"Null", "/n", "null"}, Pointed{"Element", "/l/0", "10"},
                      Pointed{"Slash", "/l/1/a~1b", "1"}, Pointed{"Tilde", "/l/1/m~0n", "2"},
                      Pointed{"EmptyKey", "/", "3"}, Pointed{"Absent", "/x", nullptr},
                      Pointed{"PastTheEnd", "/l/2", nullptr}, Pointed{"List", "/l", nullptr},
                      Pointed{"Whole", "", nullptr}, Pointed{"NoSlash", "s", nullptr}),
    [](const auto& row) { return row.param.name; });

TEST(Pointer, WholeBodyMayBeAScalar) { EXPECT_EQ(ReadPointer("\"ok\"", ""), "ok"); }
TEST(Pointer, BodyThatIsNoJsonIsSaid) {
  EXPECT_EQ(ReadPointer("<html>", "/a").error().code, "json-invalid");
}

TEST(Utf8, StrayBytesBecomeReplacementCharacters) {
  EXPECT_EQ(ToUtf8("a\xFF\xE4\xB8z"), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(ToUtf8("\xE4\xB8\xAD"), "\xE4\xB8\xAD");
}

}  // namespace
}  // namespace syncgate
