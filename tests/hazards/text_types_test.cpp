// Texts and bytes: every character set next to utf8mb4, the bytes that quoting trips over, and
// columns at their full length.
#include "hazards/column_types.h"

namespace syncgate::test {
namespace {

// All byte values from..255 as a literal; behind an introducer a text of that character set.
std::string AllBytes(int from) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text = "0x";
  for (int byte = from; byte < 256; ++byte) {
    text += kHex[byte / 16];
    text += kHex[byte % 16];
  }
  return text;
}

// What escaping gets wrong.
const std::vector<std::string> kAwkward = {
    "''",     "' '",       "'a'",          "'a '",         "'A'",      "'\\''",
    "'\\\\'", "'\\\\\\''", "'\"'",         "'`'",          "'--'",     "'/*!99999 x */'",
    "';'",    "'%_'",      "_binary 0x00", "_binary 0x1a", "'\\r\\n'", "'\\n'",
    "'\\t'",  "'NULL'",    "'N'",          "'1:a,1:b'",    "'0x41'",   "'{{x}}'",
    "NULL"};

TEST_F(ColumnTypes, TextsThatQuotingTripsOver) {
  std::vector<std::string> texts = kAwkward;
  texts.insert(texts.end(), {"'你好'", "'😀'", "'e\u0301'", "'\u00e9'", "'\u202e'", "'\ufeff'"});
  Travel({Values("VARCHAR(30) COLLATE utf8mb4_bin", texts),
          Values("VARCHAR(30) COLLATE utf8mb4_general_ci", texts),
          Values("TEXT CHARACTER SET utf8mb4", texts), Values("VARBINARY(40)", texts)});
}

TEST_F(ColumnTypes, PaddedTextsAndBytes) {
  Travel({Values("CHAR(5)", {"''", "'a'", "'  a'", "'你好吗😀!'", "NULL"}),
          Values("BINARY(5)", {"''", "'a'", "'a\\0'  'x'", "0x0000000001", "0xffffffffff", "NULL"}),
          Values("VARBINARY(5)", {"''", "0x00", "0x0000", "'a'", "'a '", "0xff", "NULL"}),
          Values("CHAR(0)", {"''", "NULL"})});
}

TEST_F(ColumnTypes, Latin1NextToUtf8) {
  TypeCase both;
  both.columns = "l VARCHAR(200) CHARACTER SET latin1, u VARCHAR(200) CHARACTER SET utf8mb4";
  both.rows = {"_latin1 " + AllBytes(128) + ", 'é€你😀'", "'é€', 'é€'", "'e', 'é'",
               "_latin1 0x00275c22, '\\0\\'\\\\\"'", "NULL, ''"};
  Travel({both, Values("VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german2_ci",
                       {"'ä'", "'ae'", "'Ä'"})});
}

// Second bytes that are a backslash or a quote in ASCII.
TEST_F(ColumnTypes, GbkAndOtherEastAsianTexts) {
  Travel({Values("VARCHAR(30) CHARACTER SET gbk",
                 {"_gbk 0xbf5c", "_gbk 0x815c27", "_gbk 0x5c", "_gbk 0xc4e3bac3", "'a'", "NULL"}),
          Values("VARCHAR(30) CHARACTER SET gb2312", {"_gb2312 0xc4e3", "'a'"}),
          Values("VARCHAR(30) CHARACTER SET big5",
                 {"_big5 0xa55c", "_big5 0xb35c27", "_big5 0xa741", "NULL"}),
          Values("VARCHAR(30) CHARACTER SET sjis", {"_sjis 0x835c", "_sjis 0x945c27", "'a'"}),
          Values("VARCHAR(30) CHARACTER SET cp932", {"_cp932 0x835c", "_cp932 0x8740", "'a'"}),
          Values("VARCHAR(30) CHARACTER SET ujis", {"_ujis 0xa4a2", "'a'"}),
          Values("VARCHAR(30) CHARACTER SET euckr", {"_euckr 0xb0a1", "'a'"})});
}

TEST_F(ColumnTypes, OtherUnicodeForms) {
  const std::vector<std::string> texts = {"'你\\\\\\''", "'é'", "'a'", "''", "NULL"};
  std::vector<std::string> wide = texts;
  wide.emplace_back("'😀'");
  Travel({Values("VARCHAR(30) CHARACTER SET utf8mb3", texts),
          Values("VARCHAR(30) CHARACTER SET ucs2", texts),
          Values("VARCHAR(30) CHARACTER SET utf16", wide),
          Values("VARCHAR(30) CHARACTER SET utf16le", wide),
          Values("VARCHAR(30) CHARACTER SET utf32", wide)});
}

TEST_F(ColumnTypes, SmallCharacterSets) {
  Travel({Values("VARCHAR(30) CHARACTER SET ascii", {"'a'", "'\\\\'", "''"}),
          Values("VARCHAR(30) CHARACTER SET cp1251", {"'ж'", "'Ж'", "'z'"}),
          Values("VARCHAR(30) CHARACTER SET koi8r", {"'ж'", "'Ж'", "'z'"}),
          Values("VARCHAR(30) CHARACTER SET latin2", {"'ł'", "'l'"}),
          Values("VARCHAR(30) CHARACTER SET latin5", {"'ğ'", "'g'"}),
          Values("VARCHAR(30) CHARACTER SET greek", {"'λ'", "'l'"}),
          Values("VARCHAR(30) CHARACTER SET hebrew", {"'א'", "'a'"}),
          Values("VARCHAR(30) CHARACTER SET binary", {"'a'", "0xff00"})});
}

TEST_F(ColumnTypes, BlobsAndTextsAtTheirFullLength) {
  const auto full = [](const std::string& of, int length) {
    return std::vector<std::string>{
        "REPEAT(" + of + ", " + std::to_string(length) + ")",
        "CONCAT(REPEAT(" + of + ", " + std::to_string(length - 1) + "), 'x')", "''", "NULL"};
  };
  Travel({Values("TINYBLOB", full("0xff", 255)), Values("TINYTEXT", full("'\\\\'", 255)),
          Values("BLOB", full("0x00", 65535)), Values("TEXT", full("'\\''", 65535)),
          Values("MEDIUMBLOB", full("0x5c", 80000)), Values("MEDIUMTEXT", full("'你'", 30000)),
          Values("LONGBLOB", full("0x27", 80000)), Values("LONGTEXT", full("'😀'", 30000)),
          Values("BLOB", {AllBytes(0), AllBytes(1)})});
}

}  // namespace
}  // namespace syncgate::test
