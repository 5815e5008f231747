#include "data/apply.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/digest.h"
#include "core/fault.h"
#include "data/dependents.h"
#include "data/describe_key.h"
#include "data/guard_columns.h"
#include "data/lookup.h"

namespace syncgate {
namespace {

constexpr int kCollisions = 3;  // looks at a batch that meets rows of others under a unique key
constexpr std::chrono::milliseconds kFirstPause{10};
constexpr std::chrono::milliseconds kLongestPause{1000};

Position Classify(const TableShape& shape, const RowChange& change, const std::optional<Row>& row) {
  const auto at = [&](const std::optional<Row>& image) {
    if (!row || !image) return !row && !image;
    return GuardEqual(shape, *row, *image);
  };
  if (at(change.after)) return Position::kAfter;
  if (at(change.before)) return Position::kBefore;
  return Position::kNeither;
}

std::vector<Row> KeysOf(const std::vector<RowChange>& changes) {
  std::vector<Row> keys;
  keys.reserve(changes.size());
  for (const RowChange& change : changes) keys.push_back(change.key);
  return keys;
}

// Rolls back unless it was told that the transaction has ended.
class OpenTransaction {
 public:
  explicit OpenTransaction(SqlSession& session) : session_(&session) {}
  OpenTransaction(const OpenTransaction&) = delete;
  OpenTransaction& operator=(const OpenTransaction&) = delete;
  ~OpenTransaction() {
    if (session_ != nullptr) session_->Rollback();
  }
  void Ended() { session_ = nullptr; }

 private:
  SqlSession* session_;
};

class BatchTransition {
 public:
  BatchTransition(SqlSession& session, const BatchTask& task, BeforeImageLog& log)
      : session_(session), task_(task), log_(log), journalled_(task.shape) {
    for (const Column& column : task.unseen) {
      if (!column.generated) journalled_.columns.push_back(column);
    }
  }

  // One attempt. Sets *collided when another session inserted one of our rows between look and
  // write.
  Result<BatchOutcome> Try(bool* collided) {
    TRY(session_.Execute("START TRANSACTION"));
    OpenTransaction transaction(session_);
    const auto keys = KeysOf(task_.changes);
    rows_ = TRY(LookUp(session_, journalled_, keys, Locking::kForUpdate));
    FaultPoint("apply.locked");
    BatchOutcome outcome;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      outcome.found.push_back(Classify(task_.shape, task_.changes[i], rows_[i]));
    }
    const bool any_before =
        std::ranges::find(outcome.found, Position::kBefore) != outcome.found.end();
    if (task_.together && any_before) {
      std::ranges::replace(outcome.found, Position::kAfter, Position::kNeither);
    }
    if (outcome.HasDrift() || !any_before) return outcome;
    TRY(CheckDependents(outcome.found));

    if (!TRY(RunStatements(outcome.found))) {
      *collided = true;
      return outcome;
    }
    TRY(ReadAgain(keys));
    FaultPoint("apply.written");
    TRY(Journal(outcome.found));
    FaultPoint("apply.journalled");
    transaction.Ended();  // Commit itself rolls back where it can
    if (auto committed = session_.Commit(); !committed) {
      // Else what another member of a cluster wrote meanwhile would pass for ours.
      if (committed.error().kind != ErrorKind::kOutcomeUnknown) TRY(log_.Refused());
      return std::unexpected(std::move(committed).error());
    }
    FaultPoint("apply.committed");
    TRY(log_.Committed());
    outcome.wrote = true;
    return outcome;
  }

 private:
  // The rows are locked, so no new child can come: what refers to them now would follow them.
  Result<void> CheckDependents(const std::vector<Position>& found) {
    const bool replaces = std::ranges::any_of(task_.statements, [](const Statement& statement) {
      return statement.rows == 0 && statement.kind == ChangeKind::kDelete;
    });
    for (const ForeignKey& key : task_.cascading) {
      const bool follows = replaces && Cascades(key.on_delete);
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (found[i] != Position::kBefore || !rows_[i]) continue;
        if (!follows && !DragsAlong(task_.shape, key, task_.changes[i])) continue;
        if (TRY(ChildRows(session_, journalled_, key, *rows_[i], KeysOf(task_.changes))) == 0) {
          continue;
        }
        return Fail(ErrorKind::kRefused, "delete-cascades",
                    "table " + task_.shape.name.str() + ", " +
                        DescribeKey(task_.shape, task_.changes[i].key) + ": rows of table " +
                        key.parent.str() + " refer to it and would be changed by foreign key " +
                        key.name,
                    "somebody added them since; move or delete them by an entry of their own");
      }
    }
    return {};
  }

