#include "config/checks.h"

#include <gtest/gtest.h>

#include "directory_host.h"

namespace syncgate {
namespace {

using std::chrono::milliseconds;

class Checks : public testing::Test {
 protected:
  Checks() {
    context_.target = host_.Path(".env");
    host_.Put(context_.target, "BOT_ID=abc\n");
    context_.after_digest = Digest::Of("BOT_ID=abc\n");
    context_.values = {{ConfigKey("BOT_ID"), "abc"}};
    context_.hidden = {Secret("hunter2")};
    context_.http = [this](const std::string&, milliseconds) -> Result<HttpAnswer> {
      ++requests_;
      if (requests_ <= failures_) return Fail(ErrorKind::kTryLater, "http-unreachable", "refused");
      return answer_;
    };
    context_.json = [](std::string_view body, std::string_view pointer) -> Result<std::string> {
      if (pointer != "/bot_id") return Fail(ErrorKind::kFailed, "json", "no such value");
      return std::string(body);
    };
  }

  CheckSpec Http() const {
    CheckSpec check;
    check.kind = CheckSpec::Kind::kHttp;
    check.name = "health";
    check.url = "http://127.0.0.1/health";
    check.attempts = 3;
    check.interval = milliseconds(1);
    return check;
  }

  CheckSpec Command(std::vector<std::string> argv) const {
    CheckSpec check = Http();
    check.kind = CheckSpec::Kind::kCommand;
    check.argv = std::move(argv);
    return check;
  }

  CheckResult Run(const CheckSpec& check) { return RunChecks(host_, {check}, context_).at(1); }

  DirectoryHost host_;
  CheckContext context_;
  HttpAnswer answer_{200, "abc"};
  int requests_ = 0;
  int failures_ = 0;
};

TEST_F(Checks, TheFileIsAlwaysChecked) {
  EXPECT_TRUE(RunChecks(host_, {}, context_).at(0).passed);
  EXPECT_EQ(RunChecks(host_, {CheckSpec{}}, context_).size(), 1U);
  host_.Put(context_.target, "BOT_ID=other\n");
  const auto results = RunChecks(host_, {Http()}, context_);
  EXPECT_FALSE(results.at(0).passed);
  EXPECT_NE(results.at(0).detail.find("other bytes than planned"), std::string::npos);
  EXPECT_TRUE(results.at(1).passed);
  host_.lost = true;
  EXPECT_FALSE(RunChecks(host_, {}, context_).at(0).passed);
}

TEST_F(Checks, HttpTriesAgain) {
  failures_ = 2;
  const CheckResult result = Run(Http());
  EXPECT_TRUE(result.passed) << result.detail;
  EXPECT_EQ(result.attempts, 3U);
  EXPECT_EQ(result.kind, "http");
  requests_ = 0;
  failures_ = 3;
  EXPECT_FALSE(Run(Http()).passed);
  EXPECT_EQ(requests_, 3);
}

TEST_F(Checks, HttpExpectations) {
  const struct {
    const char* name;
    HttpAnswer answer;
    std::optional<std::string> pointer, equals, key;
    bool passed;
    const char* detail;
  } rows[] = {
      {"status", {503, "hunter2"}, {}, {}, {}, false, "status 503, expected 200"},
      {"ok", {200, ""}, {}, {}, {}, true, "status 200"},
      {"equals", {200, "x"}, "/bot_id", "x", {}, true, "/bot_id is \"x\""},
      {"equals_not", {200, "y"}, "/bot_id", "x", {}, false, "/bot_id is \"y\", expected \"x\""},
      {"exists", {200, "y"}, "/bot_id", {}, {}, true, "/bot_id is \"y\""},
      {"absent", {200, "y"}, "/other", {}, {}, false, "no such value"},
      {"key", {200, "abc"}, "/bot_id", {}, "BOT_ID", true, "/bot_id is \"abc\""},
      {"key_not",
       {200, "a\nhunter2"},
       "/bot_id",
       {},
       "BOT_ID",
       false,
       "/bot_id is \"a\\n***\", expected \"abc\""},
  };
  for (const auto& row : rows) {
    CheckSpec check = Http();
    check.attempts = 1;
    check.pointer = row.pointer;
    check.equals = row.equals;
    if (row.key) check.equals_key = ConfigKey(*row.key);
    answer_ = row.answer;
    const CheckResult result = Run(check);
    EXPECT_EQ(result.passed, row.passed) << row.name;
    EXPECT_EQ(result.detail, row.detail) << row.name;
  }
}

TEST_F(Checks, AnUnknownKeyIsNotWaitedFor) {
  CheckSpec check = Http();
  check.pointer = "/bot_id";
  check.equals_key = ConfigKey("API_KEY");
  const CheckResult result = Run(check);
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.attempts, 0U);
  EXPECT_EQ(requests_, 0);
}

TEST_F(Checks, LongValuesAreCut) {
  CheckSpec check = Http();
  check.pointer = "/bot_id";
  check.equals = "x";
  check.attempts = 1;
  answer_.body = std::string(100'000, 'z');
  EXPECT_LT(Run(check).detail.size(), 300U);
}

TEST_F(Checks, Commands) {
  EXPECT_TRUE(Run(Command({"true"})).passed);
  const CheckResult failed = Run(Command({"sh", "-c", "echo hunter2 is wrong >&2; exit 4"}));
  EXPECT_FALSE(failed.passed);
  EXPECT_EQ(failed.attempts, 3U);
  EXPECT_EQ(failed.detail, "exit code 4, expected 0: *** is wrong");
  CheckSpec contains = Command({"echo", "ready now"});
  contains.output_contains = "ready";
  EXPECT_TRUE(Run(contains).passed);
  contains.output_contains = "never";
  EXPECT_FALSE(Run(contains).passed);
  CheckSpec code = Command({"false"});
  code.exit_code = 1;
  EXPECT_TRUE(Run(code).passed);
}

TEST_F(Checks, StopEndsTheWaiting) {
  CheckSpec check = Http();
  check.interval = std::chrono::hours(1);
  failures_ = 99;
  context_.stop = [this] { return requests_ > 0; };
  const auto results = RunChecks(host_, {check, Http()}, context_);
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[1].attempts, 1U);
  EXPECT_EQ(results[1].detail, "stopped before it passed: refused");
  EXPECT_EQ(results[2].attempts, 0U);
  EXPECT_FALSE(results[2].passed);
}

}  // namespace
}  // namespace syncgate
