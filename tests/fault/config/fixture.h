// A node with two configuration files and a service for each, behind an sshd of the test's own or
// on this machine, and what must hold of it whatever happened on the way.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sshd_fixture.h"

namespace syncgate::test {

struct StepEnd {
  int exit = -1;  // 128 + signal, as a shell says it
  std::string text;

  bool Says(const std::string& code) const {
    return text.find("[" + code + "]") != std::string::npos;
  }
};

class ConfigFault : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  std::string Path(const std::string& name) const { return directory_ / name; }
  std::string Node(const std::string& name) const { return Path("node/" + name); }
  // Ends the sshd there is, and starts another.
  void StartSshd(const SshdOptions& options = {});
  const Sshd& sshd() const { return *sshd_; }

  // syncgate.yml with both files; `entry` are more lines of each entry, where NAME stands for its
  // name. `port` other than 0: the node is behind something else on that port. `ssh` false: on this
  // machine.
  void WriteProject(const std::string& entry = "", std::uint16_t port = 0, bool ssh = true) const;
  // A service that takes its file when it is restarted, and is well with values that begin with
  // "good".
  static std::string Service();
  // compare and generate-sql. False: the test has failed.
  bool Plan() const;

  StepEnd Step(const std::string& words, const std::string& environment = "",
               const std::string& directory = "") const;
  StepEnd Apply(const std::string& words = "--auto-restart",
                const std::string& environment = "") const {
    return Step("apply-node --node node1 " + words, environment);
  }
  StepEnd Rollback(const std::string& words = "--auto-restart",
                   const std::string& environment = "") const {
    return Step("rollback --node node1 " + words, environment);
  }
  static std::string Fault(const std::string& what) { return "SYNCGATE_FAULT='" + what + "'"; }

  // One member of the receipt, as text.
  std::string InReceipt(const std::string& member,
                        const std::string& of = "receipt-node1.json") const;

  std::string Old(const std::string& name) const { return old_ + name + "\n"; }
  std::string New(const std::string& name) const;
  bool IsWhole(const std::string& name) const;  // the old or the new bytes, owner and mode kept
  void ExpectOld() const;
  void ExpectNew() const;
  // What the service of a file runs with.
  std::string Running(const std::string& name) const { return ReadText(Node(name + ".running")); }
  // Whatever lies in the node's directory that is not the files, the services', or a backup.
  std::vector<std::string> Leftovers() const;
  std::vector<std::string> Backups() const;
  // The law: each file is whole; run again completes; rollback restores. `after` says what to run
  // first.
  void ExpectTheLawHolds(const std::string& after) const;

  std::string value = "good-new";  // of BOT_ID in the source

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<Sshd> sshd_;
  const std::string old_ = "# ours\r\nBOT_ID=good-old # who\nSECRET_KEY='marked-secret'\nNAME=";
};

// Over SSH, with services and a plan made.
class ConfigPlanned : public ConfigFault {
 protected:
  void SetUp() override {
    ConfigFault::SetUp();
    StartSshd();
    WriteProject(Service());
    ASSERT_TRUE(Plan());
  }
};

}  // namespace syncgate::test
