#include <gtest/gtest.h>

#include "artifact/document_io.h"
#include "artifact/plan_digest.h"
#include "sample_documents.h"
#include "temporary_store.h"
#include "with_key.h"

namespace syncgate {
namespace {

template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result ? "read" : result.error().code;
}

PlanDoc Plan() {
  PlanDoc plan = SamplePlan();
  plan.nodes[0].configs[0].changes = {{ConfigKey("BOT_ID"), "marked-old", "marked-new", false}};
  plan.header.diagnostics = {{"c", Severity::kNote, "marked message", "marked hint"}};
  plan.plan_digest = ComputePlanDigest(plan);
  return plan;
}

TEST(SealedDocument, ValuesAndWordsComeBackAndAreNotOnDisk) {
  const WithKey key('a');
  const TemporaryStore store;
  ASSERT_TRUE(WritePlan(store.dir(), kPlanFile, Plan()));
  EXPECT_EQ(store.Read(kPlanFile).find("marked"), std::string::npos);
  const auto plan = ReadPlan(store.dir());
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->nodes[0].configs[0].changes, Plan().nodes[0].configs[0].changes);
  EXPECT_EQ(plan->header.diagnostics[0].message, "marked message");
  EXPECT_EQ(ComputePlanDigest(*plan), plan->plan_digest);
  VerdictDoc verdict;
  verdict.header = SampleHeader();
  verdict.node = NodeName("node1");
  verdict.plan_digest = plan->plan_digest;
  verdict.checks = {{"http", "http", false, 1, "marked answer"}};
  ASSERT_TRUE(WriteVerdict(store.dir(), "verdict-node1.json", verdict));
  EXPECT_EQ(store.Read("verdict-node1.json").find("marked"), std::string::npos);
  EXPECT_EQ(ReadVerdict(store.dir(), "verdict-node1.json")->checks[0].detail, "marked answer");
}

TEST(SealedDocument, AnotherKeyNoKeyAndPlainOnesAreRefused) {
  const TemporaryStore sealed, plain;
  ASSERT_TRUE(WritePlan(plain.dir(), kPlanFile, Plan()));
  {
    const WithKey key('a');
    ASSERT_TRUE(WritePlan(sealed.dir(), kPlanFile, Plan()));
    EXPECT_EQ(CodeOf(ReadPlan(sealed.dir())), "read");
    EXPECT_EQ(CodeOf(ReadPlan(plain.dir())), "artifact-not-encrypted");
  }
  EXPECT_EQ(CodeOf(ReadPlan(sealed.dir())), "artifact-encrypted");
  EXPECT_EQ(CodeOf(ReadPlan(plain.dir())), "read");
  const WithKey other('b');
  EXPECT_EQ(CodeOf(ReadPlan(sealed.dir())), "artifact-key-other");
}

// Who has no key can compute every digest anew, but not the seal.
TEST(SealedDocument, AnEditedOneWithItsDigestMadeAnewIsNoticed) {
  const TemporaryStore store;
  ReceiptDoc receipt = SampleReceipt();
  ASSERT_TRUE(WriteReceipt(store.dir(), "plain.json", receipt));
  const WithKey key('a');
  ASSERT_TRUE(WriteReceipt(store.dir(), "r.json", receipt));
  std::string text = store.Read("r.json");
  std::string plain = store.Read("plain.json");
  // The plain document with the seal of the sealed one: its digest is right, its seal is not.
  plain.replace(plain.rfind("\n}"), plain.npos, text.substr(text.find(",\n  \"seal\"")));
  store.Write("r.json", plain);
  EXPECT_EQ(CodeOf(ReadReceipt(store.dir(), "r.json")), "artifact-edited");
}

TEST(SealedDocument, IsInspectedWithoutTheKey) {
  const TemporaryStore store;
  {
    const WithKey key('a');
    ASSERT_TRUE(WritePlan(store.dir(), kPlanFile, Plan()));
  }
  Inspection found;
  const auto plan = InspectPlan(store.dir(), kPlanFile, &found);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(found.sealed_by, TestKey('a').id());
  EXPECT_FALSE(found.opened);
  EXPECT_EQ(plan->nodes[0].configs[0].changes[0].after, std::nullopt);
  EXPECT_EQ(plan->header.diagnostics[0].message, "(encrypted)");
}

TEST(Inspection, NoticesSpacingThatReadersPassOver) {
  const TemporaryStore store;
  ASSERT_TRUE(WritePlan(store.dir(), kPlanFile, Plan()));
  store.Write(kPlanFile, store.Read(kPlanFile) + "\n");
  Inspection found;
  EXPECT_EQ(CodeOf(ReadPlan(store.dir())), "read");
  EXPECT_EQ(CodeOf(InspectPlan(store.dir(), kPlanFile, &found)), "artifact-edited");
}

}  // namespace
}  // namespace syncgate
