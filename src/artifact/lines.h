// JSON Lines files: written once through a temporary file, read after their digest has been
// checked. What a line says is rows.h's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "artifact/documents.h"
#include "artifact/stored_file.h"
#include "core/digest.h"
#include "core/result.h"
#include "core/unique_fd.h"

namespace syncgate {

// Reads a file line by line in bounded memory: one block and one line.
class LineScanner {
 public:
  explicit LineScanner(StoredFile file) : file_(std::move(file)) {}

  // The next line without its line end; nullopt at the end of the file. The view lives until the
  // next call.
  Result<std::optional<std::string_view>> Next();
  // Whether the line that Next returned had its line end.
  bool ended() const { return ended_; }
  // Where the next line begins, in bytes of the plain text.
  std::uint64_t offset() const { return offset_; }
  void SeekTo(std::uint64_t offset);

 private:
  Result<bool> Fill();  // false at the end of the file

  StoredFile file_;
  std::string buffer_;
  std::size_t start_ = 0;  // first unread byte of buffer_
  bool ended_ = false;
  std::uint64_t offset_ = 0;
};

class LineWriter {
 public:
  // `path` is relative to `dir`; directories are made. The file is there, whole and 0600, after
  // Finish; without Finish nothing is left. With an artifact key it is sealed (stored_file.h).
  static Result<LineWriter> Create(const std::string& dir, const std::string& path);
  LineWriter(LineWriter&& other) noexcept;
  LineWriter& operator=(LineWriter&&) = delete;
  ~LineWriter();

  // The buffer to append one line to, with its line end; then call LineDone.
  std::string* buffer() { return &buffer_; }
  Result<void> LineDone();
  Result<FileRef> Finish(const std::string& kind);
  std::uint64_t lines() const { return lines_; }

 private:
  LineWriter(UniqueFd fd, std::string path, std::string full, std::string temporary);
  Result<void> Flush();
  Result<void> Write(std::string_view stored);

  UniqueFd fd_;
  std::string path_;
  std::string full_;
  std::string temporary_;  // empty: nothing to remove
  std::string buffer_;
  std::optional<Sealer> sealer_;
  DigestBuilder digest_;  // of the bytes on disk
  std::uint64_t lines_ = 0;
};

// Opens after reading the whole file once: its digest and, where the reference counts them, its
// lines must be those of `file`, else kBadArtifact "artifact-edited".
Result<StoredFile> OpenVerified(const std::string& dir, const FileRef& file);

// The same as far as it goes without opening what is sealed: the digest of the bytes on disk, and
// the lines of a plain file. `sealed_by`, where given, gets the id of the key, empty for a plain
// file.
Result<void> VerifyStored(const std::string& dir, const FileRef& file,
                          std::string* sealed_by = nullptr);

}  // namespace syncgate
