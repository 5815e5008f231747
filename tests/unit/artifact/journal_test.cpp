#include "artifact/journal.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "artifact/journal_lines.h"
#include "sample_documents.h"
#include "temporary_store.h"

namespace syncgate {
namespace {

const NodeName kNode("node1");
const Digest kPlan = Digest::Of("plan");

JournalBatch SampleBatch(std::uint64_t batch) {
  return {batch,
          TableName("t\"1"),
          {ColumnName("id"), ColumnName("hits")},
          {{ChangeKind::kUpdate, {"1"}, Row{"1", std::nullopt}},
           {ChangeKind::kDelete, {"2"}, Row{"2", std::string("\0\xFF", 2)}},
           {ChangeKind::kInsert, {"3"}, std::nullopt}}};
}

JournalConfig SampleConfig() {
  return {ConfigName("app"), "/opt/.env", "/opt/.env.bak",  Sha("b"),
          Sha("a"),          0,           Direction::kApply};
}

// One whole run: two batches, the first committed, one file.
void WriteRun(const TemporaryStore& store) {
  auto journal = Journal::Open(store.dir(), kNode, kPlan);
  ASSERT_TRUE(journal) << journal.error().message;
  ASSERT_EQ(journal->BeginRun(Direction::kApply), 1u);
  ASSERT_TRUE(journal->RecordBatch(SampleBatch(1)));
  ASSERT_TRUE(journal->Committed(1));
  ASSERT_TRUE(journal->RecordBatch(SampleBatch(2)));
  ASSERT_TRUE(journal->RecordConfig(SampleConfig()));
  ASSERT_TRUE(journal->End("failed"));
}

TEST(Journal, IsReadBackByTheNextRun) {
  const TemporaryStore store;
  WriteRun(store);
  auto journal = Journal::Open(store.dir(), kNode, kPlan);
  ASSERT_TRUE(journal) << journal.error().message;
  ASSERT_EQ(journal->entries().size(), 2u);
  EXPECT_TRUE(journal->entries()[0].committed);
  EXPECT_FALSE(journal->entries()[1].committed);
  EXPECT_EQ(*journal->Load(journal->entries()[1]), SampleBatch(2));
  EXPECT_EQ(*journal->Load(journal->entries()[0]), SampleBatch(1));
  JournalConfig config = SampleConfig();
  config.sequence = 1;
  ASSERT_EQ(journal->configs().size(), 1u);
  EXPECT_EQ(journal->configs()[0], config);
  EXPECT_EQ(journal->runs()[0].result, "failed");
  EXPECT_EQ(journal->BeginRun(Direction::kRollback), 2u);
  ASSERT_TRUE(journal->RecordBatch(SampleBatch(1)));
  EXPECT_EQ(journal->entries().back().direction, Direction::kRollback);
  EXPECT_EQ(*journal->Load(journal->entries().back()), SampleBatch(1));
}

// A conflict at COMMIT, and the same batch once more.
TEST(Journal, ARefusalVoidsTheRecordBeforeItAndNoOther) {
  const TemporaryStore store;
  {
    auto journal = Journal::Open(store.dir(), kNode, kPlan);
    ASSERT_TRUE(journal->BeginRun(Direction::kApply));
    ASSERT_TRUE(journal->RecordBatch(SampleBatch(1)));
    ASSERT_TRUE(journal->Refused(1));
    ASSERT_TRUE(journal->RecordBatch(SampleBatch(1)));
    ASSERT_TRUE(journal->Committed(1));
    EXPECT_FALSE(journal->Refused(1)) << "it was committed";
  }
  auto journal = Journal::Open(store.dir(), kNode, kPlan);
  ASSERT_TRUE(journal) << journal.error().message;
  ASSERT_EQ(journal->entries().size(), 2u);
  EXPECT_TRUE(journal->entries()[0].refused);
  EXPECT_FALSE(journal->entries()[0].committed);
  EXPECT_FALSE(journal->entries()[1].refused);
  EXPECT_TRUE(journal->entries()[1].committed);
  EXPECT_FALSE(journal->Refused(2)) << "no such batch";
}

TEST(Journal, ReferenceOfAReceiptHoldsAfterLaterRuns) {
  const TemporaryStore store;
  FileRef first;
  {
    auto journal = Journal::Open(store.dir(), kNode, kPlan);
    ASSERT_TRUE(journal->BeginRun(Direction::kApply));
    ASSERT_TRUE(journal->End("success"));
    first = journal->Reference();
    EXPECT_EQ(first.sha256, Digest::Of(store.Read(first.path)));
    EXPECT_EQ(first.lines, 2u);
  }
  auto journal = Journal::Open(store.dir(), kNode, kPlan);
  ASSERT_TRUE(journal->BeginRun(Direction::kRollback));
  EXPECT_TRUE(journal->VerifyPrefix(first));
  EXPECT_EQ(journal->Reference().sha256, Digest::Of(store.Read(first.path)));
  FileRef other = first;
  other.sha256 = Sha("other");
  EXPECT_EQ(journal->VerifyPrefix(other).error().code, "artifact-edited");
}

TEST(Journal, TornLastRecordIsCutOffAtEveryByte) {
  const TemporaryStore store;
  WriteRun(store);
  const std::string path = JournalFile(kNode, kPlan);
  const std::string whole = store.Read(path);
  const std::size_t last = whole.rfind('\n', whole.size() - 2) + 1;
  for (std::size_t size = last; size < whole.size(); ++size) {
    store.Write(path, whole.substr(0, size));
    auto journal = Journal::Open(store.dir(), kNode, kPlan);
    ASSERT_TRUE(journal) << size << ": " << journal.error().message;
    EXPECT_EQ(journal->entries().size(), 2u);
    EXPECT_EQ(journal->configs().size(), 1u);
    EXPECT_EQ(journal->runs().at(0).result, "") << "only the end is lost";
    EXPECT_EQ(store.Read(path), whole.substr(0, last));
    EXPECT_TRUE(journal->BeginRun(Direction::kApply));
  }
}

TEST(Journal, TornBatchIsCutOffAtEveryByte) {
  const TemporaryStore store;
  {
    auto journal = Journal::Open(store.dir(), kNode, kPlan);
    ASSERT_TRUE(journal->BeginRun(Direction::kApply));
    ASSERT_TRUE(journal->RecordBatch(SampleBatch(1)));
  }
  const std::string path = JournalFile(kNode, kPlan);
  const std::string whole = store.Read(path);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    store.Write(path, whole.substr(0, size));
    auto journal = Journal::Open(store.dir(), kNode, kPlan);
    ASSERT_TRUE(journal) << size << ": " << journal.error().message;
    EXPECT_TRUE(journal->entries().empty());
    EXPECT_EQ(journal->runs().size(), size > whole.find('\n') ? 1u : 0u);
  }
}

TEST(Journal, BlankPageAtTheEndIsCutOff) {
  const TemporaryStore store;
  WriteRun(store);
  const std::string path = JournalFile(kNode, kPlan);
  const std::string whole = store.Read(path);
  store.Write(path, whole + std::string(4096, '\0'));
  EXPECT_TRUE(Journal::Open(store.dir(), kNode, kPlan));
  EXPECT_EQ(store.Read(path), whole);
}

TEST(Journal, TornLineInTheMiddleIsNotPassedOver) {
  const TemporaryStore store;
  WriteRun(store);
  const std::string path = JournalFile(kNode, kPlan);
  std::string text = store.Read(path);
  text.erase(text.find("\"batch\"") + 5, 10);
  store.Write(path, text);
  const auto journal = Journal::Open(store.dir(), kNode, kPlan);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().kind, ErrorKind::kBadArtifact);
  EXPECT_EQ(journal.error().code, "journal-torn");
  EXPECT_EQ(store.Read(path), text) << "nothing is cut";
}