  // Runs the statements that still have something to do. False: a row that was absent is there now.
  Result<bool> RunStatements(const std::vector<Position>& found) {
    std::size_t first = 0;
    for (const Statement& statement : task_.statements) {
      const std::size_t last = first + statement.rows;
      const auto pending = static_cast<std::uint64_t>(
          std::count(found.begin() + static_cast<std::ptrdiff_t>(first),
                     found.begin() + static_cast<std::ptrdiff_t>(last), Position::kBefore));
      first = last;
      if (pending == 0 && statement.rows > 0) continue;
      const std::uint64_t affected = TRY(session_.Execute(statement.text));
      TRY(CheckWarnings());
      // An upsert counts 2 a row and says nothing certain; the re-read decides there.
      // Nor does an insert whose row was parked: there the statement that parked it is counted.
      const bool parks = statement.rows == 0;
      const bool counted = statement.kind == ChangeKind::kDelete
                               ? !parks
                               : statement.kind == ChangeKind::kInsert && parks == task_.together;
      if (counted && affected != (parks ? task_.changes.size() : pending)) return false;
    }
    return true;
  }

  Result<void> CheckWarnings() {
    for (const ServerWarning& warning : TRY(session_.Warnings())) {
      if (warning.number == 1287) continue;  // deprecated syntax, same meaning
      auto error =
          Fail(ErrorKind::kRefused, "unexpected-warning",
               "table " + task_.shape.name.str() + ": the server warned (" +
                   std::to_string(warning.number) + ") while rows were written",
               "the batch was rolled back; look at the server's warning and the planned values");
      error.error().server = {warning.number, "", warning.text};
      return error;
    }
    return {};
  }

  Result<void> ReadAgain(const std::vector<Row>& keys) {
    const auto rows = TRY(LookUp(session_, task_.shape, keys, Locking::kForUpdate));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const RowChange& change = task_.changes[i];
      if (rows[i] == change.after) continue;
      std::string where;
      for (std::size_t c = 0; rows[i] && change.after && c < rows[i]->size(); ++c) {
        if ((*rows[i])[c] != (*change.after)[c]) {
          where += (where.empty() ? ", column " : ", ") + task_.shape.columns[c].name.str();
        }
      }
      return Fail(ErrorKind::kRefused, "not-as-planned",
                  "table " + task_.shape.name.str() + ", " + DescribeKey(task_.shape, change.key) +
                      where + ": the row reads differently after it was written",
                  "the batch was rolled back; a trigger, a charset or a generated column changed "
                  "the value");
    }
    return {};
  }

  Result<void> Journal(const std::vector<Position>& found) {
    std::vector<BeforeImage> images;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i] != Position::kBefore) continue;
      images.push_back({task_.changes[i].kind, task_.changes[i].key, std::move(rows_[i])});
    }
    return log_.Record(journalled_.columns, images);
  }

  SqlSession& session_;
  const BatchTask& task_;
  BeforeImageLog& log_;
  TableShape journalled_;  // the shape with the unseen columns behind
  std::vector<std::optional<Row>> rows_;
};

}  // namespace

bool BatchOutcome::HasDrift() const {
  return std::ranges::find(found, Position::kNeither) != found.end();
}

Result<BatchOutcome> ApplyBatch(SqlSession& session, const BatchTask& task, BeforeImageLog& log,
                                const ApplyOptions& options) {
  auto pause = kFirstPause;
  int collisions = 0;
  for (int attempt = 1;; ++attempt) {
    if (options.check_stop) TRY(options.check_stop());
    bool collided = false;
    auto outcome = BatchTransition(session, task, log).Try(&collided);
    if (outcome && !collided) return outcome;
    if (!outcome && outcome.error().kind != ErrorKind::kRetryTransaction) return outcome;
    if (collided) ++collisions;
    if (attempt == options.attempts || collisions == kCollisions) {
      if (collided) {
        return Fail(
            ErrorKind::kRefused, "unique-conflict",
            "table " + task.shape.name.str() +
                ": a row to be inserted or deleted meets another row under one of its unique keys",
            "run compare again; if the value belongs to another row, change that row first");
      }
      auto error =
          Fail(ErrorKind::kTryLater, "rows-locked",
               "table " + task.shape.name.str() + ": other sessions hold rows of the batch locked",
               "run the step again when they have finished");
      error.error().server = outcome.error().server;
      return error;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, kLongestPause);
  }
}

Result<std::vector<Position>> LookAt(SqlSession& session, const TableShape& shape,
                                     const std::vector<RowChange>& changes) {
  const auto rows = TRY(LookUp(session, shape, KeysOf(changes)));
  std::vector<Position> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    found.push_back(Classify(shape, changes[i], rows[i]));
  }
  return found;
}

}  // namespace syncgate
