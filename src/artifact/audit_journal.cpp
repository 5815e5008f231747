#include "artifact/audit_journal.h"

#include <algorithm>

#include "artifact/journal_lines.h"
#include "artifact/journal_seal.h"
#include "artifact/lines.h"
#include "artifact/protection.h"

namespace syncgate {
namespace {

class Reading {
 public:
  Reading(const std::string& dir, const std::string& file, const JournalClaim& claim)
      : dir_(dir), file_(file), claim_(claim), seal_(file, dir + "/" + file) {}

  JournalAudit Run() {
    auto read = ReadLines();
    if (!read) Find(read.error().code, read.error().message);
    for (const auto& prefix : claim_.prefixes) {
      if (seen_.size() == claim_.prefixes.size()) break;
      if (std::ranges::find(seen_, prefix.receipt) != seen_.end()) continue;
      Find("artifact-edited", file_ + " is shorter than the journal that " + prefix.receipt +
                                  " names: its end is gone");
    }
    Remark();
    return std::move(audit_);
  }

 private:
  void Find(const std::string& code, const std::string& message) {
    audit_.findings.push_back({file_, code, message});
  }

  // The prefix of `lines_` lines is what the receipts that name so many say.
  void CheckPrefixes() {
    for (const auto& prefix : claim_.prefixes) {
      if (prefix.file.lines != audit_.lines) continue;
      seen_.push_back(prefix.receipt);
      DigestBuilder digest = digest_;
      if (digest.Finish() == prefix.file.sha256) continue;
      Find("artifact-edited", file_ + " is not the journal that " + prefix.receipt + " names");
    }
  }

  Result<void> ReadLines() {
    LineScanner scanner(TRY(StoredFile::OpenRaw(dir_, file_)));
    while (const auto line = TRY(scanner.Next())) {
      if (!scanner.ended()) {
        unfinished_ = true;
        break;
      }
      digest_.Add(*line);
      digest_.Add("\n");
      TRY(CheckLine(*line));
      ++audit_.lines;
      CheckPrefixes();
    }
    return {};
  }

  Result<void> CheckLine(std::string_view line) {
    const auto key_id = JournalSeal::KeyIdOf(line).value_or("");
    if (audit_.lines == 0) audit_.sealed_by = key_id;
    if (key_id != audit_.sealed_by) return NoRecord("a record of another key or none");
    const SealKey* key = ArtifactKey();
    std::optional<std::string> record;
    if (key_id.empty()) {
      record = std::string(line);
    } else if (key == nullptr || key->id() != key_id) {
      return {};  // all that can be said without the key
    } else {
      std::string tag;
      record = TRY(seal_.Read({audit_.lines, tag_}, line, &tag));
      tag_ = std::move(tag);
    }
    const auto parsed = record ? ParseJournalLine(*record) : std::nullopt;
    if (!parsed) return NoRecord("no record of a journal");
    if (const auto* run = std::get_if<RunLine>(&*parsed)) {
      if (!claim_.prefixes.empty() &&
          (run->node != claim_.node || run->plan_digest != claim_.plan_digest)) {
        return NoRecord("of another node or plan");
      }
      if (run->sequence <= sequence_) return NoRecord("a run out of sequence");
      sequence_ = run->sequence;
    } else if (audit_.lines == 0) {
      return NoRecord("a record outside a run");
    }
    return {};
  }

  std::unexpected<Error> NoRecord(const std::string& what) const {
    return Fail(ErrorKind::kBadArtifact, "journal-torn",
                file_ + ": line " + std::to_string(audit_.lines + 1) + " is " + what + ".");
  }

  void Remark() {
    std::uint64_t named = 0;
    for (const auto& prefix : claim_.prefixes) named = std::max(named, prefix.file.lines);
    if (claim_.prefixes.empty()) {
      audit_.notes.push_back(file_ + " is named by no receipt: its run left none, or it is lost");
    } else if (audit_.findings.empty() && audit_.lines > named) {
      audit_.notes.push_back(file_ + " goes on for " + std::to_string(audit_.lines - named) +
                             " records after its last receipt: a run was killed, or its receipt "
                             "is lost");
    }
    if (unfinished_) {
      audit_.notes.push_back(file_ + " ends in an unfinished record, as a killed run leaves it");
    }
  }

  const std::string& dir_;
  const std::string& file_;
  const JournalClaim& claim_;
  JournalSeal seal_;
  JournalAudit audit_;
  DigestBuilder digest_;
  std::string tag_;
  std::uint64_t sequence_ = 0;
  std::vector<std::string> seen_;  // receipts whose prefix was met
  bool unfinished_ = false;
};

}  // namespace

JournalAudit AuditJournal(const std::string& dir, const std::string& file,
                          const JournalClaim& claim) {
  return Reading(dir, file, claim).Run();
}

}  // namespace syncgate
