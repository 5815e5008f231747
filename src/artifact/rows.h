// Rows in bulk, one JSON Lines file beside the document that names it (schemas/rows.v1,
// receipt-rows.v1). Writing and reading hold one line in memory, however many there are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "artifact/documents.h"
#include "artifact/lines.h"
#include "core/change.h"
#include "core/result.h"

namespace syncgate {

// What became of one planned row.
enum class RowState : std::uint8_t { kMoved, kAlready, kDrift, kUntouched };
const char* ToString(RowState state);  // "moved", "already", "drift", "untouched"

struct RowLine {
  std::uint64_t table = 0;  // position in the document's list of tables
  RowChange change;
  std::uint64_t line = 0;  // from 0
};

struct ReceiptRow {
  std::uint64_t table = 0;
  Row key;
  RowState state = RowState::kUntouched;

  bool operator==(const ReceiptRow&) const = default;
};

class RowsWriter {
 public:
  // `path` is relative to `dir`. The file appears with Finish; a writer that goes without leaves
  // nothing.
  static Result<RowsWriter> Create(const std::string& dir, const std::string& path);

  Result<void> Append(std::uint64_t table, const RowChange& change);
  std::uint64_t lines() const { return lines_.lines(); }
  Result<FileRef> Finish(const std::string& kind = "rows") { return lines_.Finish(kind); }

 private:
  explicit RowsWriter(LineWriter lines) : lines_(std::move(lines)) {}
  LineWriter lines_;
};

class ReceiptRowsWriter {
 public:
  static Result<ReceiptRowsWriter> Create(const std::string& dir, const std::string& path);

  Result<void> Append(const ReceiptRow& row);
  Result<FileRef> Finish() { return lines_.Finish("receipt-rows"); }

 private:
  explicit ReceiptRowsWriter(LineWriter lines) : lines_(std::move(lines)) {}
  LineWriter lines_;
};

class LineParser;  // a JSON parser whose memory is used again for every line

// Errors of all calls: kBadArtifact "artifact-missing", "artifact-edited" (digest or number of
// lines, checked by Open over the whole file), "artifact-invalid" (a line that is no row, naming
// it).
class RowsReader {
 public:
  static Result<RowsReader> Open(const std::string& dir, const FileRef& file);
  RowsReader(RowsReader&&) noexcept;
  RowsReader& operator=(RowsReader&&) noexcept;
  ~RowsReader();

  Result<std::optional<RowLine>> Next();   // nullopt at the end
  Result<void> Skip(std::uint64_t lines);  // without parsing them; fewer left is "artifact-invalid"

  // A place to come back to: before the line that Next would return.
  struct Mark {
    std::uint64_t offset = 0;
    std::uint64_t line = 0;
  };
  Mark Tell() const { return {lines_.offset(), line_}; }
  Result<void> SeekTo(const Mark& mark);

 private:
  RowsReader(LineScanner lines, std::string path);

  LineScanner lines_;
  std::string path_;
  std::unique_ptr<LineParser> parser_;
  std::uint64_t line_ = 0;
};

class ReceiptRowsReader {
 public:
  static Result<ReceiptRowsReader> Open(const std::string& dir, const FileRef& file);
  ReceiptRowsReader(ReceiptRowsReader&&) noexcept;
  ReceiptRowsReader& operator=(ReceiptRowsReader&&) noexcept;
  ~ReceiptRowsReader();

  Result<std::optional<ReceiptRow>> Next();

 private:
  ReceiptRowsReader(LineScanner lines, std::string path);

  LineScanner lines_;
  std::string path_;
  std::unique_ptr<LineParser> parser_;
  std::uint64_t line_ = 0;
};

}  // namespace syncgate
