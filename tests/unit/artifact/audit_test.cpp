// The order of things, and what no single document can tell; whole runs are audited in tests/e2e.
#include "artifact/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "artifact/document_io.h"
#include "artifact/journal.h"
#include "artifact/plan_digest.h"
#include "sample_documents.h"
#include "temporary_store.h"
#include "with_key.h"

namespace syncgate {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

// node2 follows node1; nothing but the documents.
class AuditOrder : public testing::Test {
 protected:
  void SetUp() override {
    plan_.header = SampleHeader();
    plan_.header.inputs.clear();
    plan_.project_digest = Sha("project");
    plan_.nodes.resize(2);
    plan_.nodes[0].node = NodeName("node1");
    plan_.nodes[0].test = {"ci/smoke"};
    plan_.nodes[1].node = NodeName("node2");
    plan_.nodes[1].follows = NodeName("node1");
    plan_.plan_digest = ComputePlanDigest(plan_);
    plan_file_ = WritePlan(store_.dir(), kPlanFile, plan_).value();
  }

  ReceiptDoc Receipt(const char* node, Direction direction = Direction::kApply) const {
    ReceiptDoc doc;
    doc.header = SampleHeader();
    doc.header.inputs = {plan_file_};
    doc.node = NodeName(node);
    doc.plan_digest = plan_.plan_digest;
    doc.direction = ToString(direction);
    doc.sequence = direction == Direction::kApply ? 1 : 2;
    doc.verified = true;
    return doc;
  }
  FileRef Write(const ReceiptDoc& doc) const {
    const Direction direction = doc.direction == "apply" ? Direction::kApply : Direction::kRollback;
    return WriteReceipt(store_.dir(), ReceiptFile(doc.node, direction), doc).value();
  }
  FileRef WriteVerdictOf(const FileRef& receipt, bool passed = true) const {
    VerdictDoc doc;
    doc.header = SampleHeader();
    doc.header.result = passed ? "success" : "failed";
    doc.header.inputs = {plan_file_, receipt};
    doc.node = NodeName("node1");
    doc.plan_digest = plan_.plan_digest;
    doc.checks = {{"functional test", "test", passed, 1, ""}};
    return WriteVerdict(store_.dir(), "verdict-node1.json", doc).value();
  }
  // "code file" of each finding.
  std::vector<std::string> Findings() const {
    std::vector<std::string> found;
    const AuditReport report = AuditStore(store_.dir()).value();
    for (const AuditFinding& finding : report.findings) {
      found.push_back(finding.code + " " + finding.file);
    }
    return found;
  }

