// Several files on one node: all or none. What is refused, kept, locked, taken back.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "fixture.h"

namespace syncgate::test {
namespace fs = std::filesystem;
namespace {

class ConfigApply : public ConfigFault {
 protected:
  void SetUp() override {
    ConfigFault::SetUp();
    StartSshd();
  }
};

TEST_F(ConfigApply, ThereAndBack) {
  WriteProject(Service());
  ASSERT_TRUE(Plan());
  const StepEnd applied = Apply();
  ASSERT_EQ(applied.exit, 0) << applied.text;
  ExpectNew();
  EXPECT_EQ(Running("b"), New("b"));
  const auto backups = Backups();
  ASSERT_EQ(backups.size(), 2U);
  struct stat info = {};
  ASSERT_EQ(::stat(Node(backups[0]).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
  EXPECT_EQ(ReadText(Node(backups[0])), Old("a"));
  EXPECT_EQ(InReceipt("backup"), Node(backups[0])) << "the receipt says where it is";
  EXPECT_TRUE(Apply("--auto-restart --detailed-exitcode").exit == 0);
  const StepEnd verified = Step("verify-config --node node1");
  EXPECT_EQ(verified.exit, 0) << verified.text;
  const StepEnd back = Rollback();
  ASSERT_EQ(back.exit, 0) << back.text;
  ExpectOld();
  EXPECT_EQ(Running("a"), Old("a"));
  EXPECT_EQ(Backups(), backups) << "all are kept";
  EXPECT_EQ(Leftovers(), std::vector<std::string>());
}

struct Failing {
  const char* name;
  const char* entry;  // beside Service(), or in its place where it has a restart
  const char* value;
  const char* fault;
  int exit;
  const char* code;
};

void PrintTo(const Failing& row, std::ostream* out) { *out << row.name; }

class AllOrNone : public ConfigApply, public testing::WithParamInterface<Failing> {};

TEST_P(AllOrNone, TheSecondFails) {
  const Failing& row = GetParam();
  value = row.value;
  const std::string entry = row.entry;
  WriteProject(entry.starts_with("restart") ? entry
                                            : entry + (entry.empty() ? "" : "\n    ") + Service());
  ASSERT_TRUE(Plan());
  const std::string fault = row.fault;
  const std::string hook = fault.empty() ? "" : Fault(fault + " " + Node("b.env"));
  const StepEnd applied = Apply("--auto-restart", hook);
  EXPECT_EQ(applied.exit, row.exit) << applied.text;
  EXPECT_TRUE(applied.Says(row.code)) << applied.text;
  EXPECT_EQ(InReceipt("target_state"), "before");
  EXPECT_EQ(InReceipt("code"), row.code) << "the receipt says why";
  EXPECT_EQ(ReadText(Node("a.env")), Old("a"));
  EXPECT_EQ(Running("a"), Old("a"));
  EXPECT_EQ(Running("b"), Old("b"));
  EXPECT_EQ(Leftovers(), std::vector<std::string>());
  if (fault.empty()) {
    EXPECT_EQ(ReadText(Node("b.env")), Old("b"));
    EXPECT_EQ(applied.text.find("marked-secret"), std::string::npos);
    EXPECT_EQ(Shell("grep -rq marked-secret " + Path("syncgate-artifacts")), 1);
    const StepEnd back = Rollback();
    EXPECT_EQ(back.exit, 0) << back.text;
    EXPECT_TRUE(back.text.find("nothing to take back") != std::string::npos) << back.text;
  }
}

INSTANTIATE_TEST_SUITE_P(
    At, AllOrNone,
    testing::Values(
        Failing{"Validate", "validate: [sh, -c, 'case $1 in *b.env*) exit 3;; esac', sh, '%s']",
                "good-new", "", 3, "config-validate-failed"},
        Failing{"Replace", "", "good-new", "config.journalled:2:echo THEIRS=1 >>", 3,
                "config-drift"},
        Failing{"Edited", "", "good-new", "config.replaced:1:echo THEIRS=1 >>", 3, "config-drift"},
        Failing{"Restart",
                "restart: [sh, -c, 'test NAME = a || grep -q old NODE/NAME.env && cp "
                "NODE/NAME.env NODE/NAME.running || { cat NODE/NAME.env >&2; exit 4; }']",
                "good-new", "", 6, "config-restart-failed"},
        Failing{"Ready", "", "bad-new", "", 6, "service-not-ready"}),
    [](const auto& row) { return std::string(row.param.name); });

// One command restarts the services of both files, and prints what it finds in them.
TEST_F(ConfigApply, WhatACommandPrintsOfAnyFileOfThePlanHoldsNoSecret) {
  Shell("sed -i s/marked-secret/marked-of-b/ " + Node("b.env"));
  for (const std::string entry :
       {"restart: [sh, -c, 'cat \"$1/a.env\" \"$1/b.env\" \"$1/c.key\" >&2; exit 4', sh, NODE]",
        "validate: [sh, -c, 'cat \"$1/a.env\" \"$1/b.env\" \"$1/c.key\" >&2; exit 4', sh, NODE, "
        "'%s']",
        "restart: [\"true\"]\n    verify:\n      - command: [sh, -c, 'cat \"$1/a.env\" "
        "\"$1/b.env\" \"$1/c.key\" >&2; exit 4', sh, NODE]\n        attempts: 1"}) {
    SCOPED_TRACE(entry);
    WriteProject(entry);
    // Is only compared, and in no plan.
    WriteText(Path("c.source"), "other");
    WriteText(Node("c.key"), "begin\nmarked-key-of-c\n");
    WriteText(Path("syncgate.yml"),
              ReadText(Path("syncgate.yml")) +
                  "  c: {source: c.source, format: raw, secrets: ['*'], target: " + Node("c.key") +
                  "}\n");
    ASSERT_TRUE(Plan());
    const StepEnd applied = Apply();
    EXPECT_NE(applied.exit, 0) << applied.text;
    EXPECT_NE(applied.text.find("BOT_ID"), std::string::npos) << "the command has printed";
    EXPECT_EQ(applied.text.find("marked-"), std::string::npos) << applied.text;
    EXPECT_EQ(Shell("grep -rq marked- " + Path("syncgate-artifacts")), 1);
  }
}

// Nobody's edit of a file that this run has not come to keeps another from going back; and what is
// taken back needs no rollback any more.
TEST_F(ConfigApply, AnEditOfTheNextFileLeavesNothingToTakeBack) {
  WriteProject(Service());
  ASSERT_TRUE(Plan());
  ASSERT_EQ(
      Apply("--auto-restart", Fault("config.replaced:1:echo THEIRS=1 >>" + Node("b.env"))).exit, 3);
  EXPECT_EQ(ReadText(Node("a.env")), Old("a"));
  const StepEnd back = Rollback();
  EXPECT_EQ(back.exit, 0) << back.text;
  EXPECT_EQ(ReadText(Node("b.env")), Old("b") + "THEIRS=1\n");
}

TEST_F(ConfigApply, AServiceThatDoesNotComeBackIsSaidAndTheFilesAreBack) {
  value = "bad-new";
  WriteProject(
      "restart: [cp, NODE/NAME.env, NODE/NAME.running]\n    verify:\n"
      "      - command: [sh, -c, 'exit 1']\n        attempts: 1");
  ASSERT_TRUE(Plan());
  const StepEnd applied = Apply();
  EXPECT_EQ(applied.exit, 6) << applied.text;
  EXPECT_EQ(InReceipt("target_state"), "before");
  ExpectOld();
  const std::string receipt = ReadText(Path("syncgate-artifacts/receipt-node1.json"));
  const auto first = receipt.find("service-not-ready");
  ASSERT_NE(first, std::string::npos);
  EXPECT_NE(receipt.find("service-not-ready", first + 1), std::string::npos) << "before and after";
}

TEST_F(ConfigApply, AfterARollbackTheServicesAreAskedAgain) {
  WriteProject(Service());
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply().exit, 0);
  // Its own command spoils what it runs with, so the service does not come back with the old file.
  WriteText(Node("a.env.spoil"), "");
  const StepEnd back =
      Rollback("--auto-restart", Fault("config.restarted:2:rm " + Node("a.running")));
  EXPECT_EQ(back.exit, 6) << back.text;
  EXPECT_TRUE(back.Says("service-not-ready")) << back.text;
  EXPECT_EQ(InReceipt("target_state", "receipt-node1-rollback.json"), "before");
  ExpectOld();
  // The run did not end well: the next one restarts and asks again.
  const StepEnd again = Rollback();
  EXPECT_EQ(again.exit, 0) << again.text;
  EXPECT_EQ(Running("a"), Old("a"));
}

TEST_F(ConfigApply, WhatIsNoPlainFileOfTheComparisonIsRefusedByName) {
  WriteProject();
  ASSERT_TRUE(Plan());
  const struct {
    const char* code;
    std::string command;  // $f is the file
  } rows[] = {
      {"config-target-absent", "rm $f"},
      {"config-target-symlink", "mv $f $f.real; ln -s $f.real $f"},
      {"config-target-directory", "rm $f; mkdir $f"},
      {"config-target-special", "rm $f; mkfifo $f"},
      {"config-target-too-large", "head -c 4194305 /dev/zero >$f"},
      {"config-drift", "echo MORE=1 >>$f"},
      {"config-drift", "echo 'no assignment' >>$f"},
      {"config-backup-differs", "echo other >$f.syncgate-$p.bak"},
      {"config-path-taken", "mkdir $f.syncgate-$p.bak"},
  };
  const std::string plan = ReadText(Path("syncgate-artifacts/plan.json"));
  const auto at = plan.find("\"plan_digest\"");
  const std::string digest = plan.substr(plan.find('"', plan.find(':', at)) + 1, 12);
  Shell("cp -a " + Path("node") + " " + Path("node.kept"));
  for (const auto& row : rows) {
    SCOPED_TRACE(row.command);
    Shell("f=" + Node("b.env") + " p=" + digest + "; " + row.command);
    std::string before;
    Shell("ls -lR --time-style=+ " + Path("node"), &before);
    for (const char* words : {"--auto-restart", "--dry-run"}) {
      const StepEnd refused = Apply(words);
      EXPECT_EQ(refused.exit, 3) << refused.text;
      EXPECT_TRUE(refused.Says(row.code)) << refused.text;
      EXPECT_EQ(refused.text.find("marked-secret"), std::string::npos);
    }
    EXPECT_EQ(ReadText(Node("a.env")), Old("a")) << "the file before it, too, is as it was";
    std::string after;
    Shell("ls -lR --time-style=+ " + Path("node"), &after);
    EXPECT_EQ(after, before);
    Shell("rm -rf " + Path("node") + "; cp -a " + Path("node.kept") + " " + Path("node"));
  }
  const StepEnd compared = [&] {
    Shell("echo 'no assignment' >>" + Node("b.env") + "; cp " + Node("a.env") + " " +
          Path("a.source"));
    return Step("compare --only config --artifacts other");
  }();
  EXPECT_EQ(compared.exit, 3) << compared.text;
  EXPECT_TRUE(compared.Says("config-unparsable")) << compared.text;
  EXPECT_EQ(compared.text.find("in sync"), std::string::npos) << compared.text;
  EXPECT_NE(compared.text.find("no differences in what could be compared; 1 other refusals"),
            std::string::npos)
      << compared.text;
}

TEST_F(ConfigApply, KeepLeavesThatManyBackups) {
  WriteText(Node("a.env.syncgate-00000000000z.bak"), "not ours");
  for (const std::string name : {"1", "2", "3", "4"}) {
    value = "good-" + name;
    WriteProject("keep: 2\n    " + Service());
    ASSERT_TRUE(Plan());
    const StepEnd applied = Apply();
    ASSERT_EQ(applied.exit, 0) << applied.text;
    sleep(1);  // SFTP tells whole seconds
    ASSERT_EQ(Rollback().exit, 0) << "its own backup is there";
  }
  EXPECT_EQ(Backups().size(), 2 * 2 + 1U);
  EXPECT_TRUE(fs::exists(Node("a.env.syncgate-00000000000z.bak")));
  // What fails removes nothing.
  value = "bad";
  WriteProject("keep: 1\n    " + Service());
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply().exit, 6);
  EXPECT_GE(Backups().size(), 2 * 2 + 1U);
}

TEST_F(ConfigApply, AnotherRunOnTheNodeIsNotDisturbed) {
  WriteProject();
  ASSERT_TRUE(Plan());
  std::string ignored;
  Shell("flock " + Path("node") + " sleep 60 >/dev/null 2>&1 & echo $! >" + Path("holder"),
        &ignored);
  const StepEnd locked = Apply();
  EXPECT_EQ(locked.exit, 75) << locked.text;
  EXPECT_TRUE(locked.Says("node-locked")) << locked.text;
  ExpectOld();
  EXPECT_EQ(Apply("--dry-run").exit, 0) << "looking is free";
  Shell("pkill -P $(cat " + Path("holder") + "); kill $(cat " + Path("holder") + ") 2>/dev/null");
  const StepEnd applied = Apply();
  EXPECT_EQ(applied.exit, 0) << applied.text;
}

TEST_F(ConfigApply, RollbackDoesWithoutBackupWhereTheBytesAreCertain) {
  WriteProject(Service());
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply().exit, 0);
  for (const auto& name : Backups()) fs::remove(Node(name));
  const StepEnd back = Rollback();
  EXPECT_EQ(back.exit, 0) << back.text;
  ExpectOld();
}

TEST_F(ConfigApply, RollbackThatCannotKnowTheBytesRefusesAndDoesNotPassOver) {
  value = "good new";  // quoted by the edit, and still quoted when it is edited back
  WriteProject();
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply().exit, 0);
  for (const auto& name : Backups()) fs::remove(Node(name));
  const StepEnd back = Rollback();
  EXPECT_EQ(back.exit, 3) << back.text;
  EXPECT_TRUE(back.Says("config-backup-absent")) << back.text;
  EXPECT_NE(ReadText(Node("a.env")), Old("a"));
}

