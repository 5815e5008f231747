#include "mysql/privileges.h"

#include <gmock/gmock.h>

namespace syncgate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ParseGrant, Lines) {
  Grant grant;
  ASSERT_TRUE(ParseGrant("GRANT SELECT, SHOW VIEW, TRIGGER ON `bazi`.* TO `sync`@`%`", &grant));
  EXPECT_EQ(grant.schema, "bazi");
  EXPECT_EQ(grant.table, "*");
  EXPECT_THAT(grant.rights, ElementsAre("SELECT", "SHOW VIEW", "TRIGGER"));
  EXPECT_FALSE(grant.to_role);

  ASSERT_TRUE(ParseGrant("GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*90'", &grant));
  EXPECT_EQ(grant.schema, "*");
  EXPECT_THAT(grant.rights, IsEmpty());

  ASSERT_TRUE(ParseGrant("GRANT SELECT (`a ON b`, `c)`), INSERT ON `d`.`x``y` TO 'u'@'h'", &grant));
  EXPECT_EQ(grant.table, "x`y");
  EXPECT_THAT(grant.rights, ElementsAre("INSERT"));
  EXPECT_THAT(grant.column_rights, ElementsAre("SELECT"));

  ASSERT_TRUE(ParseGrant("GRANT ALL PRIVILEGES ON `d`.* TO `r`", &grant));
  EXPECT_TRUE(grant.to_role);
  EXPECT_TRUE(grant.rights.contains("TRIGGER"));
  EXPECT_FALSE(grant.rights.contains("PROCESS"));
  ASSERT_TRUE(ParseGrant("GRANT ALL PRIVILEGES ON *.* TO `u`@`%` WITH GRANT OPTION", &grant));
  EXPECT_TRUE(grant.rights.contains("PROCESS"));

  ASSERT_TRUE(ParseGrant("REVOKE TRIGGER ON `d`.* FROM `u`@`%`", &grant));
  EXPECT_TRUE(grant.revoke);
}

TEST(ParseGrant, LinesWithoutRightsOnTables) {
  Grant grant;
  EXPECT_FALSE(ParseGrant("GRANT `r`@`%` TO `u`@`%`", &grant));
  EXPECT_FALSE(ParseGrant("GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION", &grant));
  EXPECT_FALSE(ParseGrant("GRANT EXECUTE ON PROCEDURE `d`.`p` TO `u`@`%`", &grant));
  EXPECT_FALSE(ParseGrant("SET DEFAULT ROLE `r` FOR `u`@`%`", &grant));
  EXPECT_FALSE(ParseGrant("", &grant));
}

TEST(SchemaMatches, Patterns) {
  EXPECT_TRUE(SchemaMatches("bazi", "bazi", true));
  EXPECT_TRUE(SchemaMatches("ba%", "bazi", true));
  EXPECT_TRUE(SchemaMatches("%i", "bazi", true));
  EXPECT_TRUE(SchemaMatches("b_zi", "bazi", true));
  EXPECT_FALSE(SchemaMatches("b\\_zi", "bazi", true));
  EXPECT_TRUE(SchemaMatches("b\\_zi", "b_zi", true));
  EXPECT_FALSE(SchemaMatches("ba%", "bazi", false));
  EXPECT_TRUE(SchemaMatches("ba%", "ba%", false));
  EXPECT_FALSE(SchemaMatches("bazi", "bazi2", true));
  EXPECT_FALSE(SchemaMatches("bazi2", "bazi", true));
  EXPECT_TRUE(SchemaMatches("%a%z%", "xaybzc", true));
}

}  // namespace
}  // namespace syncgate