  const TemporaryStore store_;
  PlanDoc plan_;
  FileRef plan_file_;
};

TEST_F(AuditOrder, InTurnHolds) {
  const FileRef first = Write(Receipt("node1"));
  const FileRef verdict = WriteVerdictOf(first);
  ReceiptDoc second = Receipt("node2");
  second.header.inputs = {plan_file_, first, verdict};
  Write(second);
  EXPECT_THAT(Findings(), IsEmpty());
}

TEST_F(AuditOrder, ANodeThatDidNotWaitIsNamed) {
  const FileRef first = Write(Receipt("node1"));
  Write(Receipt("node2"));
  EXPECT_THAT(Findings(), Contains("chain-order receipt-node2.json"));
  ReceiptDoc second = Receipt("node2");
  second.header.inputs = {plan_file_, first};
  Write(second);
  EXPECT_THAT(Findings(), Contains("chain-order receipt-node2.json")) << "without a verdict";
  second.override_reason = "outage";
  Write(second);
  EXPECT_THAT(Findings(), IsEmpty());
  EXPECT_THAT(AuditStore(store_.dir())->notes, Contains(HasSubstr("overridden: outage")));
}

TEST_F(AuditOrder, AFailedApplyOrVerdictOpensNoGate) {
  ReceiptDoc failed = Receipt("node1");
  failed.header.result = "failed";
  const FileRef first = Write(failed);
  const FileRef verdict = WriteVerdictOf(first);
  ReceiptDoc second = Receipt("node2");
  second.header.inputs = {plan_file_, first, verdict};
  Write(second);
  EXPECT_THAT(Findings(), Contains("chain-order receipt-node2.json"));

  const FileRef good = Write(Receipt("node1"));
  const FileRef bad_verdict = WriteVerdictOf(good, false);
  second.header.inputs = {plan_file_, good, bad_verdict};
  Write(second);
  EXPECT_THAT(Findings(), Contains("chain-order receipt-node2.json"));
}

TEST_F(AuditOrder, AReceiptThatWasWrittenAgainBreaksTheChain) {
  const FileRef first = Write(Receipt("node1"));
  WriteVerdictOf(first);
  ReceiptDoc again = Receipt("node1");
  again.moved = 7;
  Write(again);
  EXPECT_THAT(Findings(), Contains("chain-broken verdict-node1.json"));
  WriteVerdictOf(first, false);
  EXPECT_THAT(Findings(), IsEmpty()) << "a failed verdict opens no gate";
}

TEST_F(AuditOrder, RollbacksComeAfterWhatTheyTakeBack) {
  const FileRef first = Write(Receipt("node1"));
  ReceiptDoc rollback = Receipt("node1", Direction::kRollback);
  rollback.header.inputs = {plan_file_, first};
  Write(rollback);
  EXPECT_THAT(Findings(), IsEmpty());
  rollback.sequence = 1;
  Write(rollback);
  EXPECT_THAT(Findings(), Contains("chain-order receipt-node1-rollback.json"));
}

TEST_F(AuditOrder, AVerdictThatContradictsItself) {
  const FileRef first = Write(Receipt("node1"));
  VerdictDoc doc;
  doc.header = SampleHeader();
  doc.header.inputs = {plan_file_, first};
  doc.node = NodeName("node1");
  doc.plan_digest = plan_.plan_digest;
  doc.checks = {{"functional test", "test", false, 1, ""}};
  ASSERT_TRUE(WriteVerdict(store_.dir(), "verdict-node1.json", doc));
  EXPECT_THAT(Findings(), Contains("chain-verdict verdict-node1.json"));
}

TEST_F(AuditOrder, OneKeyForAllOrNone) {
  {
    const WithKey key('a');
    Write(Receipt("node1"));
  }
  EXPECT_THAT(Findings(), Contains("chain-keys plan.json"));
  {
    const WithKey key('b');
    ASSERT_TRUE(WritePlan(store_.dir(), kPlanFile, plan_));
  }
  EXPECT_EQ(AuditStore(store_.dir())->keys.size(), 2u);
  EXPECT_FALSE(Findings().empty());
}

// An edited journal under a receipt that names it, and one that lost its end.
TEST_F(AuditOrder, JournalsAreWhatReceiptsNameAndMayGoOn) {
  const std::string path = JournalFile(NodeName("node1"), plan_.plan_digest);
  ReceiptDoc receipt = Receipt("node1");
  {
    auto journal = Journal::Open(store_.dir(), receipt.node, receipt.plan_digest);
    ASSERT_TRUE(journal->BeginRun(Direction::kApply));
    ASSERT_TRUE(journal->RecordConfig(
        {ConfigName("app"), "/t", "", Digest(), Sha("a"), 0, Direction::kApply}));
    ASSERT_TRUE(journal->End("success"));
    receipt.journal = journal->Reference();
    Write(receipt);
    EXPECT_THAT(Findings(), IsEmpty());
    ASSERT_TRUE(journal->BeginRun(Direction::kApply));
  }
  EXPECT_THAT(Findings(), IsEmpty());
  EXPECT_THAT(AuditStore(store_.dir())->notes, Contains(HasSubstr("goes on for 1 records")));
  const std::string whole = store_.Read(path);
  store_.Write(path, whole + "{\"type\":");
  EXPECT_THAT(Findings(), IsEmpty());
  EXPECT_THAT(AuditStore(store_.dir())->notes, Contains(HasSubstr("unfinished record")));
  EXPECT_EQ(store_.Read(path), whole + "{\"type\":") << "an audit cuts nothing off";
  store_.Write(path, whole.substr(0, whole.find('\n') + 1));
  EXPECT_THAT(Findings(), Contains("artifact-edited " + path));
}

TEST_F(AuditOrder, PathsThatLeadOutAreNotFollowed) {
  ReceiptDoc receipt = Receipt("node1");
  receipt.rows = FileRef{"a/../../etc/passwd", "receipt-rows", Sha("x"), 1};
  Write(receipt);
  EXPECT_THAT(Findings(), Contains("artifact-path a/../../etc/passwd"));
}

}  // namespace
}  // namespace syncgate
