#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "artifact/audit_journal.h"
#include "artifact/journal.h"
#include "temporary_store.h"
#include "with_key.h"

namespace syncgate {
namespace {

const NodeName kNode("node1");
const Digest kPlan = Digest::Of("plan");

JournalBatch Batch(std::uint64_t number) {
  return {number,
          TableName("t"),
          {ColumnName("id"), ColumnName("v")},
          {{ChangeKind::kUpdate, {std::to_string(number)}, Row{std::to_string(number), "marked"}}}};
}

void WriteRun(const TemporaryStore& store) {
  auto journal = Journal::Open(store.dir(), kNode, kPlan);
  ASSERT_TRUE(journal) << journal.error().message;
  ASSERT_TRUE(journal->BeginRun(Direction::kApply));
  for (std::uint64_t number = 1; number <= 3; ++number) {
    ASSERT_TRUE(journal->RecordBatch(Batch(number)));
    ASSERT_TRUE(journal->Committed(number));
  }
  ASSERT_TRUE(journal->End("success"));
}

std::string Path() { return JournalFile(kNode, kPlan); }

std::string CodeOf(const TemporaryStore& store) {
  const auto journal = Journal::Open(store.dir(), kNode, kPlan);
  return journal ? "read" : journal.error().code;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

TEST(SealedJournal, IsReadBackAndShowsNoValue) {
  const WithKey key('a');
  const TemporaryStore store;
  WriteRun(store);
  EXPECT_EQ(store.Read(Path()).find("marked"), std::string::npos);
  EXPECT_EQ(store.Read(Path()).find("batch"), std::string::npos);
  auto journal = Journal::Open(store.dir(), kNode, kPlan);
  ASSERT_TRUE(journal) << journal.error().message;
  ASSERT_EQ(journal->entries().size(), 3u);
  for (const std::size_t i : {2u, 0u, 1u}) {
    EXPECT_EQ(*journal->Load(journal->entries()[i]), Batch(i + 1));
  }
  EXPECT_EQ(journal->Reference().sha256, Digest::Of(store.Read(Path())));
  ASSERT_EQ(journal->BeginRun(Direction::kRollback), 2u);
  ASSERT_TRUE(journal->RecordBatch(Batch(9)));
  EXPECT_EQ(*journal->Load(journal->entries().back()), Batch(9));
}

// SIGKILL can leave any number of bytes; what is whole before them is kept, and a run goes on.
TEST(SealedJournal, TheTailMayBeCutAtEveryByte) {
  const WithKey key('a');
  const TemporaryStore store;
  WriteRun(store);
  const std::string whole = store.Read(Path());
  std::size_t tried = 0;
  const std::size_t last_records = whole.rfind('\n', whole.rfind('\n', whole.size() - 2) - 1);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    // Every byte of the last two records; before them the edges of records, and some between.
    const bool edge =
        whole.substr(size - std::min<std::size_t>(size, 2), 4).find('\n') != whole.npos;
    if (size < last_records && !edge && size % 97 != 0) continue;
    store.Write(Path(), whole.substr(0, size));
    auto journal = Journal::Open(store.dir(), kNode, kPlan);
    ASSERT_TRUE(journal) << size << ": " << journal.error().message;
    const auto lines = static_cast<std::size_t>(std::ranges::count(whole.substr(0, size), '\n'));
    EXPECT_EQ(journal->entries().size(), std::min<std::size_t>(lines / 2, 3)) << size;
    for (const JournalEntry& entry : journal->entries()) {
      ASSERT_TRUE(journal->Load(entry)) << size;
    }
    EXPECT_EQ(store.Read(Path()).size(), whole.rfind('\n', size == 0 ? 0 : size - 1) + 1) << size;
    if (size % 97 == 0) {
      ASSERT_TRUE(journal->BeginRun(Direction::kApply));
      ASSERT_TRUE(journal->RecordBatch(Batch(7)));
      journal = Journal::Open("/nowhere", kNode, kPlan);  // lets go of the lock
      EXPECT_EQ(CodeOf(store), "read") << size;
      ++tried;
    }
  }
  EXPECT_GT(tried, 5u);
}

TEST(SealedJournal, WholeLinesThatDoNotOpenAreNeverCutOff) {
  const WithKey key('a');
  const TemporaryStore store;
  WriteRun(store);
  const auto lines = Lines(store.Read(Path()));
  ASSERT_EQ(lines.size(), 8u);
  const auto with = [&](std::vector<std::size_t> order) {
    std::string text;
    for (const std::size_t i : order) text += lines[i];
    store.Write(Path(), text);
    const std::string code = CodeOf(store);
    EXPECT_TRUE(code == "read" || store.Read(Path()) == text) << "cut";
    return code;
  };
  EXPECT_EQ(with({0, 1, 2, 3}), "read");
  EXPECT_EQ(with({0, 1, 2, 4}), "artifact-edited") << "one left out";
  EXPECT_EQ(with({0, 1, 2, 3, 3}), "artifact-edited") << "one twice";
  EXPECT_EQ(with({0, 3, 2, 1}), "artifact-edited") << "another order";
  EXPECT_EQ(with({1, 2, 3}), "artifact-edited") << "without its beginning";
  // Damage within the sealed bytes of the last line: it is whole, so it is no torn one.
  std::string text = lines[0] + lines[1];
  text[text.size() - 20] = text[text.size() - 20] == 'A' ? 'B' : 'A';
  store.Write(Path(), text);
  EXPECT_EQ(CodeOf(store), "artifact-edited");
  EXPECT_EQ(store.Read(Path()), text);
}

TEST(SealedJournal, AnotherKeyNoKeyAndPlainOnesAreRefusedAndLeftAlone) {
  const TemporaryStore sealed, plain;
  {
    const WithKey key('a');
    WriteRun(sealed);
  }
  WriteRun(plain);
  const std::string sealed_bytes = sealed.Read(Path());
  const std::string plain_bytes = plain.Read(Path());
  EXPECT_EQ(CodeOf(sealed), "artifact-encrypted");
  sealed.Write(Path(), Lines(sealed_bytes)[0]);  // one line: it could be taken for a torn one
  EXPECT_EQ(CodeOf(sealed), "artifact-encrypted");
  {
    const WithKey other('b');
    EXPECT_EQ(CodeOf(sealed), "artifact-key-other");
    EXPECT_EQ(CodeOf(plain), "artifact-not-encrypted");
    plain.Write(Path(), Lines(plain_bytes)[0]);
    EXPECT_EQ(CodeOf(plain), "artifact-not-encrypted");
  }
  EXPECT_EQ(sealed.Read(Path()), Lines(sealed_bytes)[0]);
  EXPECT_EQ(plain.Read(Path()), Lines(plain_bytes)[0]);
  EXPECT_EQ(CodeOf(plain), "read");
}

// The journal of one plan under the name of another.
TEST(SealedJournal, OpensUnderItsOwnNameOnly) {
  const WithKey key('a');
  const TemporaryStore store;
  WriteRun(store);
  const Digest other = Digest::Of("other plan");
  store.Write(JournalFile(kNode, other), store.Read(Path()));
  const auto journal = Journal::Open(store.dir(), kNode, other);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, "artifact-edited");
}

}  // namespace
}  // namespace syncgate
