#include "report/junit.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "artifact/protection.h"
#include "core/base64.h"

namespace syncgate {
namespace {

// What a reader that shares no code with ours finds: name, classname, and each child as
// "tag[message]: text", one a line; or the parser's complaint.
constexpr const char* kReader = R"(
import sys, xml.etree.ElementTree as ET
root = ET.parse(sys.argv[1]).getroot()
assert root.tag == "testsuites" and [s.tag for s in root] == ["testsuite"], root.tag
suite = root[0]
assert suite[0].tag == "properties"
cases = suite.findall("testcase")
for holder in (root, suite):
    assert int(holder.get("tests")) == len(cases)
    assert int(holder.get("failures")) == len(suite.findall("testcase/failure"))
    assert int(holder.get("errors")) == len(suite.findall("testcase/error"))
assert len({(c.get("classname"), c.get("name")) for c in cases}) == len(cases)
known = {"failure", "error", "system-out"}
for case in cases:
    assert {child.tag for child in case} <= known and set(case.attrib) == {"name", "classname"}
    print(case.get("classname"), "|", case.get("name"))
    for child in case: print(" ", child.tag, repr(child.get("message")), repr(child.text))
)";

class Junit : public testing::Test {
 protected:
  Junit() {
    std::string pattern = testing::TempDir() + "syncgate-junit-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    verdict_.header.created_at = "2026-11-22T20:45:41Z";
    verdict_.header.result = "failed";
    verdict_.header.run.url = "https://ci.example/1?a=1&b=<2>";
    verdict_.node = NodeName("node1");
    verdict_.plan_digest = Digest::Of("plan");
  }
  ~Junit() override { std::filesystem::remove_all(directory_); }

  void Add(const std::string& name, bool passed, const std::string& detail,
           const std::string& output = "") {
    verdict_.checks.push_back({name, "http", passed, 3, detail, output});
  }

  // Writes the verdict and reads it.
  std::string Read() {
    EXPECT_TRUE(WriteJunit(directory_, "verify-node1.junit.xml", verdict_));
    const std::string file = directory_ + "/verify-node1.junit.xml";
    std::ofstream(directory_ + "/read.py") << kReader;
    return Run("python3 " + directory_ + "/read.py " + file);
  }

  std::string directory_;
  VerdictDoc verdict_;

 private:
  // Its output; both streams where it fails.
  std::string Run(const std::string& command) const {
    const std::string out = directory_ + "/out";
    const bool fine = std::system((command + " >" + out + " 2>" + out + ".err").c_str()) == 0;
    std::ifstream file(fine ? out : out + ".err");
    return std::string(fine ? "" : "FAILED ") +
           std::string(std::istreambuf_iterator<char>(file), {});
  }
};

TEST_F(Junit, OneCaseACheck) {
  Add("app: health", false, "status 503, expected 200");
  Add("app: file", true, "as planned");
  Add("functional test", true, "exit code 0", "12 of 12 right\nbye\n");
  EXPECT_EQ(
      Read(),
      "syncgate.node1 | app: health\n"
      "  failure 'status 503, expected 200' 'http check, attempts: 3\\nstatus 503, expected 200'\n"
      "  system-out None 'http check, attempts: 3\\nstatus 503, expected 200'\n"
      "syncgate.node1 | app: file\n"
      "  system-out None 'http check, attempts: 3\\nas planned'\n"
      "syncgate.node1 | functional test\n"
      "  system-out None 'http check, attempts: 3\\nexit code 0\\n\\n12 of 12 right\\nbye\\n'\n");
}

TEST_F(Junit, HostileTextStaysText) {
  const std::string hostile =
      "]]></failure><x a='1' b=\"2\">&amp; &#0; <!-- --> \x1b[31m \x01 \r\n\t\xEF\xBF\xBF "
      "\xEF\xBF\xBE "
      "\xED\xA0\x80 \xFF 建 \xF0\x9F\x98\x80";
  Add(hostile + std::string("\0.", 2), false, hostile, hostile);
  const std::string read = Read();
  EXPECT_NE(read.find("]]></failure><x a=\\'1\\' b=\"2\">&amp; &#0; <!-- --> \xEF\xBF\xBD[31m"),
            std::string::npos)
      << read;
  EXPECT_NE(read.find("建 \xF0\x9F\x98\x80"), std::string::npos) << read;
}

TEST_F(Junit, WhatKeptChecksFromBeingMadeIsAnError) {
  Add("planned rows", true, "");
  verdict_.header.diagnostics = {
      {"ssh-unreachable", Severity::kError, "node1 does not answer", "try again"},
      {"verification-failed", Severity::kError, "not shown twice", ""},
      {"note", Severity::kNote, "not shown", ""}};
  EXPECT_EQ(Read(),
            "syncgate.node1 | planned rows\n"
            "  system-out None 'http check, attempts: 3'\n"
            "syncgate.node1 | ssh-unreachable\n"
            "  error 'node1 does not answer' 'node1 does not answer\\ntry again'\n");
}

TEST_F(Junit, NoCheckIsAnEmptySuite) { EXPECT_EQ(Read(), ""); }

TEST_F(Junit, TheSameVerdictGivesTheSameBytesForTheirOwnerOnly) {
  Add("a", true, "b");
  EXPECT_EQ(RenderJunit(verdict_), RenderJunit(verdict_));
  Read();
  struct stat info = {};
  ASSERT_EQ(stat((directory_ + "/verify-node1.junit.xml").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
  EXPECT_FALSE(WriteJunit(directory_, "../x.xml", verdict_));
}

TEST_F(Junit, WithAnArtifactKeyItSaysWhatPassedAndNoValue) {
  Add("status", false, "it says marked", "marked output");
  verdict_.header.diagnostics = {{"http-refused", Severity::kError, "marked host", "marked hint"}};
  UseArtifactKey(SealKey::FromBase64(Secret(ToBase64(std::string(32, 'k')))));
  const std::string read = Read();
  UseArtifactKey(std::nullopt);
  EXPECT_EQ(read.find("marked"), std::string::npos) << read;
  EXPECT_NE(read.find("syncgate.node1 | status\n  failure"), std::string::npos) << read;
  EXPECT_NE(read.find("audit --decrypt"), std::string::npos) << read;
}

}  // namespace
}  // namespace syncgate
