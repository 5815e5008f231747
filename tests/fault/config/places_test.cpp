// Where a file can be that is no plain path of its own.
#include <filesystem>

#include "fixture.h"

namespace syncgate::test {
namespace fs = std::filesystem;
namespace {

class ConfigPlaces : public ConfigFault {
 protected:
  void SetUp() override {
    ConfigFault::SetUp();
    StartSshd();
    WriteProject(Service());
    fs::create_directory_symlink(Path("node"), Path("link"));
  }
  // `target` in place of b.env's.
  void Put(const std::string& target) const {
    std::string yaml = ReadText(Path("syncgate.yml"));
    const std::string old = "target: " + Node("b.env");
    yaml.replace(yaml.find(old), old.size(), "target: " + target);
    WriteText(Path("syncgate.yml"), yaml);
  }
};

TEST_F(ConfigPlaces, TwoWaysToOneDirectoryAreHeldAsOne) {
  Put(Path("link/b.env"));
  ASSERT_TRUE(Plan());
  const StepEnd applied = Apply();
  ASSERT_EQ(applied.exit, 0) << applied.text;
  ExpectNew();
  ASSERT_EQ(Rollback().exit, 0);
  ExpectOld();
}

TEST_F(ConfigPlaces, TwoWaysToOneFileAreRefusedByName) {
  Put(Path("link/a.env"));
  ASSERT_TRUE(Plan());
  const StepEnd applied = Apply();
  EXPECT_EQ(applied.exit, 3) << applied.text;
  EXPECT_TRUE(applied.Says("config-same-file")) << applied.text;
  ExpectOld();
}

}  // namespace
}  // namespace syncgate::test