TEST_F(ConfigApply, AnEditSinceIsNotTakenBackAndNeitherIsTheOtherFile) {
  WriteProject(Service());
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply().exit, 0);
  Shell("echo MORE=1 >>" + Node("a.env"));
  const StepEnd back = Rollback();
  EXPECT_EQ(back.exit, 3) << back.text;
  EXPECT_TRUE(back.Says("config-drift")) << back.text;
  EXPECT_EQ(ReadText(Node("a.env")), New("a") + "MORE=1\n");
  EXPECT_EQ(ReadText(Node("b.env")), New("b"));
}

TEST_F(ConfigApply, RollbackFromTheArtifactsAloneSomewhereElse) {
  WriteProject(Service());
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply().exit, 0);
  const std::string elsewhere = Path("elsewhere");
  fs::create_directory(elsewhere);
  Shell("cd " + Path("") +
        " && cp -r syncgate.yml syncgate-artifacts key known_hosts elsewhere/ && " +
        "mkdir hidden && mv syncgate.yml syncgate-artifacts a.source b.source key known_hosts "
        "hidden/");
  const StepEnd back = Step("rollback --node node1 --auto-restart", "", elsewhere);
  EXPECT_EQ(back.exit, 0) << back.text;
  ExpectOld();
  EXPECT_EQ(Running("b"), Old("b"));
  EXPECT_TRUE(fs::exists(elsewhere + "/syncgate-artifacts/receipt-node1-rollback.json"));
}

TEST_F(ConfigApply, WithTheJournalLostRollbackFromThePlan) {
  WriteProject(Service());
  ASSERT_TRUE(Plan());
  ASSERT_EQ(Apply().exit, 0);
  fs::remove_all(Path("syncgate-artifacts/journal"));
  fs::remove(Path("syncgate-artifacts/receipt-node1.json"));
  EXPECT_TRUE(Rollback().Says("journal-missing"));
  const StepEnd back = Rollback("--from-plan --auto-restart");
  EXPECT_EQ(back.exit, 0) << back.text;
  ExpectOld();
  EXPECT_EQ(Running("a"), Old("a"));
}

}  // namespace
}  // namespace syncgate::test
