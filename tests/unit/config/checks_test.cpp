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
    context_.http = [this](const CheckSpec&) -> Result<HttpAnswer> {
      ++requests_;
      if (requests_ <= failures_) return Fail(ErrorKind::kTryLater, "http-unreachable", "refused");
      // Attempts by their letters; what comes after them is as the last one.
      if (!pattern_.empty()) {
        const auto at = std::min<std::size_t>(static_cast<std::size_t>(requests_), pattern_.size());
        return HttpAnswer{pattern_[at - 1] == 'P' ? 200 : 503, "abc", ""};
      }
      return answer_;
    };
    context_.sql = [this](const CheckSpec& check) -> Result<SqlAnswer> {
      ++requests_;
      asked_ = check.query;
      return rows_;
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
  CheckSpec Sql() const {
    CheckSpec check = Http();
    check.kind = CheckSpec::Kind::kSql;
    check.query = "SELECT v FROM settings";
    return check;
  }

  HttpAnswer answer_{200, "abc", ""};
  Result<SqlAnswer> rows_ = SqlAnswer{1, "abc"};
  std::string pattern_;
  std::string asked_;
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
      {"status", {503, "hunter2", ""}, {}, {}, {}, false, "status 503, expected 200"},
      {"ok", {200, "", ""}, {}, {}, {}, true, "status 200"},
      {"redirect",
       {302, "", "http://node/login/hunter2"},
       {},
       {},
       {},
       false,
       "status 302, expected 200 (a redirect to http://node/login/*** is not followed)"},
      {"equals", {200, "x", ""}, "/bot_id", "x", {}, true, "/bot_id is \"x\""},
      {"equals_not", {200, "y", ""}, "/bot_id", "x", {}, false, "/bot_id is \"y\", expected \"x\""},
      {"exists", {200, "y", ""}, "/bot_id", {}, {}, true, "/bot_id is \"y\""},
      {"absent", {200, "y", ""}, "/other", {}, {}, false, "no such value"},
      {"key", {200, "abc", ""}, "/bot_id", {}, "BOT_ID", true, "/bot_id is \"abc\""},
      {"key_not",
       {200, "a\nhunter2", ""},
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

TEST_F(Checks, SqlExpectations) {
  const struct {
    const char* name;
    std::uint64_t count;
    const char* first;  // nullptr: NULL
    std::optional<std::string> equals, key;
    std::optional<std::uint64_t> rows;
    bool passed;
    const char* detail;
  } rows[] = {
      {"equals", 1, "x", "x", {}, {}, true, "the first column is \"x\""},
      {"not", 1, "y", "x", {}, {}, false, "the first column is \"y\", expected \"x\""},
      {"key", 2, "abc", {}, "BOT_ID", {}, true, "the first column is \"abc\""},
      {"empty", 1, "", "", {}, {}, true, "the first column is \"\""},
      {"null_is_not_empty",
       1,
       nullptr,
       "",
       {},
       {},
       false,
       "the first column is NULL, expected \"\""},
      {"no_row_is_not_empty", 0, nullptr, "", {}, {}, false, "no row, expected \"\""},
      {"rows", 3, "x", {}, {}, 3, true, "3 rows"},
      {"none", 0, nullptr, {}, {}, 0, true, "0 rows"},
      {"more", 4, "x", {}, {}, 1, false, "4 rows, expected 1"},
      {"hidden", 1, "hunter2", "x", {}, {}, false, "the first column is \"***\", expected \"x\""},
  };
  for (const auto& row : rows) {
    CheckSpec check = Sql();
    check.attempts = 1;
    check.equals = row.equals;
    if (row.key) check.equals_key = ConfigKey(*row.key);
    check.rows = row.rows;
    SqlAnswer answer;
    answer.rows = row.count;
    if (row.first != nullptr) answer.first = row.first;
    rows_ = answer;
    const CheckResult result = Run(check);
    EXPECT_EQ(result.kind, "sql");
    EXPECT_EQ(result.passed, row.passed) << row.name;
    EXPECT_EQ(result.detail, row.detail) << row.name;
  }
  EXPECT_EQ(asked_, "SELECT v FROM settings");
}

TEST_F(Checks, PassesInARow) {
  const struct {
    const char* attempts;
    int passes;
    bool passed;
    std::uint64_t made;
    const char* detail;
  } rows[] = {
      {"PPP", 3, true, 3, "status 200, 3 in a row"},
      {"FPFPPP", 3, true, 6, "status 200, 3 in a row"},
      {"F", 1, false, 6, "status 503, expected 200"},
      {"PFPFPF", 2, false, 6,
       "passed 1 in a row, 2 are wanted; last failure: status 503, expected 200"},
      {"PPFPPF", 3, false, 6,
       "passed 2 in a row, 3 are wanted; last failure: status 503, expected 200"},
      // Two at the end are not three, however healthy it looks by then.
      {"FFFFPP", 3, false, 6,
       "passed 2 in a row, 3 are wanted; last failure: status 503, expected 200"},
  };
  for (const auto& row : rows) {
    CheckSpec check = Http();
    check.attempts = 6;
    check.passes = row.passes;
    pattern_ = row.attempts;
    requests_ = 0;
    const CheckResult result = Run(check);
    EXPECT_EQ(result.passed, row.passed) << row.attempts;
    EXPECT_EQ(result.attempts, row.made) << row.attempts;
    EXPECT_EQ(result.detail, row.detail) << row.attempts;
  }
}

TEST_F(Checks, WhatNoWaitingMendsIsAskedOnce) {
  rows_ = Fail(ErrorKind::kFixProject, "mysql-login-failed", "no entry for hunter2");
  CheckSpec check = Sql();
  check.rows = 1;
  const CheckResult result = Run(check);
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.attempts, 1U);
  EXPECT_EQ(result.detail, "no entry for ***");
  rows_ = Fail(ErrorKind::kTryLater, "mysql-unreachable", "refused");
  EXPECT_EQ(Run(check).attempts, 3U);
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
