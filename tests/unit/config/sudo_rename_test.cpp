#include <gtest/gtest.h>

#include <algorithm>

#include "config/sudo_host.h"
#include "directory_host.h"

namespace syncgate {
namespace {

// Without sudo's help, and a mv that is not heard of again.
class SlowMv : public DirectoryHost {
 public:
  Result<CommandResult> RunWithInput(const std::vector<std::string>& argv,
                                     std::chrono::milliseconds timeout,
                                     std::string_view input) override {
    if (std::ranges::find(argv, "mv") != argv.end()) {
      return Fail(ErrorKind::kTryLater, "command-timeout", "mv did not end");
    }
    const std::size_t own = argv.front() == "sudo" ? 3 : 0;
    return LocalHost::RunWithInput({argv.begin() + own, argv.end()}, timeout, input);
  }
};

// It may rename later what is not known to have moved by then.
TEST(SudoHost, ARenameThatIsNotHeardOfIsNotTakenForNone) {
  SlowMv host;
  const std::string path = host.Path(".env");
  host.Put(path, "A=1\n");
  SudoHost sudo(host);
  const auto replaced = sudo.Replace(path, "A=2\n", sudo.Stat(path).value());
  ASSERT_FALSE(replaced);
  EXPECT_EQ(replaced.error().kind, ErrorKind::kOutcomeUnknown);
  EXPECT_EQ(replaced.error().code, "file-replace-unknown");
}

}  // namespace
}  // namespace syncgate
