#include "artifact/stored_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "artifact/protection.h"
#include "artifact/store.h"
#include "host/file_error.h"

namespace syncgate {
namespace {

constexpr char kMagic[] = "syncgate-sealed 1 ";
constexpr std::size_t kLongestHeader = 700;
constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kStored = kChunk + kSealOverhead;

// At most `size` bytes of the file on disk from `offset` on; fewer at its end only.
Result<std::size_t> ReadDisk(int fd, std::uint64_t offset, char* to, std::size_t size,
                             const std::string& full) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(fd, to + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailFile("read", full, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::string ChunkContext(std::string_view path, std::uint64_t number, bool last,
                         std::string_view tag_before) {
  return SealContext(
      {"syncgate file", path, std::to_string(number), last ? "last" : "more", tag_before});
}

}  // namespace

std::string SealedHeader::Text() const { return kMagic + key_id + " " + path + "\n"; }

std::optional<SealedHeader> SealedHeader::Parse(std::string_view bytes) {
  constexpr std::size_t kMagicSize = sizeof kMagic - 1;
  if (!bytes.starts_with(kMagic)) return std::nullopt;
  const std::size_t end = bytes.find('\n');
  const std::size_t space = bytes.find(' ', kMagicSize);
  SealedHeader header;
  if (end == bytes.npos || space == bytes.npos || space > end) {
    header.key_id = "unknown";  // damaged; not plain
    return header;
  }
  header.key_id = std::string(bytes.substr(kMagicSize, space - kMagicSize));
  header.path = std::string(bytes.substr(space + 1, end - space - 1));
  header.size = end + 1;
  return header;
}

Sealer::Sealer(const SealKey& key, std::string path) : key_(key), path_(std::move(path)) {}

void Sealer::Chunk(std::string_view plain, bool last, std::string* out) {
  if (!begun_) *out += SealedHeader{key_.id(), path_, 0}.Text();
  begun_ = true;
  const std::string sealed = key_.Seal(ChunkContext(path_, next_++, last, tag_), plain);
  tag_ = sealed.substr(sealed.size() - kSealTag);
  *out += sealed;
}

void Sealer::Add(std::string_view plain, std::string* out) {
  pending_ += plain;
  std::size_t done = 0;
  // The last chunk is not empty unless the file is: it waits for more.
  for (; pending_.size() - done > kChunk; done += kChunk) {
    Chunk(std::string_view(pending_).substr(done, kChunk), false, out);
  }
  pending_.erase(0, done);
}

void Sealer::Finish(std::string* out) { Chunk(pending_, true, out); }

Result<UniqueFd> OpenInStore(const std::string& dir, const std::string& path) {
  const std::string full = TRY(PathInStore(dir, path));
  UniqueFd fd(::open(full.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (fd.valid()) return fd;
  if (errno != ENOENT) return FailFile("open", full, errno);
  return Fail(ErrorKind::kBadArtifact, "artifact-missing", full + " is not there.",
              "Bring the whole artifacts directory along, or run the step that writes it again.");
}

Result<StoredFile> StoredFile::Open(const std::string& dir, const std::string& path) {
  UniqueFd fd = TRY(OpenInStore(dir, path));
  return Make(std::move(fd), dir + "/" + path, &path);
}

Result<StoredFile> StoredFile::OpenRaw(const std::string& dir, const std::string& path) {
  return StoredFile(TRY(OpenInStore(dir, path)), dir + "/" + path);
}

Result<StoredFile> StoredFile::OpenAnywhere(const std::string& full) {
  UniqueFd fd(::open(full.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) return FailFile("open", full, errno);
  return Make(std::move(fd), full, nullptr);
}

Result<StoredFile> StoredFile::Make(UniqueFd fd, std::string full, const std::string* path) {
  struct stat info = {};
  if (::fstat(fd.get(), &info) != 0) return FailFile("read", full, errno);
  StoredFile file(std::move(fd), std::move(full));
  file.stored_ = static_cast<std::uint64_t>(info.st_size);
  std::string head(kLongestHeader, '\0');
  head.resize(TRY(ReadDisk(file.fd(), 0, head.data(), head.size(), file.full_)));
  auto header = SealedHeader::Parse(head);
  if (!header) {
    if (path != nullptr) TRY(RequireSameProtection(file.full_, ""));
    return file;
  }
  TRY(RequireSameProtection(file.full_, header->key_id));
  if (path != nullptr && header->path != *path) {
    return Fail(ErrorKind::kBadArtifact, "artifact-path",
                file.full_ + " was encrypted as " + header->path + ", another file.",
                "Fetch the artifacts of the run again.");
  }
  file.header_ = std::move(*header);
  file.key_ = *ArtifactKey();
  file.chunks_ = (file.stored_ - file.header_.size + kStored - 1) / kStored;
  if (file.chunks_ == 0) return DoesNotOpen(file.full_);
  return file;
}

Result<void> StoredFile::Load(std::uint64_t chunk) {
  if (loaded_ == chunk) return {};
  const std::uint64_t start = header_.size + chunk * kStored;
  std::string tag(chunk == 0 ? 0 : kSealTag, '\0');
  std::string sealed(std::min<std::uint64_t>(kStored, stored_ - start), '\0');
  const std::size_t tag_read =
      TRY(ReadDisk(fd_.get(), start - tag.size(), tag.data(), tag.size(), full_));
  const std::size_t read = TRY(ReadDisk(fd_.get(), start, sealed.data(), sealed.size(), full_));
  std::optional<std::string> plain;
  if (tag_read == tag.size() && read == sealed.size()) {
    plain = key_->Open(ChunkContext(header_.path, chunk, chunk + 1 == chunks_, tag), sealed);
  }
  if (!plain) return DoesNotOpen(full_);
  plain_ = std::move(*plain);
  loaded_ = chunk;
  return {};
}

Result<std::size_t> StoredFile::ReadSealed(char* to, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const std::uint64_t chunk = position_ / kChunk;
    if (chunk >= chunks_) break;
    TRY(Load(chunk));
    const std::size_t from = position_ % kChunk;
    if (from >= plain_.size()) break;
    const std::size_t part = std::min(size - done, plain_.size() - from);
    std::memcpy(to + done, plain_.data() + from, part);
    done += part;
    position_ += part;
  }
  return done;
}

Result<std::size_t> StoredFile::Read(char* to, std::size_t size) {
  if (sealed()) return ReadSealed(to, size);
  const std::size_t got = TRY(ReadDisk(fd_.get(), position_, to, size, full_));
  position_ += got;
  return got;
}

Result<std::optional<std::string>> StoredFile::ReadAt(std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  SeekTo(offset);
  if (TRY(Read(bytes.data(), size)) != size) return std::nullopt;
  return bytes;
}

}  // namespace syncgate
