#include "config/sudo_host.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "config/target.h"
#include "directory_host.h"

namespace syncgate {
namespace {

const std::string kOld = "# prod\nBOT_ID=1\nPASSWORD=hunter2\n";
const std::string kNew = "# prod\nBOT_ID=2\nPASSWORD=hunter2\nFEATURE_A='x y'\n";

// sudo that runs the rest as we are, and a link that loses the end of what `cat` prints.
class ShortHost : public DirectoryHost {
 public:
  Result<CommandResult> RunWithInput(const std::vector<std::string>& argv,
                                     std::chrono::milliseconds timeout,
                                     std::string_view input) override {
    const std::vector<std::string> words(argv.begin() + (argv.front() == "sudo" ? 3 : 0),
                                         argv.end());
    auto result = LocalHost::RunWithInput(words, timeout, input);
    if (cut && result && words.front() == "cat") result->output.resize(5);
    return result;
  }
  bool cut = false;
};

// Who can write a directory could put a link in the place of a file that root is about to write.
TEST(SudoHost, WritesOnlyWhereNoThirdCouldHaveItWriteElsewhere) {
  ShortHost host;
  const std::string directory = host.Path("etc");
  const std::string path = directory + "/.env";
  std::filesystem::create_directory(directory);
  host.Put(path, kOld);
  const auto expect_refused = [&](const std::string& file, const std::string& part) {
    SCOPED_TRACE(part);
    SudoHost sudo(host);
    const FileInfo like = sudo.Stat(file).value();
    for (const Result<void>& wrote :
         {sudo.Replace(file, kNew, like), sudo.Create(file + ".backup", kOld, 0600)}) {
      ASSERT_FALSE(wrote.has_value());
      EXPECT_EQ(wrote.error().code, "sudo-directory-untrusted");
      EXPECT_EQ(wrote.error().kind, ErrorKind::kRefused);
      EXPECT_NE(wrote.error().message.find(part), std::string::npos) << wrote.error().message;
    }
    const auto read = sudo.Read(file, kConfigFileLimit);
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().code, "sudo-directory-untrusted");
    EXPECT_EQ(host.Get(path), kOld);
    EXPECT_FALSE(std::filesystem::exists(path + ".backup"));
  };
  ::chmod(directory.c_str(), 0777);
  expect_refused(path, directory + " can be written by others (mode 0777)");
  // In root's own group there may be an ACL; and in a sticky one the file may be somebody else's.
  ::chmod(directory.c_str(), 0775);
  expect_refused(path, directory + " can be written by others (mode 0775)");
  ::chmod(directory.c_str(), 01777);
  expect_refused(path, directory + " can be written by others (mode 1777)");
  ::chmod(directory.c_str(), 0755);
  std::filesystem::create_symlink(directory, host.Path("link"));
  expect_refused(host.Path("link/.env"), host.Path("link") + " is no real directory");
  if (::geteuid() == 0) {
    ::chown(directory.c_str(), 61234, 0);
    expect_refused(path, directory + " belongs to user 61234");
    ::chown(directory.c_str(), 0, 0);
  }
  SudoHost sudo(host);  // further up, /tmp is sticky
  const auto wrote = sudo.Replace(path, kNew, sudo.Stat(path).value());
  EXPECT_TRUE(wrote.has_value()) << wrote.error().message;
  EXPECT_EQ(host.Get(path), kNew);
}

TEST(SudoHost, NeverTakesTheBeginningOfAFileForTheFile) {
  ShortHost host;
  const std::string path = host.Path(".env");
  host.Put(path, kOld);
  SudoHost sudo(host);
  const auto whole = ReadTarget(sudo, path);
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->bytes, kOld);
  host.cut = true;
  const auto cut = ReadTarget(sudo, path);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, "file-read-short");
  EXPECT_EQ(cut.error().kind, ErrorKind::kTryLater);
}

}  // namespace
}  // namespace syncgate
