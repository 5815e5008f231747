#include "artifact/document_io.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "artifact/document_json.h"
#include "json/json.h"
#include "sample_documents.h"
#include "temporary_store.h"

namespace syncgate {
namespace {

// Equal documents have equal JSON; the digest is set by writing.
template <typename Doc>
std::string TextOf(Doc doc) {
  doc.header.digest = Digest();
  return PrettyJson(ToJson(doc));
}

template <typename Doc>
void ExpectRoundTrip(const Doc& doc,
                     Result<FileRef> (*write)(const std::string&, const std::string&, const Doc&),
                     Result<Doc> (*read)(const std::string&, const std::string&, FileRef*)) {
  const TemporaryStore store;
  const auto file = write(store.dir(), "sub/doc.json", doc);
  ASSERT_TRUE(file) << file.error().message;
  FileRef seen;
  const auto back = read(store.dir(), "sub/doc.json", &seen);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(TextOf(*back), TextOf(doc));
  EXPECT_EQ(seen.sha256, file->sha256);
  EXPECT_EQ(Digest::Of(store.Read("sub/doc.json")), file->sha256);
  struct stat info = {};
  ASSERT_EQ(::stat((store.dir() + "/sub/doc.json").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const auto again = write(store.dir(), "again.json", *back);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->sha256, file->sha256) << "the same document gives the same bytes";
}

TEST(Documents, DiffRoundTrips) { ExpectRoundTrip(SampleDiff(), WriteDiff, ReadDiff); }
TEST(Documents, PlanRoundTrips) { ExpectRoundTrip(SamplePlan(), WritePlan, ReadPlan); }
TEST(Documents, ReceiptRoundTrips) { ExpectRoundTrip(SampleReceipt(), WriteReceipt, ReadReceipt); }
TEST(Documents, VerdictRoundTrips) { ExpectRoundTrip(SampleVerdict(), WriteVerdict, ReadVerdict); }

TEST(Documents, NodeWithoutDatabaseRoundTrips) {
  DiffDoc diff = SampleDiff();
  diff.source = {};
  diff.nodes[0].server = {};
  diff.nodes[0].tables.clear();
  diff.nodes[0].rows.reset();
  ExpectRoundTrip(diff, WriteDiff, ReadDiff);
  PlanDoc plan = SamplePlan();
  plan.nodes[0].flavor.clear();
  plan.nodes[0].version.clear();
  plan.nodes[0].follows.reset();
  plan.nodes[0].changes.reset();
  plan.plan_digest = ComputePlanDigest(plan);
  ExpectRoundTrip(plan, WritePlan, ReadPlan);
}

TEST(Documents, SecretValuesAreNeverWritten) {
  const TemporaryStore store;
  DiffDoc doc = SampleDiff();
  doc.nodes[0].configs[0].changes = {{ConfigKey("API_KEY"), "hunter2", "hunter3", true}};
  ASSERT_TRUE(WriteDiff(store.dir(), kDiffFile, doc));
  EXPECT_EQ(store.Read(kDiffFile).find("hunter"), std::string::npos);
}

TEST(Documents, MessageWithStrayBytesIsWrittenReadable) {
  const TemporaryStore store;
  VerdictDoc doc = SampleVerdict();
  doc.header.diagnostics[0].message = "row \xFF";
  ASSERT_TRUE(WriteVerdict(store.dir(), "v.json", doc));
  EXPECT_EQ(ReadVerdict(store.dir(), "v.json")->header.diagnostics[0].message, "row \xEF\xBF\xBD");
}

TEST(Documents, NameThatIsNoUtf8IsRefusedOnWriting) {
  const TemporaryStore store;
  ReceiptDoc doc = SampleReceipt();
  doc.configs[0].target = "/opt/\xFF";
  const auto written = WriteReceipt(store.dir(), "r.json", doc);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "artifact-invalid");
}

TEST(Documents, DocumentThatBreaksItsSchemaIsNotWritten) {
  const TemporaryStore store;
  ReceiptDoc doc = SampleReceipt();
  doc.direction = "sideways";
  const auto written = WriteReceipt(store.dir(), "r.json", doc);
  ASSERT_FALSE(written);
  EXPECT_EQ(
      written.error().message,
      "the receipt to be written breaks its schema: direction: expected \"apply\" or \"rollback\", "
      "found \"sideways\".");
  EXPECT_FALSE(HasArtifact(store.dir(), "r.json"));
}

TEST(PlanDigest, CountsWhatWillRunAndNotTheHeader) {
  PlanDoc plan = SamplePlan();
  plan.header.summary = "another";
  EXPECT_EQ(ComputePlanDigest(plan), SamplePlan().plan_digest);
  plan.nodes[0].configs[0].restart.push_back("--now");
  EXPECT_NE(ComputePlanDigest(plan), SamplePlan().plan_digest);
}

TEST(PlanDigest, PlanWithAnotherDigestIsNotRead) {
  const TemporaryStore store;
  PlanDoc plan = SamplePlan();
  plan.plan_digest = Sha("another plan");
  ASSERT_TRUE(WritePlan(store.dir(), kPlanFile, plan));
  EXPECT_EQ(ReadPlan(store.dir()).error().code, "artifact-edited");
}

struct Damage {
  const char* name;
  std::string (*damage)(std::string);
  const char* code;
};
void PrintTo(const Damage& row, std::ostream* out) { *out << row.name; }

std::string Replace(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return text.replace(at, from.size(), to);
}

class DamagedArtifact : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedArtifact, IsTold) {
  const TemporaryStore store;
  ASSERT_TRUE(WriteDiff(store.dir(), kDiffFile, SampleDiff()));
  store.Write(kDiffFile, GetParam().damage(store.Read(kDiffFile)));
  const auto read = ReadDiff(store.dir());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kBadArtifact);
  EXPECT_EQ(read.error().code, GetParam().code) << read.error().message;
  EXPECT_FALSE(read.error().hint.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Table, DamagedArtifact,
    ::testing::Values(
        Damage{"Edited",
               [](std::string s) { return Replace(s, "\"deletes\": true", "\"deletes\": false"); },
               "artifact-edited"},
        Damage{"EditedHeader", [](std::string s) { return Replace(s, "wei", "eve"); },
               "artifact-edited"},
        Damage{"Truncated", [](std::string s) { return s.substr(0, s.size() / 2); },
               "artifact-unreadable"},
        Damage{"Empty", [](std::string) { return std::string(); }, "artifact-unreadable"},
        Damage{"LfsPointer",
               [](std::string) { return std::string("version https://git-lfs...\n"); },
               "artifact-unreadable"},
        Damage{"DuplicateKey",
               [](std::string s) { return Replace(s, "\"quick\"", "\"quick\": true, \"quick\""); },
               "artifact-unreadable"},
        Damage{"NotAnObject", [](std::string) { return std::string("[]"); }, "artifact-unreadable"},
        Damage{"OtherKind", [](std::string s) { return Replace(s, "\"diff\"", "\"plan\""); },
               "artifact-kind"},
        Damage{"NewerVersion",
               [](std::string s) {
                 return Replace(s, "\"format_version\": 1", "\"format_version\": 2");
               },
               "artifact-version"},
        Damage{"BrokenMember",
               [](std::string s) { return Replace(s, "\"quick\": false", "\"quick\": 0"); },
               "artifact-invalid"},
        Damage{"UnknownMember",
               [](std::string s) {
                 return Replace(s, "\"quick\": false", "\"quick\": false, \"x\": 1");
               },
               "artifact-invalid"}),
    [](const auto& row) { return row.param.name; });

TEST(Documents, SpacingIsNoEdit) {
  const TemporaryStore store;
  ASSERT_TRUE(WriteDiff(store.dir(), kDiffFile, SampleDiff()));
  store.Write(kDiffFile, CanonicalJson(*ParseJson(store.Read(kDiffFile))));
  EXPECT_TRUE(ReadDiff(store.dir()));
}

TEST(Documents, AbsentOneNamesTheStepThatWritesIt) {
  const TemporaryStore store;
  const auto read = ReadPlan(store.dir());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "artifact-missing");
  EXPECT_EQ(read.error().hint, "Run generate-sql first, or fetch its artifacts.");
}

TEST(Store, PathsThatLeadOutAreRefused) {
  for (const char* path : {"", "/etc/passwd", "../x", "a/../x", "a//b", "./a", "a/"}) {
    EXPECT_FALSE(PathInStore("/s", path)) << path;
  }
  EXPECT_EQ(PathInStore("/s", "plan/node1/..x.sql"), "/s/plan/node1/..x.sql");
}

}  // namespace
}  // namespace syncgate
