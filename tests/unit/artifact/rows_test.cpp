#include "artifact/rows.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "sample_documents.h"
#include "temporary_store.h"

namespace syncgate {
namespace {

struct NastyCell {
  const char* name;
  Cell cell;
  const char* json;
};
void PrintTo(const NastyCell& row, std::ostream* out) { *out << row.json; }

class Cells : public ::testing::TestWithParam<NastyCell> {};

TEST_P(Cells, ComesBackByteForByte) {
  const TemporaryStore store;
  auto writer = RowsWriter::Create(store.dir(), "r.jsonl");
  ASSERT_TRUE(writer);
  const RowChange change{
      ChangeKind::kInsert, {GetParam().cell}, std::nullopt, Row{GetParam().cell}};
  ASSERT_TRUE(writer->Append(0, change));
  const auto file = writer->Finish();
  ASSERT_TRUE(file);
  EXPECT_EQ(store.Read("r.jsonl"), std::string("{\"table\":0,\"kind\":\"insert\",\"key\":[") +
                                       GetParam().json + "],\"after\":[" + GetParam().json +
                                       "]}\n");
  auto reader = RowsReader::Open(store.dir(), *file);
  ASSERT_TRUE(reader);
  const auto line = reader->Next();
  ASSERT_TRUE(line && *line) << line.error().message;
  EXPECT_EQ((*line)->change, change);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Cells,
    ::testing::Values(
        NastyCell{"Null", std::nullopt, "null"}, NastyCell{"Empty", "", "\"\""},
        NastyCell{"LargestInteger", "18446744073709551615", "\"18446744073709551615\""},
        NastyCell{"Decimal", "-0.10", "\"-0.10\""},
        NastyCell{"Quotes", "a\"b\\c/", "\"a\\\"b\\\\c/\""},
        NastyCell{"Lines", "a\tb\r\n", "\"a\\tb\\r\\n\""},
        NastyCell{"FourBytes", "\xF0\x9F\x8E\x8B", "\"\xF0\x9F\x8E\x8B\""},
        NastyCell{"Nul", std::string("a\0b", 3), "{\"hex\":\"610062\"}"},
        NastyCell{"Control", "\x01", "{\"hex\":\"01\"}"},
        NastyCell{"Delete", "\x7F", "{\"hex\":\"7f\"}"},
        NastyCell{"InvalidUtf8", "a\xFF", "{\"hex\":\"61ff\"}"},
        NastyCell{"Overlong", "\xC0\x80", "{\"hex\":\"c080\"}"},
        NastyCell{"Surrogate", "\xED\xA0\x80", "{\"hex\":\"eda080\"}"},
        NastyCell{"CutCharacter", "\xE4\xB8", "{\"hex\":\"e4b8\"}"},
        NastyCell{"AboveUnicode", "\xF4\x90\x80\x80", "{\"hex\":\"f4908080\"}"},
        NastyCell{"LineSeparator", "\xE2\x80\xA8", "\"\xE2\x80\xA8\""},
        NastyCell{"LooksLikeHex", "{\"hex\":\"00\"}", "\"{\\\"hex\\\":\\\"00\\\"}\""}),
    [](const auto& row) { return row.param.name; });

// Any byte next to any byte: every cell comes back.
TEST(Rows, EveryPairOfBytesRoundTrips) {
  const TemporaryStore store;
  auto writer = RowsWriter::Create(store.dir(), "r.jsonl");
  RowChange change{ChangeKind::kUpdate, {"1"}, Row{}, Row{}};
  for (int a = 0; a < 256; ++a) {
    change.before = Row{};
    for (int b = 0; b < 256; ++b) {
      change.before->push_back(std::string{static_cast<char>(a), static_cast<char>(b)});
    }
    change.after = change.before;
    ASSERT_TRUE(writer->Append(static_cast<std::uint64_t>(a), change));
  }
  auto reader = RowsReader::Open(store.dir(), *writer->Finish());
  ASSERT_TRUE(reader);
  for (int a = 0; a < 256; ++a) {
    const auto line = reader->Next();
    ASSERT_TRUE(line && *line);
    EXPECT_EQ((*line)->table, static_cast<std::uint64_t>(a));
    EXPECT_EQ((*line)->change.before->at(255), (std::string{static_cast<char>(a), '\xFF'}));
    EXPECT_EQ((*line)->change.before, (*line)->change.after);
  }
  EXPECT_EQ(*reader->Next(), std::nullopt);
}

RowChange Numbered(int i) {
  return {
      ChangeKind::kDelete, {std::to_string(i)}, Row{std::to_string(i), std::nullopt}, std::nullopt};
}

FileRef WriteNumbered(const TemporaryStore& store, int count) {
  auto writer = RowsWriter::Create(store.dir(), "diff/n.rows.jsonl");
  for (int i = 0; i < count; ++i) EXPECT_TRUE(writer->Append(0, Numbered(i)));
  return writer->Finish().value_or(FileRef{});
}

TEST(Rows, ReaderSkipsAndComesBack) {
  const TemporaryStore store;
  const FileRef file = WriteNumbered(store, 20000);  // several blocks
  EXPECT_EQ(file.lines, 20000u);
  auto reader = RowsReader::Open(store.dir(), file);
  ASSERT_TRUE(reader);
  ASSERT_TRUE(reader->Skip(12345));
  const RowsReader::Mark mark = reader->Tell();
  EXPECT_EQ((*reader->Next())->change, Numbered(12345));
  EXPECT_EQ((*reader->Next())->line, 12346u);
  ASSERT_TRUE(reader->SeekTo(mark));
  EXPECT_EQ((*reader->Next())->change, Numbered(12345));
  EXPECT_EQ(reader->Skip(20000).error().code, "artifact-invalid");
}

TEST(Rows, LineLongerThanAnyBlockRoundTrips) {
  const TemporaryStore store;
  const std::string large(3'000'000, 'x');
  auto writer = RowsWriter::Create(store.dir(), "r.jsonl");
  ASSERT_TRUE(writer->Append(0, {ChangeKind::kInsert, {"1"}, std::nullopt, Row{large, large}}));
  ASSERT_TRUE(writer->Append(1, Numbered(2)));
  auto reader = RowsReader::Open(store.dir(), *writer->Finish());
  EXPECT_EQ((*reader->Next())->change.after->at(1), large);
  EXPECT_EQ((*reader->Next())->change, Numbered(2));
}

TEST(Rows, ManyLongLinesNeedNoMoreMemoryThanOne) {
  const TemporaryStore store;
  auto writer = RowsWriter::Create(store.dir(), "r.jsonl");
  ASSERT_TRUE(writer);
  const RowChange change{
      ChangeKind::kInsert, {"1"}, std::nullopt, Row{"1", std::string(200'000, 'x')}};
  constexpr int kLines = 60;
  for (int i = 0; i < kLines; ++i) ASSERT_TRUE(writer->Append(0, change));
  auto reader = RowsReader::Open(store.dir(), *writer->Finish());
  ASSERT_TRUE(reader);
  for (int i = 0; i < kLines; ++i) {
    const auto line = reader->Next();
    ASSERT_TRUE(line && *line);
    EXPECT_EQ((*line)->change, change);
  }
}

TEST(Rows, EditedOrLostFilesAreTold) {
  const TemporaryStore store;
  FileRef file = WriteNumbered(store, 10);
  const std::string bytes = store.Read(file.path);
  store.Write(file.path, bytes.substr(0, bytes.size() - 1));
  EXPECT_EQ(RowsReader::Open(store.dir(), file).error().code, "artifact-edited");
  std::string edited = bytes;
  edited[bytes.find("delete")] = 'D';
  store.Write(file.path, edited);
  EXPECT_EQ(RowsReader::Open(store.dir(), file).error().code, "artifact-edited");
  store.Write(file.path, bytes);
  file.lines = 11;
  EXPECT_EQ(RowsReader::Open(store.dir(), file).error().code, "artifact-edited");
  file.path = "diff/other.jsonl";
  EXPECT_EQ(RowsReader::Open(store.dir(), file).error().code, "artifact-missing");
  file.path = "../other.jsonl";
  EXPECT_EQ(RowsReader::Open(store.dir(), file).error().code, "artifact-path");
}

TEST(Rows, LineThatIsNoChangeIsNamed) {
  const char* const lines[] = {
      "",
      "[]",
      "{",
      R"({"table":0,"kind":"insert","key":["1"]})",
      R"({"table":0,"kind":"insert","key":["1"],"before":[],"after":[]})",
      R"({"table":0,"kind":"insert","key":[],"after":[]})",
      R"({"table":-1,"kind":"insert","key":["1"],"after":[]})",
      R"({"table":0,"kind":"upsert","key":["1"],"after":[]})",
      R"({"table":0,"kind":"insert","key":["1"],"after":[1]})",
      R"({"table":0,"kind":"insert","key":["1"],"after":[{"hex":"0"}]})",
      R"({"table":0,"kind":"insert","key":["1"],"after":[],"more":1})",
  };
  for (const char* line : lines) {
    const TemporaryStore store;
    const std::string text = std::string(line) + "\n";
    store.Write("r.jsonl", text);
    auto reader = RowsReader::Open(store.dir(), {"r.jsonl", "rows", Digest::Of(text), 1});
    ASSERT_TRUE(reader);
    const auto row = reader->Next();
    ASSERT_FALSE(row) << line;
    EXPECT_EQ(row.error().message, "r.jsonl: line 1 is no row change.");
  }
}

TEST(Rows, ChangeWhoseImagesDoNotFitIsNotWritten) {
  const TemporaryStore store;
  auto writer = RowsWriter::Create(store.dir(), "r.jsonl");
  RowChange change = Numbered(1);
  change.kind = ChangeKind::kUpdate;
  EXPECT_FALSE(writer->Append(0, change));
  change.kind = ChangeKind::kInsert;
  EXPECT_FALSE(writer->Append(0, change));
  EXPECT_FALSE(writer->Append(0, {ChangeKind::kDelete, {}, Row{"1"}, std::nullopt}));
  EXPECT_EQ(writer->lines(), 0u);
}

TEST(Rows, WriterThatIsAbandonedLeavesNothing) {
  const TemporaryStore store;
  {
    auto writer = RowsWriter::Create(store.dir(), "r.jsonl");
    ASSERT_TRUE(writer->Append(0, Numbered(1)));
  }
  EXPECT_TRUE(std::filesystem::is_empty(store.dir()));
}

TEST(ReceiptRows, RoundTrip) {
  const TemporaryStore store;
  auto writer = ReceiptRowsWriter::Create(store.dir(), "r.jsonl");
  const ReceiptRow rows[] = {{0, {"1", std::nullopt}, RowState::kMoved},
                             {1, {"\xFF"}, RowState::kDrift},
                             {1, {"b"}, RowState::kAlready},
                             {2, {"c"}, RowState::kUntouched}};
  for (const auto& row : rows) ASSERT_TRUE(writer->Append(row));
  auto reader = ReceiptRowsReader::Open(store.dir(), *writer->Finish());
  for (const auto& row : rows) EXPECT_EQ(*reader->Next(), row);
  EXPECT_EQ(*reader->Next(), std::nullopt);
}

}  // namespace
}  // namespace syncgate
