#include "mysql/errors.h"

#include <gmock/gmock.h>

namespace syncgate {
namespace {

using testing::HasSubstr;
using testing::Not;

Error Map(unsigned number, const std::string& text = "the server's text") {
  return MapServerError({number, "HY000", text}, "node1", "INSERT");
}

TEST(MysqlErrors, EveryErrorSaysWhereWhatAndWhatToDo) {
  for (const unsigned number :
       {1213U, 1205U, 2003U, 2013U, 1045U, 1049U, 1040U, 1142U, 1146U, 1412U,
        1062U, 1451U, 3819U, 4025U, 1290U, 3024U, 1969U, 2026U, 1406U, 9999U}) {
    const Error error = Map(number);
    EXPECT_TRUE(error.message.starts_with("node1: INSERT: ")) << error.message;
    EXPECT_THAT(error.message, HasSubstr(std::to_string(number)));
    EXPECT_FALSE(error.hint.empty());
    EXPECT_EQ(error.server.number, number);
    EXPECT_EQ(error.server.text, "the server's text");
  }
}

TEST(MysqlErrors, KindsByNumber) {
  for (const unsigned number : {1205U, 1213U, 3572U, 1020U, 3101U}) {
    EXPECT_EQ(Map(number).kind, ErrorKind::kRetryTransaction) << number;
  }
  for (const unsigned number :
       {2002U, 2003U, 2005U, 2006U, 2013U, 2055U, 1927U, 1317U, 1040U, 1203U, 1226U, 1412U, 3024U,
        1969U, 1047U, 3796U, 3797U, 3798U, 3799U}) {
    EXPECT_EQ(Map(number).kind, ErrorKind::kTryLater) << number;
  }
  for (const unsigned number : {1045U, 1044U, 1698U, 2059U, 2061U, 1049U, 1146U, 2026U}) {
    EXPECT_EQ(Map(number).kind, ErrorKind::kFixProject) << number;
  }
  for (const unsigned number : {1142U, 1143U, 1227U, 1370U, 1062U, 1451U, 1452U, 1216U, 1217U,
                                3819U, 4025U, 1290U, 1836U, 3098U}) {
    EXPECT_EQ(Map(number).kind, ErrorKind::kRefused) << number;
  }
  EXPECT_EQ(Map(1).kind, ErrorKind::kFailed);
  EXPECT_EQ(Map(1).code, "mysql-error");
}

TEST(MysqlErrors, TextIsShortOneLineAndNeverTheStatement) {
  const std::string wide = "\xE5\x85\xAB";
  std::string text = "first\n::error::injected\r\x1b[31m";
  while (text.size() < 400) text += wide;
  const std::string message = Map(1452, text).message;
  EXPECT_LT(message.size(), 330U);
  for (const char c : message) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << message;
  EXPECT_TRUE(message.ends_with(wide + "...)")) << message;
  EXPECT_THAT(Map(1064, "near 'secret'").message, Not(HasSubstr("secret")));
}

TEST(MysqlErrors, TextThatQuotesAValueIsLeftOut) {
  for (const unsigned number :
       {1062U, 1292U, 1366U, 1300U, 1526U, 1643U, 1644U, 3616U, 3617U, 3854U, 4038U}) {
    EXPECT_THAT(Map(number, "Duplicate entry 'secret' for key 'u'").message,
                Not(HasSubstr("secret")))
        << number;
  }
}

TEST(MysqlErrors, StatementVerb) {
  EXPECT_EQ(StatementVerb("  insert into t values (1)"), "INSERT");
  EXPECT_EQ(StatementVerb("/* x */ select"), "statement");
  EXPECT_EQ(StatementVerb(""), "statement");
}

}  // namespace
}  // namespace syncgate
