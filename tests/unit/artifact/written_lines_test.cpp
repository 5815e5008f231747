// What is written satisfies the schemas that are published, line by line; what is published as
// valid is read.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "artifact/document_io.h"
#include "artifact/journal.h"
#include "artifact/journal_lines.h"
#include "artifact/rows.h"
#include "json/json.h"
#include "json/schema.h"
#include "sample_documents.h"
#include "temporary_store.h"

namespace syncgate {
namespace {

void ExpectLines(const TemporaryStore& store, const std::string& path, const char* schema,
                 int count) {
  std::istringstream lines(store.Read(path));
  int seen = 0;
  for (std::string line; std::getline(lines, line); ++seen) {
    const auto value = ParseJson(line);
    ASSERT_TRUE(value) << line;
    const auto valid = ValidateJson(schema, *value);
    EXPECT_TRUE(valid) << line << "\n" << valid.error().message;
  }
  EXPECT_EQ(seen, count);
}

TEST(WrittenLines, RowsSatisfyTheirSchema) {
  const TemporaryStore store;
  auto writer = RowsWriter::Create(store.dir(), "r.jsonl");
  const Row row{"1", std::nullopt, "\xFF", "\xF0\x9F\x8E\x8B"};
  ASSERT_TRUE(writer->Append(0, {ChangeKind::kInsert, {"1"}, std::nullopt, row}));
  ASSERT_TRUE(writer->Append(0, {ChangeKind::kUpdate, {"1"}, row, row}));
  ASSERT_TRUE(writer->Append(1, {ChangeKind::kDelete, {"\xFF"}, row, std::nullopt}));
  ASSERT_TRUE(writer->Finish());
  ExpectLines(store, "r.jsonl", "rows.v1", 3);
}

TEST(WrittenLines, ReceiptRowsSatisfyTheirSchema) {
  const TemporaryStore store;
  auto writer = ReceiptRowsWriter::Create(store.dir(), "r.jsonl");
  for (const RowState state :
       {RowState::kMoved, RowState::kAlready, RowState::kDrift, RowState::kUntouched}) {
    ASSERT_TRUE(writer->Append({3, {"1", "\xFF"}, state}));
  }
  ASSERT_TRUE(writer->Finish());
  ExpectLines(store, "r.jsonl", "receipt-rows.v1", 4);
}

TEST(WrittenLines, JournalSatisfiesItsSchema) {
  const TemporaryStore store;
  auto journal = Journal::Open(store.dir(), NodeName("n"), Sha("plan"));
  ASSERT_TRUE(journal->BeginRun(Direction::kRollback));
  ASSERT_TRUE(journal->RecordBatch({1,
                                    TableName("t"),
                                    {ColumnName("c")},
                                    {{ChangeKind::kInsert, {"1"}, std::nullopt},
                                     {ChangeKind::kUpdate, {"\xFF"}, Row{"\xFF"}}}}));
  ASSERT_TRUE(journal->Refused(1));
  ASSERT_TRUE(journal->RecordBatch({1, TableName("t"), {ColumnName("c")}, {}}));
  ASSERT_TRUE(journal->Committed(1));
  ASSERT_TRUE(journal->RecordConfig(
      {ConfigName("app"), "/t", "", Digest(), Sha("a"), 0, Direction::kApply}));
  ASSERT_TRUE(journal->End("success"));
  ExpectLines(store, JournalFile(NodeName("n"), Sha("plan")), "journal.v1", 7);
}

// The examples carry real digests, computed by another program.
TEST(PublishedExamples, ValidDocumentsAreRead) {
  const std::string root = SYNCGATE_SOURCE_DIR "/schemas/examples/";
  const auto names = [&](const char* kind) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(root + kind + "/valid")) {
      found.push_back(std::string(kind) + "/valid/" + entry.path().filename().string());
    }
    return found;
  };
  // An encrypted one was read up to its seal: whose key it wants is told only of a right digest.
  const auto expect_read = [](const std::string& name, const auto& doc) {
    const bool sealed = name.ends_with("/encrypted.json");
    EXPECT_EQ(doc.has_value(), !sealed) << name;
    if (!doc) {
      EXPECT_EQ(doc.error().code, sealed ? "artifact-encrypted" : "") << doc.error().message;
    }
  };
  for (const auto& name : names("diff")) expect_read(name, ReadDiff(root, name));
  for (const auto& name : names("plan")) expect_read(name, ReadPlan(root, name));
  for (const auto& name : names("receipt")) expect_read(name, ReadReceipt(root, name));
  for (const auto& name : names("verdict")) expect_read(name, ReadVerdict(root, name));
  for (const auto& name : names("journal")) {
    const TemporaryStore none;
    const auto value = ParseJson([&] {
      std::ifstream in(root + name);
      return std::string(std::istreambuf_iterator<char>(in), {});
    }());
    const bool sealed = name.ends_with("/sealed.json");
    EXPECT_TRUE(sealed || ParseJournalLine(CanonicalJson(*value))) << name;
  }
}

}  // namespace
}  // namespace syncgate
