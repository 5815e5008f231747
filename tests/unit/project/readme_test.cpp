// What the first pages show as a project file is one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "project/project.h"

namespace syncgate {
namespace {

// The indented block that begins with "version: 1".
std::string ExampleOf(const std::string& page) {
  std::ifstream file(std::string(SYNCGATE_SOURCE_DIR) + "/" + page);
  std::ostringstream example;
  bool within = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "    version: 1") within = true;
    if (within && !line.starts_with("    ")) break;
    if (within) example << line.substr(4) << '\n';
  }
  return example.str();
}

class Readme : public testing::TestWithParam<const char*> {};

TEST_P(Readme, ShowsAProjectFileWithRowsAndConfigurationFiles) {
  const auto project = ParseProject(ExampleOf(GetParam()), "/srv/x/syncgate.yml");
  ASSERT_TRUE(project) << project.error().message;
  ASSERT_EQ(project->nodes.size(), 2U);
  EXPECT_EQ(project->nodes[1].follows, project->nodes[0].name);
  EXPECT_EQ(project->data.tables.size(), 2U);
  ASSERT_EQ(project->configs.size(), 1U);
  EXPECT_EQ(project->configs[0].keys.front(), "BOT_ID");
}

INSTANTIATE_TEST_SUITE_P(Pages, Readme, testing::Values("README.md", "README.zh-CN.md"));

}  // namespace
}  // namespace syncgate
