#include "config/engine.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "config/diff.h"
#include "config/node_files.h"
#include "config/target.h"
#include "directory_host.h"

namespace syncgate {
namespace {

using State = MoveOutcome::State;

const std::string kOld = "# prod\nBOT_ID=1\nPASSWORD=hunter2\n";
const std::string kNew = "# prod\nBOT_ID=2\nPASSWORD=hunter2\nFEATURE_A='x y'\n";

class Engine : public testing::Test {
 protected:
  Engine() {
    spec_.target = host_.Path(".env");
    spec_.keys = {"BOT_ID", "FEATURE_*"};
    host_.Put(spec_.target, kOld);
    const auto diff = DiffConfig(spec_, "BOT_ID=2\nFEATURE_A='x y'\n", kOld);
    move_ = {ConfigName("app"),  spec_.target,  "dotenv", diff->before_digest,
             diff->after_digest, diff->changes, {},       false};
    backup_ = spec_.target + ".syncgate-" + plan_.Short() + ".bak";
  }

  // As the steps do it.
  Result<MoveOutcome> Apply(bool dry_run = false) {
    if (dry_run) return LookAtConfig(host_, move_, plan_);
    TRY(ValidateConfig(host_, move_, plan_));
    const MoveOutcome outcome = TRY(BackUpConfig(host_, move_, plan_));
    if (outcome.state == State::kMoved) TRY(ReplaceConfig(host_, move_));
    return outcome;
  }
  Result<MoveOutcome> Rollback(bool dry_run = false, JournalSays journal = JournalSays::kMoved) {
    return RollbackConfig(host_, move_, plan_, journal, dry_run);
  }
  std::string Target() const { return host_.Get(move_.target); }

  void ExpectRefused(const Result<MoveOutcome>& result, const std::string& code,
                     const std::string& target, ErrorKind kind = ErrorKind::kRefused) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().message;
    EXPECT_EQ(result.error().kind, kind);
    EXPECT_EQ(Target(), target);
    EXPECT_EQ(result.error().message.find("hunter2"), std::string::npos) << result.error().message;
  }

  DirectoryHost host_;
  ConfigSpec spec_;
  ConfigMove move_;
  Digest plan_ = Digest::Of("plan");
  std::string backup_;
};

TEST_F(Engine, MovesBacksUpAndTakesBack) {
  const auto applied = Apply();
  ASSERT_TRUE(applied) << applied.error().message;
  EXPECT_EQ(applied->state, State::kMoved);
  EXPECT_EQ(applied->backup, backup_);
  EXPECT_EQ(Target(), kNew);
  EXPECT_EQ(host_.Get(backup_), kOld);
  EXPECT_EQ(host_.Stat(backup_)->mode, 0600U);
  EXPECT_EQ(host_.Stat(move_.target)->mode, 0640U);

  EXPECT_EQ(Rollback(true).value().state, State::kMoved);
  EXPECT_EQ(Target(), kNew);
  EXPECT_EQ(Rollback().value().state, State::kMoved);
  EXPECT_EQ(Target(), kOld);
  EXPECT_EQ(Rollback().value().state, State::kAlready);
  EXPECT_EQ(Apply().value().state, State::kMoved);
  EXPECT_EQ(Target(), kNew);
}

TEST_F(Engine, ASecondRunFindsItDoneAndNamesTheBackup) {
  ASSERT_TRUE(Apply());
  const int writes = host_.writes;
  const auto again = Apply();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->state, State::kAlready);
  EXPECT_EQ(again->backup, backup_);
  EXPECT_EQ(host_.writes, writes);
}

TEST_F(Engine, AlreadyThereWithoutUsNamesNoBackup) {
  host_.Put(move_.target, kNew);
  const auto outcome = Apply();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->state, State::kAlready);
  EXPECT_EQ(outcome->backup, "");
}

TEST_F(Engine, DryRunWritesNothing) {
  move_.validate = {"false", "%s"};
  EXPECT_EQ(Apply(true).value().state, State::kMoved);
  EXPECT_EQ(host_.Names(), std::vector<std::string>{".env"});
  EXPECT_EQ(Target(), kOld);
}

