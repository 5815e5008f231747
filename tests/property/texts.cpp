#include "property/texts.h"

namespace syncgate::test {
namespace {

using Texts = std::vector<std::string>;

const Texts& AsciiPieces() {
  static const Texts kPieces = {
      "a",  "A",  "b",  " ",   "  ", "\t", "\n",   "\r", std::string(1, 0),
      "'",  "\"", "\\", "\\'", "`",  ",",  "#",    "N",  "0",
      "1:", "%",  "_",  ";",   "--", "/*", "\x1a", "ss", "\x7f"};
  return kPieces;
}

Texts OwnPieces(const std::string& charset) {
  if (charset == "latin1") return {"\xe4", "\xc4", "\xdf", "\x80", "\x81", "\xff", "\xa0", "\xe9"};
  // The second byte of a character may be a backslash or a letter.
  if (charset == "gbk") return {"\xbf\x5c", "\xc4\xe3", "\x81\x40", "\xd2\x41", "\xd2\x61"};
  if (charset == "ascii") return {"z", "Z"};
  Texts pieces = {"ä", "Ä", "a\xcc\x88", "ß", "é", "你", "\xef\xbb\xbf", "\xe2\x80\x8b", "ｱ", "İ"};
  if (charset == "utf8mb4") pieces.insert(pieces.end(), {"😀", "😁", "𝒳"});
  return pieces;
}

}  // namespace

Charset AnyCharset(Dice& dice, const ServerInfo& server) {
  const bool mysql = server.flavor == Flavor::kMySql;
  switch (dice.Below(8)) {
    case 0:
      return {"latin1", dice.Of<std::string>({"latin1_swedish_ci", "latin1_bin",
                                              "latin1_german2_ci", "latin1_general_cs"})};
    case 1:
      return {"gbk", dice.Of<std::string>({"gbk_chinese_ci", "gbk_bin"})};
    case 2:
      return {"utf8mb3", dice.Of<std::string>({"utf8mb3_general_ci", "utf8mb3_bin"})};
    case 3:
      return {"ascii", dice.Of<std::string>({"ascii_general_ci", "ascii_bin"})};
    default:
      if (mysql) {
        return {"utf8mb4", dice.Of<std::string>({"utf8mb4_0900_ai_ci", "utf8mb4_0900_as_cs",
                                                 "utf8mb4_0900_bin", "utf8mb4_bin",
                                                 "utf8mb4_general_ci", "utf8mb4_unicode_ci"})};
      }
      return {"utf8mb4", dice.Of<std::string>({"utf8mb4_general_ci", "utf8mb4_bin",
                                               "utf8mb4_unicode_ci", "utf8mb4_nopad_bin",
                                               "utf8mb4_unicode_nopad_ci", "utf8mb4_turkish_ci"})};
  }
}

std::string NastyText(Dice& dice, const Charset& charset) {
  const Texts own = OwnPieces(charset.name);
  std::string text;
  // Short ones meet each other under a collation.
  const std::size_t length = dice.Percent(60) ? dice.Below(3) : dice.Below(6);
  for (std::size_t i = 0; i < length; ++i) {
    text += dice.Percent(30) ? dice.Of(own) : dice.Of(AsciiPieces());
  }
  return text;
}

std::string NastyBytes(Dice& dice, std::size_t size) {
  static const Texts kBytes = {std::string(1, 0), "\xff", "'", "\\", "\"", " ", "a", "A", "\x80"};
  std::string bytes;
  const std::size_t length = dice.Percent(60) ? dice.Below(3) : dice.Below(size + 1);
  for (std::size_t i = 0; i < length; ++i) {
    bytes +=
        dice.Percent(70) ? dice.Of(kBytes) : std::string(1, static_cast<char>(dice.Below(256)));
  }
  return bytes.substr(0, size);
}

}  // namespace syncgate::test
