#include <gtest/gtest.h>

#include "artifact/lines.h"
#include "artifact/rows.h"
#include "core/base64.h"
#include "temporary_store.h"
#include "with_key.h"

namespace syncgate {
namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kStored = kChunk + 40;
constexpr char kPath[] = "diff/node1.rows.jsonl";

// A file of `size` bytes whose bytes tell where they stand.
std::string Pattern(std::size_t size) {
  std::string text;
  while (text.size() < size) text += std::to_string(text.size()) + "\n";
  text.resize(size);
  return text;
}

FileRef WriteText(const TemporaryStore& store, const std::string& text,
                  const std::string& path = kPath) {
  auto writer = LineWriter::Create(store.dir(), path);
  EXPECT_TRUE(writer);
  for (std::size_t at = 0; at < text.size(); at += 1000) {
    *writer->buffer() += text.substr(at, 1000);
    EXPECT_TRUE(writer->LineDone());
  }
  auto file = writer->Finish("sql");
  EXPECT_TRUE(file);
  file->lines = 0;
  return *file;
}

Result<std::string> ReadAll(const TemporaryStore& store, const std::string& path = kPath) {
  StoredFile file = TRY(StoredFile::Open(store.dir(), path));
  std::string text(10'000'000, '\0');
  text.resize(TRY(file.Read(text.data(), text.size())));
  return text;
}

std::string CodeOf(const Result<std::string>& result) {
  return result ? "read" : result.error().code;
}

class SealedSize : public testing::TestWithParam<std::size_t> {};

TEST_P(SealedSize, ComesBackWholeAndFromAnyPlace) {
  const WithKey key('a');
  const TemporaryStore store;
  const std::string text = Pattern(GetParam());
  const FileRef reference = WriteText(store, text);
  EXPECT_EQ(reference.sha256, Digest::Of(store.Read(kPath))) << "of the bytes on disk";
  EXPECT_EQ(*ReadAll(store), text);
  auto file = OpenVerified(store.dir(), reference);
  ASSERT_TRUE(file) << file.error().message;
  for (const std::size_t place : {std::size_t{0}, kChunk - 3, kChunk, kChunk + 1, 3 * kChunk - 1}) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5}, kChunk + 9}) {
      const auto part = file->ReadAt(place, size);
      ASSERT_TRUE(part) << part.error().message;
      if (place + size <= text.size()) {
        EXPECT_EQ(**part, text.substr(place, size));
      } else if (size > 0) {
        EXPECT_FALSE(part->has_value());
      }
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Sizes, SealedSize,
                         testing::Values(0, 1, kChunk - 1, kChunk, kChunk + 1, 2 * kChunk,
                                         5 * kChunk + 17, 1'000'000));

TEST(SealedFile, NothingOfTheTextIsOnDisk) {
  const WithKey key('a');
  const TemporaryStore store;
  WriteText(store, std::string(kChunk, 'x') + "marked-value");
  EXPECT_EQ(store.Read(kPath).find("marked"), std::string::npos);
  EXPECT_EQ(store.Read(kPath).find("xxxx"), std::string::npos);
}

TEST(SealedFile, TheSameTextGivesTheSameBytes) {
  const WithKey key('a');
  const TemporaryStore one, two;
  EXPECT_EQ(WriteText(one, Pattern(kChunk * 2)).sha256, WriteText(two, Pattern(kChunk * 2)).sha256);
}

TEST(SealedFile, EveryKindOfDamageIsNoticed) {
  const WithKey key('a');
  const TemporaryStore store;
  WriteText(store, Pattern(3 * kChunk + 100));
  const std::string whole = store.Read(kPath);
  const std::size_t head = whole.find('\n') + 1;
  const auto with = [&](const std::string& bytes) {
    store.Write(kPath, bytes);
    return CodeOf(ReadAll(store));
  };
  EXPECT_EQ(with(whole), "read");
  // Cut at every edge of a chunk, within one, and within the header.
  for (const std::size_t size : {head, head + 1, head + kStored, head + kStored + 39,
                                 head + 2 * kStored, head + 3 * kStored, whole.size() - 1}) {
    EXPECT_EQ(with(whole.substr(0, size)), "artifact-edited") << size;
  }
  EXPECT_EQ(with(whole + "x"), "artifact-edited");
  EXPECT_EQ(with(whole.substr(0, head) + whole.substr(head + kStored)), "artifact-edited");
  const std::string first = whole.substr(head, kStored);
  const std::string second = whole.substr(head + kStored, kStored);
  const std::string rest = whole.substr(head + 2 * kStored);
  EXPECT_EQ(with(whole.substr(0, head) + second + first + rest), "artifact-edited");
  EXPECT_EQ(with(whole.substr(0, head) + first + first + rest), "artifact-edited");
  for (const std::size_t at :
       {head, head + 24, head + kStored - 1, head + kStored + 70, whole.size() - 1}) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    EXPECT_EQ(with(flipped), "artifact-edited") << at;
  }
  for (std::size_t at = 0; at < head; ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    EXPECT_NE(with(flipped), "read") << "byte " << at << " of the header";
  }
}

