#include "data/load_guard.h"

#include <gtest/gtest.h>

#include "fake_session.h"

namespace syncgate::test {
namespace {

using std::chrono::milliseconds;

// A server that says these numbers, one a look; the last one for ever.
class Server {
 public:
  explicit Server(std::vector<std::string> answers)
      : session([this](const std::string&) -> Result<std::vector<Row>> {
          const std::string answer = answers_.front();
          if (answers_.size() > 1) answers_.erase(answers_.begin());
          return std::vector<Row>{{"Threads_running", answer}};
        }),
        answers_(std::move(answers)) {}

  LoadGuard Guard(milliseconds apart = milliseconds(0)) {
    LoadGuard::Settings settings{10, milliseconds(1), std::chrono::minutes(0), apart};
    return LoadGuard(
        session, "node1", settings, [this](const std::string& text) { said.push_back(text); },
        [this]() -> Result<void> {
          ++asked_to_stop;
          return {};
        });
  }

  std::vector<std::string> said;
  int asked_to_stop = 0;
  FakeSession session;

 private:
  std::vector<std::string> answers_;
};

TEST(LoadGuardTest, ACalmServerIsAskedOnce) {
  Server server({"10"});
  EXPECT_TRUE(server.Guard().WaitUntilCalm().has_value());
  EXPECT_EQ(server.session.asked.size(), 1U);
  EXPECT_TRUE(server.said.empty());
}

TEST(LoadGuardTest, ABusyOneIsAskedAgainUntilItIsCalm) {
  Server server({"11", "50", "11", "10"});
  EXPECT_TRUE(server.Guard().Ease(milliseconds(60'000)).has_value());
  EXPECT_EQ(server.session.asked.size(), 4U);
  ASSERT_EQ(server.said.size(), 1U);
  EXPECT_NE(server.said[0].find("node1 is busy: 11 threads running, more than 10"),
            std::string::npos);
  EXPECT_EQ(server.asked_to_stop, 3);
}

TEST(LoadGuardTest, OneThatStaysBusyIsLeftOrBorneWith) {
  Server server({"11"});
  const auto waited = server.Guard().WaitUntilCalm();
  ASSERT_FALSE(waited.has_value());
  EXPECT_EQ(waited.error().kind, ErrorKind::kTryLater);
  EXPECT_EQ(waited.error().code, "server-busy");
  EXPECT_TRUE(server.Guard().Ease(milliseconds(0)).has_value());
}

TEST(LoadGuardTest, OneThatDoesNotTellIsNotTakenForCalm) {
  for (const char* answer : {"", "many", "3x"}) {
    Server server({answer});
    const auto waited = server.Guard().WaitUntilCalm();
    ASSERT_FALSE(waited.has_value()) << answer;
    EXPECT_EQ(waited.error().code, "load-unknown");
  }
}

TEST(LoadGuardTest, LooksAreNotTooClose) {
  Server server({"1"});
  LoadGuard guard = server.Guard(milliseconds(60'000));
  EXPECT_TRUE(guard.WaitUntilCalm().has_value());
  EXPECT_TRUE(guard.WaitUntilCalm().has_value());
  EXPECT_EQ(server.session.asked.size(), 1U);
}

}  // namespace
}  // namespace syncgate::test
