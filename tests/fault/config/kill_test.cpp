// SIGKILL at every point where moving a file can die, and every way on from there.
#include "fixture.h"

namespace syncgate::test {
namespace {

constexpr const char* kPoints[] = {"config.validated", "config.backed-up", "config.journalled",
                                   "config.temporary", "config.replaced",  "config.restarted"};

class ConfigKilled : public ConfigFault, public testing::WithParamInterface<const char*> {
 protected:
  void Check(bool ssh, int number) {
    SCOPED_TRACE(std::string(ssh ? "ssh " : "local ") + std::to_string(number));
    const std::string point = GetParam();
    const std::string fault = Fault(point + ":" + std::to_string(number) + ":kill");
    WriteProject("validate: [grep, -q, BOT_ID, '%s']\n    " + Service(), 0, ssh);
    ASSERT_TRUE(Plan());
    ASSERT_EQ(Apply("--auto-restart", fault).exit, 137);
    ExpectTheLawHolds("apply killed, apply, rollback");

    ASSERT_TRUE(Plan());
    ASSERT_EQ(Apply("--auto-restart", fault).exit, 137);
    for (const std::string name : {"a", "b"}) ASSERT_TRUE(IsWhole(name));
    const StepEnd back = Rollback();
    EXPECT_EQ(back.exit, 0) << back.text;
    ExpectOld();
    EXPECT_EQ(Running("a"), Old("a"));
    EXPECT_EQ(Running("b"), Old("b"));
    EXPECT_EQ(Leftovers(), std::vector<std::string>()) << "a killed run leaves no secrets behind";

    if (point != "config.temporary" && point != "config.replaced" && point != "config.restarted")
      return;
    ASSERT_EQ(Apply().exit, 0);
    ASSERT_EQ(Rollback("--auto-restart", fault).exit, 137);
    for (const std::string name : {"a", "b"}) ASSERT_TRUE(IsWhole(name));
    const StepEnd again = Rollback();
    EXPECT_EQ(again.exit, 0) << again.text;
    ExpectOld();
    EXPECT_EQ(Running("a"), Old("a"));
    EXPECT_EQ(Running("b"), Old("b"));
    ExpectTheLawHolds("rollback killed, rollback, apply, rollback");
  }
};

TEST_P(ConfigKilled, TheNodeEndsRight) {
  StartSshd();
  Check(true, 2);
}

class FullConfigKilled : public ConfigKilled {};

TEST_P(FullConfigKilled, TheNodeEndsRight) {
  StartSshd();
  for (const bool ssh : {true, false}) {
    for (const int number : {1, 2}) Check(ssh, number);
  }
}

std::string LabelOf(const testing::TestParamInfo<const char*>& point) {
  std::string label;
  for (const char c : std::string(point.param)) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) label += c;
  }
  return label;
}

INSTANTIATE_TEST_SUITE_P(At, ConfigKilled, testing::ValuesIn(kPoints), LabelOf);
INSTANTIATE_TEST_SUITE_P(At, FullConfigKilled, testing::ValuesIn(kPoints), LabelOf);

}  // namespace
}  // namespace syncgate::test
