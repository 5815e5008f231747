#include "artifact/journal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "artifact/journal_lines.h"
#include "artifact/lines.h"
#include "host/clock.h"
#include "host/file_error.h"

namespace syncgate {
namespace {

std::unexpected<Error> Bad(const char* code, std::string message) {
  return Fail(ErrorKind::kBadArtifact, code, std::move(message),
              "Fetch the journal of the run again; where it is lost, move it away and use "
              "rollback --from-plan.");
}

}  // namespace

Journal::Journal(FileLock lock, std::string dir, std::string path, NodeName node,
                 Digest plan_digest)
    : lock_(std::move(lock)),
      dir_(std::move(dir)),
      path_(std::move(path)),
      node_(std::move(node)),
      plan_digest_(std::move(plan_digest)),
      seal_(path_, Full()) {}

// The journal is its own lock file: flock needs no second one.
Result<Journal> Journal::OpenLocked(const std::string& dir, const NodeName& node,
                                    const Digest& plan_digest) {
  const std::string path = JournalFile(node, plan_digest);
  return Journal(TRY(LockFile(TRY(NewPathInStore(dir, path)))), dir, path, node, plan_digest);
}

Result<Journal> Journal::Open(const std::string& dir, const NodeName& node,
                              const Digest& plan_digest) {
  Journal journal = TRY(OpenLocked(dir, node, plan_digest));
  if (const auto torn = TRY(journal.ReadAll())) TRY(journal.CutAt(*torn));
  journal.file_.emplace(TRY(AppendFile::Open(journal.Full())));
  return journal;
}

Result<Journal> Journal::OpenToLook(const std::string& dir, const NodeName& node,
                                    const Digest& plan_digest) {
  Journal journal = TRY(OpenLocked(dir, node, plan_digest));
  TRY(journal.ReadAll());
  return journal;
}

Result<std::optional<std::uint64_t>> Journal::ReadAll() {
  LineScanner scanner(TRY(StoredFile::OpenRaw(dir_, path_)));
  std::optional<Error> broken;  // of the line before: an error unless that was the last one
  std::uint64_t broken_at = 0;
  for (;;) {
    const std::uint64_t offset = scanner.offset();
    const auto line = TRY(scanner.Next());
    if (!line) break;
    if (broken) return std::unexpected(std::move(*broken));
    std::string tag;
    std::optional<std::string> record;
    // A whole line with another key, or one that does not open, is no torn one: it is not cut off.
    if (scanner.ended()) record = TRY(seal_.Read(Place(), *line, &tag));
    const auto parsed = record ? ParseJournalLine(*record) : std::nullopt;
    auto indexed = parsed ? Index(*parsed, offset) : Torn("no record of a journal");
    if (indexed) {
      tag_ = std::move(tag);
      digest_.Add(*line);
      digest_.Add("\n");
      ++lines_;
    } else if (indexed.error().code == "journal-torn") {
      broken = std::move(indexed).error();
      broken_at = offset;
    } else {
      return std::unexpected(std::move(indexed).error());
    }
  }
  return broken ? std::optional(broken_at) : std::nullopt;
}

Result<void> Journal::CutAt(std::uint64_t offset) {
  const std::string full = Full();
  UniqueFd fd(::open(full.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd.valid() || ::ftruncate(fd.get(), static_cast<off_t>(offset)) != 0 ||
      ::fsync(fd.get()) != 0) {
    return FailFile("cut back a half-written line of", full, errno);
  }
  return {};
}

std::unexpected<Error> Journal::Torn(const char* what) const {
  return Bad("journal-torn", Full() + ": line " + std::to_string(lines_ + 1) + " is " + what + ".");
}

JournalEntry* Journal::LastOf(std::uint64_t sequence, std::uint64_t batch) {
  const auto entry = std::find_if(entries_.rbegin(), entries_.rend(), [&](const auto& known) {
    return known.sequence == sequence && known.batch == batch;
  });
  return entry == entries_.rend() ? nullptr : &*entry;
}

Result<void> Journal::Index(const JournalLine& line, std::uint64_t offset) {
  if (const auto* run = std::get_if<RunLine>(&line)) {
    if (run->node != node_ || run->plan_digest != plan_digest_) {
      return Bad("journal-foreign", Full() + " belongs to plan " + run->plan_digest.Short() +
                                        " on " + run->node.str() + ".");
    }
    if (run->sequence <= sequence()) return Torn("a run out of sequence");
    runs_.push_back({run->sequence, run->direction, run->created_at, ""});
    return {};
  }
  const auto of_run = [this](const auto& record) {
    return !runs_.empty() && record.sequence == runs_.back().sequence;
  };
  if (!std::visit([&](const auto& record) { return of_run(record); }, line)) {
    return Torn("a record outside its run");
  }
  const Direction direction = runs_.back().direction;
  if (const auto* batch = std::get_if<BatchLine>(&line)) {
    entries_.push_back(
        {batch->sequence, direction, batch->batch.batch, false, false, offset, Place()});
  } else if (const auto* committed = std::get_if<CommittedLine>(&line)) {
    JournalEntry* entry = LastOf(committed->sequence, committed->batch);
    if (entry == nullptr) return Torn("a commit without its batch");
    entry->committed = true;
  } else if (const auto* refused = std::get_if<RefusedLine>(&line)) {
    JournalEntry* entry = LastOf(refused->sequence, refused->batch);
    if (entry == nullptr || entry->committed) return Torn("a refusal without its batch");
    entry->refused = true;
  } else if (const auto* config = std::get_if<ConfigLine>(&line)) {
    configs_.push_back(config->config);
    configs_.back().sequence = config->sequence;
    configs_.back().direction = direction;
  } else {
    runs_.back().result = std::get<EndLine>(line).result;
  }
  return {};
}

// What has no place in the file does not count as recorded, nor does its number as given.
void Journal::Forget(const JournalLine& line) {
  if (std::holds_alternative<RunLine>(line)) {
    runs_.pop_back();
  } else if (std::holds_alternative<BatchLine>(line)) {
    entries_.pop_back();
  } else if (const auto* committed = std::get_if<CommittedLine>(&line)) {
    LastOf(committed->sequence, committed->batch)->committed = false;
  } else if (const auto* refused = std::get_if<RefusedLine>(&line)) {
    LastOf(refused->sequence, refused->batch)->refused = false;
  } else if (std::holds_alternative<ConfigLine>(line)) {
    configs_.pop_back();
  } else {
    runs_.back().result.clear();
  }
}

Result<void> Journal::Append(const JournalLine& line) {
  std::string text;
  try {
    text = Format(line);
  } catch (const std::exception& exception) {
    return Fail(ErrorKind::kFailed, "journal-text", Full() + ": " + exception.what() + ".");
  }
  const std::uint64_t offset = file_->position();
  TRY(Index(line, offset));
  std::string tag;
  const std::string stored = seal_.Write(Place(), std::move(text), &tag);
  if (auto written = file_->Append(stored); !written) {
    Forget(line);
    return written;
  }
  digest_.Add(stored);
  tag_ = std::move(tag);
  ++lines_;
  return {};
}

Result<void> Journal::AppendDurable(const JournalLine& line) {
  TRY(Append(line));
  return file_->Sync();
}

Result<std::uint64_t> Journal::BeginRun(Direction direction) {
  const std::uint64_t next = sequence() + 1;
  TRY(AppendDurable(RunLine{next, direction, node_, plan_digest_, UtcNow(),
                            std::string("syncgate ") + SYNCGATE_VERSION}));
  return next;
}

Result<void> Journal::RecordBatch(const JournalBatch& batch) {
  return AppendDurable(BatchLine{sequence(), batch});
}

Result<void> Journal::Committed(std::uint64_t batch) {
  return Append(CommittedLine{sequence(), batch});
}

Result<void> Journal::Refused(std::uint64_t batch) {
  return Append(RefusedLine{sequence(), batch});
}

Result<void> Journal::RecordConfig(const JournalConfig& config) {
  return AppendDurable(ConfigLine{sequence(), config});
}

Result<void> Journal::End(const std::string& result) {
  return AppendDurable(EndLine{sequence(), result});
}

Result<JournalBatch> Journal::Load(const JournalEntry& entry) const {
  LineScanner scanner(TRY(StoredFile::OpenRaw(dir_, path_)));
  scanner.SeekTo(entry.offset);
  const auto text = TRY(scanner.Next());
  std::string tag;
  const auto record = text ? TRY(seal_.Read(entry.place, *text, &tag)) : std::nullopt;
  auto line = record ? ParseJournalLine(*record) : std::nullopt;
  auto* batch = line ? std::get_if<BatchLine>(&*line) : nullptr;
  if (batch == nullptr || batch->sequence != entry.sequence || batch->batch.batch != entry.batch) {
    return Bad("journal-torn", Full() + " changed while it was read.");
  }
  return std::move(batch->batch);
}

FileRef Journal::Reference() const {
  DigestBuilder digest = digest_;
  return FileRef{path_, "journal", digest.Finish(), lines_};
}

Result<void> Journal::VerifyPrefix(const FileRef& earlier) const {
  LineScanner scanner(TRY(StoredFile::OpenRaw(dir_, path_)));
  DigestBuilder digest;
  for (std::uint64_t i = 0; i < earlier.lines; ++i) {
    const auto line = TRY(scanner.Next());
    if (!line) break;
    digest.Add(*line);
    digest.Add("\n");
  }
  if (earlier.path == path_ && digest.Finish() == earlier.sha256) return {};
  return Bad("artifact-edited", Full() + " is not the journal that the receipt names.");
}

}  // namespace syncgate
