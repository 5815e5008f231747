#include "mysql/advisory_lock.h"

#include <gtest/gtest.h>

#include "../data/fake_session.h"

namespace syncgate {
namespace {

// A proxy that hands the statements of one session to several server connections.
TEST(AdvisoryLockBehindAProxy, IsRefused) {
  int statements = 0;
  test::FakeSession session([&](const std::string& sql) -> Result<std::vector<Row>> {
    const std::string connection = ++statements < 2 ? "1" : "2";
    return std::vector<Row>{{connection, sql.contains("GET_LOCK") ? Cell("1") : Cell()}};
  });
  const auto lock = AdvisoryLock::Acquire(session, SchemaName("bazi"), std::chrono::seconds(0));
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().kind, ErrorKind::kRefused);
  EXPECT_EQ(lock.error().code, "proxy-multiplexes");
}

}  // namespace
}  // namespace syncgate