TEST_F(Engine, DriftNamesOurKeysOrOtherBytes) {
  const struct {
    std::string bytes;
    const char* message;
  } rows[] = {
      {"# prod\nBOT_ID=9\nPASSWORD=hunter2\nFEATURE_A=q\n", "the one before: BOT_ID, FEATURE_A"},
      {kOld + "OTHER=1\n", "other bytes of the file changed"},
      {kNew + "# note\n", "other bytes of the file changed"},
      {"broken\n", "can no longer be read as dotenv"},
  };
  for (const auto& row : rows) {
    host_.Put(move_.target, row.bytes);
    const auto result = Apply();
    ExpectRefused(result, "config-drift", row.bytes);
    EXPECT_NE(result.error().message.find(row.message), std::string::npos)
        << result.error().message;
    ExpectRefused(Rollback(), "config-drift", row.bytes);
  }
  EXPECT_EQ(host_.writes, 0);
}

TEST_F(Engine, RefusesWhatIsNoRegularFile) {
  std::filesystem::remove(move_.target);
  EXPECT_EQ(Apply().error().code, "config-target-absent");
  std::filesystem::create_directory(move_.target);
  EXPECT_EQ(Apply().error().code, "config-target-directory");
  std::filesystem::remove(move_.target);
  host_.Put(host_.Path("real"), kOld);
  std::filesystem::create_symlink(host_.Path("real"), move_.target);
  EXPECT_EQ(Apply().error().code, "config-target-symlink");
  std::filesystem::remove(move_.target);
  mkfifo(move_.target.c_str(), 0600);
  EXPECT_EQ(Apply().error().code, "config-target-special");
  std::filesystem::remove(move_.target);
  host_.Put(move_.target, std::string(kConfigFileLimit + 1, '#'));
  EXPECT_EQ(Apply().error().code, "config-target-too-large");
}

TEST_F(Engine, TakesUpAKilledRunsBackup) {
  for (const std::string& left : {kOld, kOld.substr(0, 9), std::string()}) {
    host_.Put(move_.target, kOld);
    host_.Put(backup_, left, 0600);
    ASSERT_TRUE(Apply()) << left;
    EXPECT_EQ(host_.Get(backup_), kOld);
    EXPECT_EQ(Target(), kNew);
  }
}

TEST_F(Engine, RefusesAForeignBackup) {
  host_.Put(backup_, "other bytes");
  ExpectRefused(Apply(), "config-backup-differs", kOld);
  ExpectRefused(Apply(true), "config-backup-differs", kOld);
  std::filesystem::remove(backup_);
  std::filesystem::create_symlink("/etc/passwd", backup_);
  ExpectRefused(Apply(), "config-path-taken", kOld);
}

TEST_F(Engine, WithoutABackupTheEditsAreTurnedAround) {
  ASSERT_TRUE(Apply());
  host_.Put(backup_, "somebody else's");
  EXPECT_EQ(Rollback(true).value().state, State::kMoved);
  EXPECT_EQ(Rollback().value().state, State::kMoved);
  EXPECT_EQ(Target(), kOld);
  EXPECT_EQ(host_.Get(backup_), "somebody else's");

  std::filesystem::remove(backup_);
  ASSERT_TRUE(Apply());
  std::filesystem::remove(backup_);
  const auto outcome = Rollback();
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->backup, "");
  EXPECT_EQ(Target(), kOld);
}

// A key that the edit quoted stays quoted when it is edited back: other bytes than the recorded
// ones.
TEST_F(Engine, RollbackNeedsTheRecordedBytes) {
  const auto diff = DiffConfig(spec_, "BOT_ID='2 3'\n", kOld);
  move_.after_digest = diff->after_digest;
  move_.changes = diff->changes;
  ASSERT_TRUE(Apply());
  const std::string moved = Target();
  ASSERT_NE(moved, kOld);
  host_.Put(backup_, kOld + "#\n");
  ExpectRefused(Rollback(), "config-backup-differs", moved);
  std::filesystem::remove(backup_);
  ExpectRefused(Rollback(), "config-backup-absent", moved);
}

TEST_F(Engine, TakesBackOnlyWhatThisPlanMoved) {
  const struct {
    const char* name;
    JournalSays journal;
    bool backup;
    std::string target;
    std::string ends;  // empty: drift
  } rows[] = {
      {"moved by somebody else", JournalSays::kNothing, false, kNew, kNew},
      {"the journal was lost", JournalSays::kNothing, true, kNew, kOld},
      {"taken back, then moved by hand", JournalSays::kTakenBack, true, kNew, kNew},
      {"never touched, and edited by hand", JournalSays::kNothing, false, "BOT_ID=7\n",
       "BOT_ID=7\n"},
      {"taken back, then edited by hand", JournalSays::kTakenBack, true, "BOT_ID=7\n",
       "BOT_ID=7\n"},
      {"moved, then edited by hand", JournalSays::kMoved, true, "BOT_ID=7\n", ""},
      {"recorded, and not replaced any more", JournalSays::kMoved, true, kOld, kOld},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    std::filesystem::remove(backup_);
    host_.Put(move_.target, row.target);
    if (row.backup) host_.Put(backup_, kOld);
    const auto outcome = Rollback(false, row.journal);
    EXPECT_EQ(outcome.has_value(), !row.ends.empty());
    EXPECT_EQ(Target(), row.ends.empty() ? row.target : row.ends);
  }
}

