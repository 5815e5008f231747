// The fixture of tests that need servers: a sandbox, and a database of the test's own on all three
// of them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "mysql/session.h"
#include "support/sandbox.h"

namespace syncgate::test {

// A database on all three servers, with the rights that sync and sync_ro have on the demo's; gone,
// rights too, when this goes. Its name needs no escaping in a GRANT.
class FreshDatabase {
 public:
  explicit FreshDatabase(const Sandbox& sandbox);
  ~FreshDatabase();
  FreshDatabase(const FreshDatabase&) = delete;
  FreshDatabase& operator=(const FreshDatabase&) = delete;

  const std::string& name() const { return name_; }

 private:
  const Sandbox& sandbox_;
  std::string name_;
};

// Skips, saying why, where the sandbox is not there; fails instead where it is required.
class ServerTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // False where SetUp skipped or failed: nothing else here may be used then.
  bool ready() const { return database_ != nullptr; }
  const Sandbox& sandbox() const { return *sandbox_; }
  const std::string& database() const { return database_->name(); }
  static bool IsMySql() { return Sandbox::WantedFlavor() == Flavor::kMySql; }

  MysqlTarget Target(Server server = Server::kNode1, Account account = Account::kSync) const {
    return sandbox_->Target(server, account, database());
  }
  // A session on the test's database. Fails the test, and throws to end it, when it cannot be had.
  std::unique_ptr<MysqlSession> Connect(Server server = Server::kNode1,
                                        Account account = Account::kSync,
                                        SessionRole role = SessionRole::kWriter) const;
  // Runs a statement as admin, on the test's database.
  void Run(Server server, const std::string& sql) const;
  void RunEverywhere(const std::string& sql) const;
  // The only cell of a result, as admin.
  std::optional<std::string> Value(Server server, const std::string& sql) const;

 private:
  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<FreshDatabase> database_;
};

}  // namespace syncgate::test
