// The bytes of a file in the store, sealed or plain: offsets are those of the plain text, whatever
// stands on disk. A sealed file is a line that names its key and path, then chunks of 64 KiB, each
// sealed by itself, so that any place can be read in bounded memory. A chunk opens only where it
// was written: its context is the path, its number, whether it is the last one, and the tag of the
// chunk before it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/seal.h"
#include "core/unique_fd.h"

namespace syncgate {

// What a sealed file begins with; id and path are read without the key.
struct SealedHeader {
  std::string key_id;
  std::string path;  // in the store, as it was written
  std::size_t size = 0;

  std::string Text() const;
  // nullopt: the bytes do not begin with a header, so the file is plain.
  static std::optional<SealedHeader> Parse(std::string_view bytes);
};

// Makes the bytes of a sealed file from those of the plain one, piece by piece.
class Sealer {
 public:
  Sealer(const SealKey& key, std::string path);

  // Appends to `out` what can be written already.
  void Add(std::string_view plain, std::string* out);
  void Finish(std::string* out);

 private:
  void Chunk(std::string_view plain, bool last, std::string* out);

  SealKey key_;
  std::string path_;
  std::string pending_;
  std::string tag_;
  std::uint64_t next_ = 0;
  bool begun_ = false;
};

class StoredFile {
 public:
  // `path` is relative to `dir`; no symbolic link is followed at its end. Errors: kBadArtifact
  // "artifact-missing", "artifact-path" (sealed as another file), those of RequireSameProtection.
  static Result<StoredFile> Open(const std::string& dir, const std::string& path);
  // The bytes on disk, whatever they are: a journal, whose lines are sealed one by one.
  static Result<StoredFile> OpenRaw(const std::string& dir, const std::string& path);
  // A sealed file wherever it stands, by the path in its header; a plain one as it is.
  static Result<StoredFile> OpenAnywhere(const std::string& full);

  // Up to `size` bytes from the current place on; 0 at the end. kBadArtifact "artifact-edited"
  // where a chunk does not open.
  Result<std::size_t> Read(char* to, std::size_t size);
  void SeekTo(std::uint64_t offset) { position_ = offset; }
  // Exactly `size` bytes; nullopt where the file is shorter.
  Result<std::optional<std::string>> ReadAt(std::uint64_t offset, std::size_t size);

  bool sealed() const { return key_.has_value(); }
  const std::string& full() const { return full_; }
  int fd() const { return fd_.get(); }

 private:
  StoredFile(UniqueFd fd, std::string full) : fd_(std::move(fd)), full_(std::move(full)) {}
  static Result<StoredFile> Make(UniqueFd fd, std::string full, const std::string* path);
  Result<std::size_t> ReadSealed(char* to, std::size_t size);
  Result<void> Load(std::uint64_t chunk);

  UniqueFd fd_;
  std::string full_;
  std::optional<SealKey> key_;  // of a sealed file
  SealedHeader header_;
  std::uint64_t chunks_ = 0;
  std::uint64_t stored_ = 0;  // bytes on disk
  std::uint64_t position_ = 0;
  std::optional<std::uint64_t> loaded_;  // number of the chunk in plain_
  std::string plain_;
};

// Opens a file of the store for reading, as it stands on disk. Absent: "artifact-missing".
Result<UniqueFd> OpenInStore(const std::string& dir, const std::string& path);

}  // namespace syncgate
