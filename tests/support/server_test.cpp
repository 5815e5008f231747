#include "support/server_test.h"

#include <unistd.h>

#include <atomic>
#include <stdexcept>

namespace syncgate::test {
namespace {

// Thrown, not asserted: a test cannot go on without its servers, however deep in helpers it is.
template <typename T>
T OrThrow(Result<T> result, const std::string& what) {
  if (!result) throw std::runtime_error(what + ": " + result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

std::unique_ptr<MysqlSession> Open(const Sandbox& sandbox, Server server, Account account,
                                   const std::string& database, SessionRole role) {
  return OrThrow(MysqlSession::Connect(sandbox.Target(server, account, database), role), "connect");
}

void RunAll(const Sandbox& sandbox, std::initializer_list<std::string> statements) {
  for (const Server server : kServers) {
    const auto admin = Open(sandbox, server, Account::kAdmin, "", SessionRole::kWriter);
    for (const std::string& sql : statements) OrThrow(admin->Execute(sql), sql);
  }
}

}  // namespace

FreshDatabase::FreshDatabase(const Sandbox& sandbox) : sandbox_(sandbox) {
  static std::atomic<int> count = 0;
  name_ = "t" + std::to_string(getpid()) + "x" + std::to_string(++count);
  RunAll(sandbox_, {"CREATE DATABASE " + name_ + " CHARACTER SET utf8mb4",
                    "GRANT SELECT, INSERT, UPDATE, DELETE, TRIGGER, SHOW VIEW ON " + name_ +
                        ".* TO 'sync'@'%'",
                    "GRANT SELECT, TRIGGER, SHOW VIEW ON " + name_ + ".* TO 'sync_ro'@'%'"});
}

FreshDatabase::~FreshDatabase() {
  try {
    RunAll(sandbox_,
           {"DROP DATABASE " + name_, "REVOKE ALL PRIVILEGES ON " + name_ + ".* FROM 'sync'@'%'",
            "REVOKE ALL PRIVILEGES ON " + name_ + ".* FROM 'sync_ro'@'%'"});
  } catch (const std::exception& error) {
    ADD_FAILURE() << "cannot clean up database " << name_ << ": " << error.what();
  }
}

void ServerTest::SetUp() {
  auto sandbox = Sandbox::Load();
  if (!sandbox) {
    const bool fatal = Sandbox::Required() || sandbox.error().code != "no-sandbox";
    if (fatal) GTEST_FAIL() << sandbox.error().message;
    GTEST_SKIP() << sandbox.error().message;
  }
  sandbox_ = std::make_unique<Sandbox>(*std::move(sandbox));
  database_ = std::make_unique<FreshDatabase>(*sandbox_);
}

void ServerTest::TearDown() { database_.reset(); }

std::unique_ptr<MysqlSession> ServerTest::Connect(Server server, Account account,
                                                  SessionRole role) const {
  return Open(*sandbox_, server, account, database(), role);
}

void ServerTest::Run(Server server, const std::string& sql) const {
  const auto admin = Connect(server, Account::kAdmin);
  // A test may write by any condition; syncgate's own sessions may not.
  OrThrow(admin->Execute("SET SESSION sql_safe_updates = 0"), sql);
  OrThrow(admin->Execute(sql), sql);
}

void ServerTest::RunEverywhere(const std::string& sql) const {
  for (const Server server : kServers) Run(server, sql);
}

std::optional<std::string> ServerTest::Value(Server server, const std::string& sql) const {
  const auto rows = OrThrow(Connect(server, Account::kAdmin)->Rows(sql), sql);
  if (rows.size() != 1 || rows[0].empty()) throw std::runtime_error("not one row: " + sql);
  return rows[0][0];
}

}  // namespace syncgate::test
