// The journal: what every row and file was before syncgate moved it, on disk before the COMMIT that
// moves it. One file a node and plan, append-only, shared by all runs of apply-node and rollback of
// that plan; schemas/journal.v1 describes its lines.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "artifact/documents.h"
#include "artifact/journal_seal.h"
#include "artifact/store.h"
#include "core/change.h"
#include "core/result.h"
#include "host/files.h"

namespace syncgate {

struct JournalRow {
  ChangeKind kind = ChangeKind::kUpdate;
  Row key;
  std::optional<Row>
      before;  // in the order of JournalBatch::columns; nullopt: there was no such row

  bool operator==(const JournalRow&) const = default;
};

struct JournalBatch {
  std::uint64_t batch = 0;  // PlannedBatch::id
  TableName table;
  std::vector<ColumnName> columns;  // every column of the table, ignored ones too
  std::vector<JournalRow> rows;

  bool operator==(const JournalBatch&) const = default;
};

struct JournalConfig {
  ConfigName config;
  std::string target;
  std::string backup;
  Digest before_digest;
  Digest after_digest;
  std::uint64_t sequence = 0;  // set by RecordConfig
  Direction direction = Direction::kApply;

  bool operator==(const JournalConfig&) const = default;
};

// Where a batch record stands; its rows are read by Load.
struct JournalEntry {
  std::uint64_t sequence = 0;  // of the run that recorded it
  Direction direction = Direction::kApply;
  std::uint64_t batch = 0;
  bool committed = false;  // false: the COMMIT was not sent, failed, or its answer is unknown
  bool refused = false;    // the server refused the COMMIT or never saw it: nothing was written
  std::uint64_t offset = 0;
  JournalPlace place = {};
};

struct JournalRun {
  std::uint64_t sequence = 0;
  Direction direction = Direction::kApply;
  std::string created_at;
  std::string result;  // empty: the run was killed
};

// The lines as they stand in the file.
struct RunLine {
  std::uint64_t sequence = 0;
  Direction direction = Direction::kApply;
  NodeName node;
  Digest plan_digest;
  std::string created_at;
  std::string tool;
};
struct BatchLine {
  std::uint64_t sequence = 0;
  JournalBatch batch;
};
struct CommittedLine {
  std::uint64_t sequence = 0;
  std::uint64_t batch = 0;
};
struct RefusedLine {
  std::uint64_t sequence = 0;
  std::uint64_t batch = 0;
};
struct ConfigLine {
  std::uint64_t sequence = 0;
  JournalConfig config;
};
struct EndLine {
  std::uint64_t sequence = 0;
  std::string result;
};
using JournalLine =
    std::variant<RunLine, BatchLine, CommittedLine, RefusedLine, ConfigLine, EndLine>;

// One writer: the file is locked until the Journal goes. Errors: kTryLater "artifacts-locked" where
// another process holds it; kBadArtifact "journal-torn" for a line in the middle that cannot be
// read, "journal-foreign" for a run of another plan or node, "artifact-edited" where VerifyPrefix
// fails; "file-..." from the disk. What a writing call could not write is not in the index; what it
// could not flush is.
class Journal {
 public:
  // Opens or creates the journal. A last line that a killed run left unfinished is cut off: nothing
  // was committed on its account.
  static Result<Journal> Open(const std::string& dir, const NodeName& node,
                              const Digest& plan_digest);
  // For a dry run, which changes nothing: such a line is passed over, and nothing can be recorded.
  static Result<Journal> OpenToLook(const std::string& dir, const NodeName& node,
                                    const Digest& plan_digest);

  // Every record belongs to a run. Returns its sequence: the highest there was plus one.
  Result<std::uint64_t> BeginRun(Direction direction);
  // On disk when it returns; only then may the batch be committed.
  Result<void> RecordBatch(const JournalBatch& batch);
  // Written now, on disk with the next record or End. A run killed in between leaves a batch that
  // is recorded but not known to be committed: its rows are to be looked at.
  Result<void> Committed(std::uint64_t batch);
  // The server refused the COMMIT and rolled back, or was not sent it. As durable as Committed:
  // without it, the rows are to be looked at.
  Result<void> Refused(std::uint64_t batch);
  // On disk when it returns; only then may the file be replaced.
  Result<void> RecordConfig(const JournalConfig& config);
  Result<void> End(const std::string& result);

  // The index, in file order; rows stay on disk.
  const std::vector<JournalEntry>& entries() const { return entries_; }
  const std::vector<JournalConfig>& configs() const { return configs_; }
  const std::vector<JournalRun>& runs() const { return runs_; }
  std::uint64_t sequence() const { return runs_.empty() ? 0 : runs_.back().sequence; }
  Result<JournalBatch> Load(const JournalEntry& entry) const;

  // The file as it stands now, for a receipt; and whether an earlier receipt's reference is still a
  // prefix of it.
  FileRef Reference() const;
  Result<void> VerifyPrefix(const FileRef& earlier) const;

 private:
  Journal(FileLock lock, std::string dir, std::string path, NodeName node, Digest plan_digest);

  static Result<Journal> OpenLocked(const std::string& dir, const NodeName& node,
                                    const Digest& plan_digest);
  Result<std::optional<std::uint64_t>> ReadAll();  // where a line begins that is to be cut off
  std::unexpected<Error> Torn(const char* what) const;
  Result<void> CutAt(std::uint64_t offset);
  JournalPlace Place() const { return {lines_, tag_}; }  // of the next line
  Result<void> Index(const JournalLine& line, std::uint64_t offset);
  void Forget(const JournalLine& line);
  JournalEntry* LastOf(std::uint64_t sequence, std::uint64_t batch);
  Result<void> Append(const JournalLine& line);
  Result<void> AppendDurable(const JournalLine& line);
  std::string Full() const { return dir_ + "/" + path_; }

  FileLock lock_;
  std::optional<AppendFile> file_;
  std::string dir_;
  std::string path_;
  NodeName node_;
  Digest plan_digest_;
  std::vector<JournalEntry> entries_;
  std::vector<JournalConfig> configs_;
  std::vector<JournalRun> runs_;
  JournalSeal seal_;
  DigestBuilder digest_;
  std::uint64_t lines_ = 0;
  std::string tag_;  // of the last line, where they are sealed
};

}  // namespace syncgate
