// The main of every test that needs servers. Listing tests, which the build does, needs none.
#include <gtest/gtest.h>

#include <csignal>

int main(int argc, char** argv) {
  // A server that is killed in a test must fail a write with an error, not end the test.
  std::signal(SIGPIPE, SIG_IGN);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
