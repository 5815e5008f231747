#include "artifact/lines.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "artifact/protection.h"
#include "artifact/store.h"
#include "core/file_names.h"
#include "host/file_error.h"
#include "host/files.h"

namespace syncgate {
namespace {

constexpr std::size_t kBlock = 256 * 1024;

Result<std::size_t> ReadSome(int fd, char* to, std::size_t size, const std::string& path) {
  for (;;) {
    const ssize_t got = ::read(fd, to, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return FailFile("read", path, errno);
  }
}

}  // namespace

Result<bool> LineScanner::Fill() {
  buffer_.erase(0, start_);
  start_ = 0;
  const std::size_t size = buffer_.size();
  // A long line doubles the buffer, so that it is not read over and over again.
  const std::size_t room = std::max(kBlock, size);
  buffer_.resize(size + room);
  const auto got = file_.Read(buffer_.data() + size, room);
  buffer_.resize(size + got.value_or(0));
  if (!got) return std::unexpected(got.error());
  return *got > 0;
}

Result<std::optional<std::string_view>> LineScanner::Next() {
  std::size_t searched = start_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != buffer_.npos) {
      const std::string_view line = std::string_view(buffer_).substr(start_, end - start_);
      start_ = end + 1;
      offset_ += line.size() + 1;
      ended_ = true;
      return line;
    }
    searched = buffer_.size() - start_;  // Fill moves the rest to the front
    if (!TRY(Fill())) break;
  }
  if (buffer_.empty()) return std::nullopt;
  start_ = buffer_.size();
  offset_ += buffer_.size();
  ended_ = false;
  return std::string_view(buffer_);
}

void LineScanner::SeekTo(std::uint64_t offset) {
  file_.SeekTo(offset);
  buffer_.clear();
  start_ = 0;
  offset_ = offset;
}

LineWriter::LineWriter(UniqueFd fd, std::string path, std::string full, std::string temporary)
    : fd_(std::move(fd)),
      path_(std::move(path)),
      full_(std::move(full)),
      temporary_(std::move(temporary)) {
  buffer_.reserve(kBlock + kBlock / 4);
}

LineWriter::LineWriter(LineWriter&& other) noexcept
    : fd_(std::move(other.fd_)),
      path_(std::move(other.path_)),
      full_(std::move(other.full_)),
      temporary_(std::exchange(other.temporary_, {})),
      buffer_(std::move(other.buffer_)),
      sealer_(std::move(other.sealer_)),
      digest_(other.digest_),
      lines_(other.lines_) {}

LineWriter::~LineWriter() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<LineWriter> LineWriter::Create(const std::string& dir, const std::string& path) {
  std::string full = TRY(NewPathInStore(dir, path));
  std::string temporary = TemporaryNameFor(full);
  UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd.valid()) return FailFile("create", full, errno);
  LineWriter writer(std::move(fd), path, std::move(full), std::move(temporary));
  if (const SealKey* key = ArtifactKey()) writer.sealer_.emplace(*key, path);
  return writer;
}

Result<void> LineWriter::LineDone() {
  ++lines_;
  if (buffer_.size() < kBlock) return {};
  return Flush();
}

Result<void> LineWriter::Flush() {
  std::string sealed;
  if (sealer_) sealer_->Add(buffer_, &sealed);
  TRY(Write(sealer_ ? sealed : buffer_));
  buffer_.clear();
  return {};
}

Result<void> LineWriter::Write(std::string_view stored) {
  digest_.Add(stored);
  return WriteAll(fd_.get(), stored, full_);
}

Result<FileRef> LineWriter::Finish(const std::string& kind) {
  TRY(Flush());
  if (sealer_) {
    std::string rest;
    sealer_->Finish(&rest);
    TRY(Write(rest));
  }
  if (::fsync(fd_.get()) != 0) return FailFile("flush", full_, errno);
  if (::close(fd_.release()) != 0) return FailFile("close", full_, errno);
  if (::rename(temporary_.c_str(), full_.c_str()) != 0) return FailFile("replace", full_, errno);
  temporary_.clear();
  TRY(SyncParent(full_));
  return FileRef{path_, kind, digest_.Finish(), lines_};
}

namespace {

std::unexpected<Error> OtherDigest(const std::string& full) {
  return Fail(ErrorKind::kBadArtifact, "artifact-edited",
              full + " is not the file that its document names: its SHA-256 differs.",
              "Fetch the artifacts of the run again, or run the step that writes them again.");
}

std::uint64_t LineEnds(std::string_view bytes) {
  return static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
}

}  // namespace

Result<void> VerifyStored(const std::string& dir, const FileRef& file, std::string* sealed_by) {
  const UniqueFd fd = TRY(OpenInStore(dir, file.path));
  const std::string full = dir + "/" + file.path;
  DigestBuilder digest;
  std::uint64_t lines = 0;
  std::optional<SealedHeader> header;
  std::string block(kBlock, '\0');
  for (bool first = true;; first = false) {
    const std::size_t got = TRY(ReadSome(fd.get(), block.data(), block.size(), full));
    const std::string_view bytes = std::string_view(block).substr(0, got);
    if (first) header = SealedHeader::Parse(bytes);
    if (got == 0) break;
    digest.Add(bytes);
    lines += LineEnds(bytes);
  }
  const bool counted = file.lines != 0 && !header;
  if (digest.Finish() != file.sha256 || (counted && lines != file.lines)) return OtherDigest(full);
  if (sealed_by != nullptr) *sealed_by = header ? header->key_id : "";
  return {};
}

Result<StoredFile> OpenVerified(const std::string& dir, const FileRef& file) {
  // Before the digest: who holds another key is to be told so, whatever the file.
  StoredFile stored = TRY(StoredFile::Open(dir, file.path));
  TRY(VerifyStored(dir, file));
  if (!stored.sealed()) return stored;
  std::uint64_t lines = 0;
  std::string block(kBlock, '\0');
  while (const std::size_t got = TRY(stored.Read(block.data(), block.size()))) {
    lines += LineEnds(std::string_view(block).substr(0, got));
  }
  if (file.lines != 0 && lines != file.lines) return OtherDigest(stored.full());
  stored.SeekTo(0);
  return stored;
}

}  // namespace syncgate