TEST(Journal, OfAnotherPlanOrNodeIsForeign) {
  const TemporaryStore store;
  WriteRun(store);
  std::filesystem::copy_file(store.dir() + "/" + JournalFile(kNode, kPlan),
                             store.dir() + "/" + JournalFile(NodeName("node2"), kPlan));
  const auto journal = Journal::Open(store.dir(), NodeName("node2"), kPlan);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, "journal-foreign");
}

TEST(Journal, HasOneWriter) {
  const TemporaryStore store;
  const auto first = Journal::Open(store.dir(), kNode, kPlan);
  ASSERT_TRUE(first);
  const auto second = Journal::Open(store.dir(), kNode, kPlan);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kTryLater);
  EXPECT_EQ(second.error().code, "artifacts-locked");
}

TEST(Journal, RecordOutsideARunIsNotWritten) {
  const TemporaryStore store;
  auto journal = Journal::Open(store.dir(), kNode, kPlan);
  EXPECT_FALSE(journal->RecordBatch(SampleBatch(1)));
  EXPECT_EQ(store.Read(JournalFile(kNode, kPlan)), "");
}

// The number of a run that has no place in the file is given to no line after it.
TEST(Journal, WhatHasNoRoomIsNotInTheIndexEither) {
  const TemporaryStore store;
  WriteRun(store);
  auto journal = Journal::Open(store.dir(), kNode, kPlan);
  ASSERT_TRUE(journal) << journal.error().message;
  ASSERT_TRUE(journal->BeginRun(Direction::kApply));
  ASSERT_TRUE(journal->RecordBatch(SampleBatch(1)));
  rlimit before = {};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const auto leave = [&](std::uintmax_t room) {
    const rlimit limit = {
        std::filesystem::file_size(store.dir() + "/" + journal->Reference().path) + room,
        before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  };
  leave(10);
  EXPECT_FALSE(journal->Committed(1));
  EXPECT_FALSE(journal->entries().back().committed);
  EXPECT_FALSE(journal->Refused(1));
  EXPECT_FALSE(journal->entries().back().refused);
  EXPECT_FALSE(journal->RecordConfig(SampleConfig()));
  EXPECT_EQ(journal->configs().size(), 1u);
  EXPECT_FALSE(journal->RecordBatch(SampleBatch(2)));
  EXPECT_EQ(journal->entries().size(), 3u);
  leave(100);
  EXPECT_FALSE(journal->BeginRun(Direction::kRollback));
  EXPECT_EQ(journal->sequence(), 2u);
  EXPECT_TRUE(journal->End("failed"));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  const FileRef reference = journal->Reference();
  {
    const auto closed = std::move(journal);
  }
  auto again = Journal::Open(store.dir(), kNode, kPlan);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->VerifyPrefix(reference)) << "a receipt that names it is believed";
  ASSERT_EQ(again->runs().size(), 2u);
  EXPECT_EQ(again->runs()[1].result, "failed");
}

TEST(Journal, LookingLeavesALineThatIsTornAsItIs) {
  const TemporaryStore store;
  WriteRun(store);
  const std::string path = JournalFile(kNode, kPlan);
  store.Write(path, store.Read(path) + "{\"half");
  {
    auto looked = Journal::OpenToLook(store.dir(), kNode, kPlan);
    ASSERT_TRUE(looked) << looked.error().message;
    EXPECT_EQ(looked->runs().size(), 1u);
  }
  EXPECT_TRUE(store.Read(path).ends_with("{\"half"));
  ASSERT_TRUE(Journal::Open(store.dir(), kNode, kPlan));
  EXPECT_FALSE(store.Read(path).ends_with("{\"half"));
}

}  // namespace
}  // namespace syncgate