TEST_F(Engine, LeftoversOfKilledRunsGoAndNothingElse) {
  const std::vector<std::string> ours = {"..env.syncgate-0123456789abcdef",
                                         ".env.syncgate-0123456789ab.check"};
  const std::vector<std::string> theirs = {
      ".env",
      "..env.syncgate-0123456789abcdeX",
      "..env.syncgate-0123456789abcdef0",
      ".env.syncgate-0123456789ab.bak",
      ".env.syncgate-0123456789AB.check",
      "..envy.syncgate-0123456789abcdef",
      "x.env.syncgate-0123456789ab.check",
  };
  for (const auto& name : ours) host_.Put(host_.Path(name), "x");
  for (const auto& name : theirs) host_.Put(host_.Path(name), "x");
  std::filesystem::create_directory(host_.Path("..env.syncgate-fedcba9876543210"));
  ASSERT_TRUE(RemoveLeftovers(host_, move_.target));
  EXPECT_EQ(host_.Names().size(), theirs.size() + 1);
  for (const auto& name : ours) EXPECT_FALSE(std::filesystem::exists(host_.Path(name))) << name;
}

TEST_F(Engine, SurplusBackupsAreTheOldestOfOtherPlans) {
  const std::string stem = move_.target + ".syncgate-";
  const std::vector<std::string> backups = {stem + "00000000000c.bak", stem + "00000000000a.bak",
                                            stem + "00000000000b.bak", backup_};
  // `backup_` is the oldest, and of this plan.
  std::int64_t age = 1000;
  for (const auto& path : backups) {
    host_.Put(path, "x");
    const timespec times[2] = {{age, 0}, {path == backup_ ? 1 : age++, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }
  for (const char* other :
       {"00000000000.bak", "0000000000000.bak", "00000000000g.bak", "00000000000a.bak2"}) {
    host_.Put(stem + other, "x");
  }
  std::filesystem::create_symlink("/etc/passwd", stem + "00000000000d.bak");
  const auto surplus = [&](std::uint64_t keep) {
    return SurplusBackups(host_, move_.target, backup_, keep).value();
  };
  using Paths = std::vector<std::string>;
  EXPECT_EQ(surplus(4), Paths{});
  EXPECT_EQ(surplus(3), Paths{backups[0]});
  EXPECT_EQ(surplus(1), (Paths{backups[0], backups[1], backups[2]}));
  std::filesystem::remove(backup_);
  EXPECT_EQ(surplus(1), (Paths{backups[0], backups[1]}));
}

TEST_F(Engine, ValidatesTheNewBytesBeforeTheyCount) {
  const std::string seen = host_.Path("seen");
  move_.validate = {"sh", "-c", "stat -c %a \"$1\" >" + seen + "; cat \"$1\" >>" + seen, "sh",
                    "%s"};
  ASSERT_TRUE(Apply());
  EXPECT_EQ(host_.Get(seen), "600\n" + kNew);
  EXPECT_EQ(host_.Names().size(), 3U) << "target, backup, seen";
}

TEST_F(Engine, AFailedValidationChangesNothingAndTellsNoSecret) {
  move_.validate = {"sh", "-c", "echo bad BOT_ID, PASSWORD=hunter2 >&2; exit 3", "%s"};
  const auto result = Apply();
  ExpectRefused(result, "config-validate-failed", kOld);
  EXPECT_NE(result.error().message.find("(exit code 3): bad BOT_ID, PASSWORD=***"),
            std::string::npos)
      << result.error().message;
  EXPECT_EQ(host_.Names().size(), 1U) << "the target";
}

TEST_F(Engine, ValidateMustNameTheFile) {
  move_.validate = {"true"};
  ExpectRefused(Apply(), "config-validate-no-file", kOld, ErrorKind::kFixProject);
}

TEST_F(Engine, LooksAgainAfterValidation) {
  const std::string theirs = kOld + "THEIRS=1\n";
  move_.validate = {"true", "%s"};
  host_.on_run = [&] { host_.Put(move_.target, theirs); };
  ExpectRefused(Apply(), "config-drift", theirs);
}

TEST_F(Engine, LooksAgainAfterTheBackup) {
  ASSERT_TRUE(BackUpConfig(host_, move_, plan_));
  const std::string theirs = kOld + "THEIRS=1\n";
  host_.Put(move_.target, theirs);
  const auto replaced = ReplaceConfig(host_, move_);
  ASSERT_FALSE(replaced);
  EXPECT_EQ(replaced.error().code, "config-drift");
  EXPECT_EQ(Target(), theirs);
}

TEST_F(Engine, APlanThatPredictsOtherBytesIsNotCarriedOut) {
  move_.after_digest = Digest::Of("something else");
  ExpectRefused(Apply(), "config-prediction-wrong", kOld, ErrorKind::kFailed);
  EXPECT_EQ(host_.writes, 0);
}

TEST_F(Engine, PutsTheOldBytesBackWhereTheNewOnesDidNotArrive) {
  int calls = 0;
  host_.on_replace = [&](const std::string& path, std::string_view bytes) {
    host_.Put(path, ++calls == 1 ? bytes.substr(0, 5) : bytes);
    return Result<void>();
  };
  ExpectRefused(Apply(), "config-not-written", kOld, ErrorKind::kFailed);
}

// Whoever writes at the same moment keeps what he wrote, whether our own write came before or
// never.
TEST_F(Engine, NeverPutsTheOldBytesOverWhatSomebodyElseWrote) {
  const std::string theirs = kOld + "THEIRS=1\n";
  int calls = 0;
  host_.on_replace = [&](const std::string& path, std::string_view bytes) -> Result<void> {
    if (++calls > 1) {
      host_.Put(path, bytes);
      return {};
    }
    host_.Put(path, theirs);
    return Fail(ErrorKind::kFailed, "file-no-space", "no space");
  };
  ExpectRefused(Apply(), "file-no-space", theirs, ErrorKind::kFailed);

  calls = 0;
  host_.Put(move_.target, kOld);
  host_.on_replace = [&](const std::string& path, std::string_view bytes) -> Result<void> {
    host_.Put(path, ++calls > 1 ? std::string(bytes) : std::string(bytes) + "THEIRS=1\n");
    return {};
  };
  ExpectRefused(Apply(), "config-overwritten", kNew + "THEIRS=1\n", ErrorKind::kTargetChanged);
}

TEST_F(Engine, SaysSoWhereTheOldBytesCannotBePutBack) {
  const std::string torn = kNew.substr(0, 5);
  host_.on_replace = [&](const std::string& path, std::string_view) {
    host_.Put(path, torn);
    return Result<void>();
  };
  ExpectRefused(Apply(), "config-not-restored", torn, ErrorKind::kTargetChanged);
}

TEST_F(Engine, WhatTheFileHoldsDecidesWhereTheAnswerIsLost) {
  host_.on_replace = [&](const std::string& path, std::string_view bytes) -> Result<void> {
    host_.Put(path, bytes);
    return host_.Lost();
  };
  EXPECT_EQ(Apply().value().state, State::kMoved);

  host_.Put(move_.target, kOld);
  host_.on_replace = [&](const std::string&, std::string_view) -> Result<void> {
    return host_.Lost();
  };
  ExpectRefused(Apply(), "ssh-lost", kOld, ErrorKind::kTryLater);

  host_.on_replace = [&](const std::string&, std::string_view) -> Result<void> {
    host_.lost = true;
    return host_.Lost();
  };
  ExpectRefused(Apply(), "config-state-unknown", kOld, ErrorKind::kOutcomeUnknown);
}

TEST_F(Engine, Restart) {
  using std::chrono::seconds;
  EXPECT_TRUE(RestartService(host_, {}, seconds(1)));
  EXPECT_TRUE(RestartService(host_, {"true"}, seconds(1)));
  const auto failed = RestartService(host_, {"sh", "-c", "echo no unit; exit 5"}, seconds(1));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::kVerification);
  EXPECT_NE(failed.error().message.find("exit code 5: no unit"), std::string::npos);
  host_.lost = true;
  const auto unknown = RestartService(host_, {"true"}, seconds(1));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, "config-restart-failed");
  EXPECT_EQ(unknown.error().kind, ErrorKind::kTryLater);
}

}  // namespace
}  // namespace syncgate