// A chunk of another run's file of the same name opens nowhere in this one.
TEST(SealedFile, ChunksOfTwoFilesDoNotMix) {
  const WithKey key('a');
  const TemporaryStore one, two;
  std::string text = Pattern(3 * kChunk);
  WriteText(one, text);
  text[0] = 'x';
  WriteText(two, text);
  const std::string a = one.Read(kPath);
  const std::string b = two.Read(kPath);
  const std::size_t head = a.find('\n') + 1;
  one.Write(kPath, a.substr(0, head + kStored) + b.substr(head + kStored));
  EXPECT_EQ(CodeOf(ReadAll(one)), "artifact-edited");
}

TEST(SealedFile, AnotherKeyNoKeyAnotherPlaceAndPlainOnesAreRefused) {
  const TemporaryStore store;
  WriteText(store, "plain", "plain.sql");
  EXPECT_EQ(CodeOf(ReadAll(store, "plain.sql")), "read");
  {
    const WithKey key('a');
    WriteText(store, "text");
    EXPECT_EQ(CodeOf(ReadAll(store)), "read");
    EXPECT_EQ(CodeOf(ReadAll(store, "plain.sql")), "artifact-not-encrypted");
    store.Write("moved.sql", store.Read(kPath));
    EXPECT_EQ(CodeOf(ReadAll(store, "moved.sql")), "artifact-path");
  }
  EXPECT_EQ(CodeOf(ReadAll(store)), "artifact-encrypted");
  const WithKey other('b');
  EXPECT_EQ(CodeOf(ReadAll(store)), "artifact-key-other");
}

TEST(SealedFile, RowsAreReadFromTheirMarks) {
  const WithKey key('a');
  const TemporaryStore store;
  auto writer = RowsWriter::Create(store.dir(), kPath);
  ASSERT_TRUE(writer);
  for (int i = 0; i < 5000; ++i) {
    const Row key_cells{std::to_string(i)};
    ASSERT_TRUE(writer->Append(0, {ChangeKind::kInsert, key_cells, std::nullopt,
                                   Row{std::to_string(i), std::string(40, 'v')}}));
  }
  auto file = writer->Finish();
  ASSERT_TRUE(file);
  EXPECT_EQ(file->lines, 5000u);
  auto reader = RowsReader::Open(store.dir(), *file);
  ASSERT_TRUE(reader) << reader.error().message;
  std::vector<RowsReader::Mark> marks;
  for (int i = 0; i < 5000; ++i) {
    marks.push_back(reader->Tell());
    ASSERT_TRUE(*reader->Next());
  }
  EXPECT_FALSE(*reader->Next());
  for (const int i : {4999, 0, 2500, 2499, 4998}) {
    ASSERT_TRUE(reader->SeekTo(marks[static_cast<std::size_t>(i)]));
    EXPECT_EQ((**reader->Next()).change.key, Row{std::to_string(i)});
  }
  file->lines = 4999;
  EXPECT_FALSE(RowsReader::Open(store.dir(), *file)) << "lines are counted in the plain text";
}

TEST(ArtifactKey, IsTakenFromTheEnvironmentOrRefused) {
  const auto load = [](const char* value) {
    value == nullptr ? ::unsetenv(kArtifactKeyVariable) : ::setenv(kArtifactKeyVariable, value, 1);
    auto loaded = LoadArtifactKey();
    return loaded ? (ArtifactKey() == nullptr ? "none" : "key") : loaded.error().code;
  };
  EXPECT_EQ(load(nullptr), "none");
  EXPECT_EQ(load(ToBase64(std::string(32, 'k')).c_str()), "key");
  EXPECT_EQ(load(""), "artifact-key-invalid");
  EXPECT_EQ(load("marked-secret"), "artifact-key-invalid");
  const auto failed = LoadArtifactKey();
  EXPECT_EQ((failed.error().message + failed.error().hint).find("marked"), std::string::npos);
  EXPECT_EQ(load(nullptr), "none");
}

}  // namespace
}  // namespace syncgate
