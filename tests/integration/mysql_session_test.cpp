// mysql/session.h, kill.h and advisory_lock.h against real servers.
#include <gmock/gmock.h>

#include <thread>

#include "mysql/advisory_lock.h"
#include "mysql/kill.h"
#include "mysql/session.h"
#include "support/server_test.h"

namespace syncgate::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class MysqlSessionTest : public ServerTest {
 protected:
  static std::optional<std::string> Cell(SqlSession& session, const std::string& sql) {
    auto rows = session.Rows(sql);
    if (!rows) ADD_FAILURE() << sql << ": " << rows.error().message;
    return rows && rows->size() == 1 ? (*rows)[0][0] : std::nullopt;
  }
  void TwoRows() const {
    Run(Server::kNode1, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20)) ENGINE=InnoDB");
    Run(Server::kNode1, "INSERT INTO t VALUES (1, 'one'), (2, 'two')");
  }
  void Kill(std::uint64_t id) const {
    Run(Server::kNode1, "KILL CONNECTION " + std::to_string(id));
  }
  // Waits until the server has forgotten the connection.
  void AwaitGone(std::uint64_t id) const {
    const auto admin = Connect(Server::kNode1, Account::kAdmin);
    for (int i = 0; i < 200; ++i) {
      const auto rows = admin->Rows("SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = " +
                                    std::to_string(id));
      if (rows && rows->empty()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    ADD_FAILURE() << "connection " << id << " does not go";
  }
};

TEST_F(MysqlSessionTest, KnowsTheServer) {
  const auto session = Connect();
  EXPECT_EQ(session->server().flavor, Sandbox::WantedFlavor());
  EXPECT_GE(session->server().major, 8);
  EXPECT_EQ(session->server().version, Cell(*session, "SELECT VERSION()"));
  EXPECT_EQ(std::to_string(session->connection_id()), Cell(*session, "SELECT CONNECTION_ID()"));
}

TEST_F(MysqlSessionTest, PinsTheSession) {
  // Servers configured against us: the session must not inherit any of it.
  Run(Server::kNode1,
      "SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', GLOBAL time_zone = '+05:00', "
      "GLOBAL foreign_key_checks = 0, GLOBAL sql_notes = 0, GLOBAL lock_wait_timeout = 900");
  const auto writer = Connect();
  const auto reader = Connect(Server::kNode1, Account::kReadOnly, SessionRole::kReader);
  Run(Server::kNode1,
      "SET GLOBAL sql_mode = DEFAULT, GLOBAL time_zone = DEFAULT, GLOBAL foreign_key_checks = 1, "
      "GLOBAL sql_notes = 1, GLOBAL lock_wait_timeout = DEFAULT");
  EXPECT_EQ(Cell(*writer, "SELECT FROM_UNIXTIME(0)"), "1970-01-01 00:00:00");
  EXPECT_EQ(
      Cell(*writer, "SELECT @@foreign_key_checks + @@sql_notes + @@unique_checks + @@autocommit"),
      "4");
  EXPECT_EQ(Cell(*writer, "SELECT @@lock_wait_timeout"), "5");
  EXPECT_EQ(Cell(*writer, "SELECT \"text\""), "text");
  EXPECT_EQ(Cell(*writer, "SELECT CAST('2026-02-31' AS DATE)"), "2026-02-31");
  EXPECT_EQ(Cell(*writer, "SELECT @@character_set_results"), "utf8mb4");
  const std::string isolation =
      IsMySql() ? "SELECT @@transaction_isolation" : "SELECT @@tx_isolation";
  EXPECT_EQ(Cell(*writer, isolation), "READ-COMMITTED");
  EXPECT_EQ(Cell(*reader, isolation), "REPEATABLE-READ");
}

TEST_F(MysqlSessionTest, ReaderCannotWrite) {
  TwoRows();
  const auto reader = Connect(Server::kNode1, Account::kSync, SessionRole::kReader);
  const auto written = reader->Execute("UPDATE t SET v = 'x'");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, "server-read-only");
}

TEST_F(MysqlSessionTest, CellsAreBinarySafe) {
  const auto session = Connect();
  const auto rows =
      session->Rows("SELECT x'00ff27005c', NULL, '', _utf8mb4 0xF09F9880, 18446744073709551615");
  ASSERT_TRUE(rows);
  EXPECT_EQ((*rows)[0], (Row{std::string("\0\xff'\0\\", 5), std::nullopt, "", "\xF0\x9F\x98\x80",
                             "18446744073709551615"}));
}

TEST_F(MysqlSessionTest, AffectedRowsAreChangedRows) {
  TwoRows();
  const auto session = Connect();
  EXPECT_EQ(session->Execute("UPDATE t SET v = 'one' WHERE id = 1"), 0U);
  EXPECT_EQ(session->Execute("INSERT INTO t VALUES (2, 'x') ON DUPLICATE KEY UPDATE id = id"), 0U);
  EXPECT_EQ(session->Execute("INSERT INTO t VALUES (3, 'x') ON DUPLICATE KEY UPDATE id = id"), 1U);
}

TEST_F(MysqlSessionTest, WrongKindOfStatement) {
  const auto session = Connect();
  EXPECT_EQ(session->Execute("SELECT 1").error().code, "result-unexpected");
  EXPECT_EQ(session->Query("DO 1", [](Row&&) -> Result<void> { return {}; }).error().code,
            "result-missing");
  EXPECT_FALSE(session->Rows("SELECT 1; SELECT 2"));
  EXPECT_EQ(Cell(*session, "SELECT 3"), "3");
}

TEST_F(MysqlSessionTest, WarningsIncludeNotes) {
  const auto session = Connect();
  ASSERT_TRUE(session->Execute("DO 1"));
  EXPECT_TRUE(session->Warnings()->empty());
  ASSERT_TRUE(Connect(Server::kNode1, Account::kAdmin)->Execute("DO 1"));
  const auto admin = Connect(Server::kNode1, Account::kAdmin);
  ASSERT_TRUE(admin->Execute("DROP TABLE IF EXISTS nothing_there"));
  const auto warnings = admin->Warnings();
  ASSERT_TRUE(warnings);
  ASSERT_EQ(warnings->size(), 1U);
  EXPECT_EQ((*warnings)[0].level, "Note");
  EXPECT_EQ((*warnings)[0].number, 1051U);
}

TEST_F(MysqlSessionTest, LocalInfileIsRefused) {
  TwoRows();
  const auto loaded = Connect()->Execute("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t");
  EXPECT_FALSE(loaded);
}

constexpr const char* kManyRows =
    "SELECT REPEAT('x', 1000) FROM information_schema.COLUMNS a, information_schema.COLUMNS b "
    "LIMIT 2000000";

TEST_F(MysqlSessionTest, KilledWhileStreamingIsAnErrorNotAnEnd) {
  const auto session = Connect(Server::kNode1, Account::kReadOnly, SessionRole::kReader);
  int rows = 0;
  const auto done = session->Query(kManyRows, [&](Row&&) -> Result<void> {
    if (++rows == 100) Kill(session->connection_id());
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "mysql-connection-lost");
  EXPECT_EQ(done.error().kind, ErrorKind::kTryLater);
  EXPECT_LT(rows, 2000000);
}

TEST_F(MysqlSessionTest, KilledQueryIsAnErrorNotAnEnd) {
  const auto session = Connect(Server::kNode1, Account::kReadOnly, SessionRole::kReader);
  int rows = 0;
  const auto done = session->Query(kManyRows, [&](Row&&) -> Result<void> {
    if (++rows == 100)
      Run(Server::kNode1, "KILL QUERY " + std::to_string(session->connection_id()));
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "statement-killed");
  EXPECT_EQ(Cell(*session, "SELECT 1"), "1");
}

TEST_F(MysqlSessionTest, SinkStopsEarly) {
  const auto session = Connect();
  const auto stop = [](Row&&) -> Result<void> {
    return Fail(ErrorKind::kInterrupted, "stop", "stop");
  };
  EXPECT_EQ(session->Query("SELECT 1 UNION SELECT 2 UNION SELECT 3", stop).error().code, "stop");
  EXPECT_EQ(Cell(*session, "SELECT 4"), "4");  // a short rest is read, the session lives on
  EXPECT_EQ(session->Query(kManyRows, stop).error().code, "stop");
  EXPECT_EQ(session->Rows("SELECT 5").error().code,
            "mysql-connection-lost");  // a long one is cut off
}

TEST_F(MysqlSessionTest, LockConflicts) {
  TwoRows();
  const auto holder = Connect();
  const auto waiter = Connect();
  ASSERT_TRUE(holder->Execute("START TRANSACTION"));
  ASSERT_TRUE(holder->Rows("SELECT * FROM t WHERE id = 1 FOR UPDATE"));
  ASSERT_TRUE(waiter->Execute("START TRANSACTION"));
  const auto now = waiter->Rows("SELECT * FROM t WHERE id = 1 FOR UPDATE NOWAIT");
  ASSERT_FALSE(now);
  EXPECT_EQ(now.error().kind, ErrorKind::kRetryTransaction);
  EXPECT_EQ(now.error().server.number, IsMySql() ? 3572U : 1205U);
  const auto waited = waiter->Execute("UPDATE t SET v = 'x' WHERE id = 1");
  ASSERT_FALSE(waited);
  EXPECT_EQ(waited.error().code, "lock-conflict");
  EXPECT_EQ(waited.error().server.number, 1205U);
}

TEST_F(MysqlSessionTest, Deadlock) {
  TwoRows();
  auto target = Target();
  target.row_lock_wait = std::chrono::seconds(20);
  auto a = MysqlSession::Connect(target, SessionRole::kWriter);
  auto b = MysqlSession::Connect(target, SessionRole::kWriter);
  ASSERT_TRUE(a && b);
  for (auto* session : {a->get(), b->get()}) ASSERT_TRUE(session->Execute("START TRANSACTION"));
  ASSERT_TRUE((*a)->Execute("UPDATE t SET v = 'a' WHERE id = 1"));
  ASSERT_TRUE((*b)->Execute("UPDATE t SET v = 'b' WHERE id = 2"));
  Result<std::uint64_t> first = 0U;
  std::thread waiting([&] { first = (*a)->Execute("UPDATE t SET v = 'a' WHERE id = 2"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const auto second = (*b)->Execute("UPDATE t SET v = 'b' WHERE id = 1");
  if (second) (*b)->Rollback();
  waiting.join();
  const auto& victim = first ? second : first;
  ASSERT_FALSE(victim);
  EXPECT_EQ(victim.error().kind, ErrorKind::kRetryTransaction);
  EXPECT_EQ(victim.error().server.number, 1213U);
}

TEST_F(MysqlSessionTest, RefusalsByNumber) {
  TwoRows();
  Run(Server::kNode1,
      "CREATE TABLE c (id INT PRIMARY KEY, t_id INT, n INT CHECK (n < 10), FOREIGN KEY (t_id) "
      "REFERENCES t (id))");
  const auto session = Connect();
  const auto code = [&](const std::string& sql) { return session->Execute(sql).error().code; };
  EXPECT_EQ(code("INSERT INTO t VALUES (1, 'x')"), "unique-conflict");
  EXPECT_EQ(code("INSERT INTO c VALUES (1, 9, 1)"), "foreign-key");
  EXPECT_EQ(code("INSERT INTO c VALUES (1, 1, 99)"), "check-constraint");
  EXPECT_EQ(code("INSERT INTO t VALUES (9, REPEAT('x', 21))"), "value-not-storable");
  EXPECT_EQ(code("DELETE FROM nothing_there"), "table-unknown");
  EXPECT_EQ(code("DROP TABLE t"), "mysql-privilege-missing");
  const auto syntax = session->Execute("UPDATE t SET v = 'secret' WHERE WHERE");
  EXPECT_EQ(syntax.error().code, "mysql-error");
  EXPECT_THAT(syntax.error().message, Not(HasSubstr("secret")));
  EXPECT_THAT(syntax.error().message, HasSubstr("node1: UPDATE: "));
}

TEST_F(MysqlSessionTest, CommitOnAKilledConnectionIsUnknown) {
  TwoRows();
  const auto session = Connect();
  ASSERT_TRUE(session->Execute("START TRANSACTION"));
  ASSERT_TRUE(session->Execute("UPDATE t SET v = 'x' WHERE id = 1"));
  Kill(session->connection_id());
  const auto committed = session->Commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind, ErrorKind::kOutcomeUnknown);
  EXPECT_EQ(committed.error().code, "commit-unknown");
  session->Rollback();
  AwaitGone(session->connection_id());
  EXPECT_EQ(Value(Server::kNode1, "SELECT v FROM t WHERE id = 1"), "one");
}

TEST_F(MysqlSessionTest, CommitAndRollback) {
  TwoRows();
  const auto session = Connect();
  ASSERT_TRUE(session->Execute("START TRANSACTION"));
  ASSERT_TRUE(session->Execute("UPDATE t SET v = 'x' WHERE id = 1"));
  session->Rollback();
  ASSERT_TRUE(session->Execute("START TRANSACTION"));
  ASSERT_TRUE(session->Execute("UPDATE t SET v = 'y' WHERE id = 2"));
  ASSERT_TRUE(session->Commit());
  EXPECT_EQ(Value(Server::kNode1, "SELECT GROUP_CONCAT(v ORDER BY id) FROM t"), "one,y");
}

TEST_F(MysqlSessionTest, KillsOnlyItsOwn) {
  const auto lost = Connect();
  const auto admin = Connect();
  const auto other = Connect(Server::kNode1, Account::kAdmin);
  EXPECT_EQ(KillConnection(*admin, lost->connection_id()), true);
  AwaitGone(lost->connection_id());
  EXPECT_EQ(KillConnection(*admin, lost->connection_id()), false);
  EXPECT_EQ(KillConnection(*admin, other->connection_id()),
            false);  // another account's: left alone
  EXPECT_EQ(Cell(*other, "SELECT 1"), "1");
  EXPECT_EQ(KillConnection(*admin, admin->connection_id()).error().code, "kill-own-session");
}

TEST_F(MysqlSessionTest, AdvisoryLock) {
  const auto first = Connect();
  const auto second = Connect();
  const SchemaName name(database());
  {
    const auto lock = AdvisoryLock::Acquire(*first, name);
    ASSERT_TRUE(lock) << lock.error().message;
    EXPECT_TRUE(lock->Verify());
    const auto held = AdvisoryLock::Acquire(*second, name);
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().kind, ErrorKind::kTryLater);
    EXPECT_EQ(held.error().code, "node-locked");
    EXPECT_THAT(held.error().message,
                HasSubstr("(connection " + std::to_string(first->connection_id()) + ")"));
    EXPECT_EQ(AdvisoryLock::Acquire(*first, name).error().code, "node-locked");  // not re-entrant
    EXPECT_TRUE(AdvisoryLock::Acquire(*second, SchemaName(database() + "other")));
  }
  EXPECT_TRUE(AdvisoryLock::Acquire(*second, name));
}

TEST_F(MysqlSessionTest, AdvisoryLockGoesWithTheConnection) {
  const auto first = Connect();
  const auto second = Connect();
  const auto lock = AdvisoryLock::Acquire(*first, SchemaName(database()));
  ASSERT_TRUE(lock);
  Kill(first->connection_id());
  EXPECT_TRUE(AdvisoryLock::Acquire(*second, SchemaName(database()), std::chrono::seconds(10)));
  EXPECT_FALSE(lock->Verify());
}

TEST_F(MysqlSessionTest, LoginsThatFail) {
  const auto code = [](const MysqlTarget& target) {
    const auto session = MysqlSession::Connect(target, SessionRole::kReader);
    return session ? "connected" : session.error().code;
  };
  auto target = Target();
  target.password = Secret("not-the-password");
  EXPECT_EQ(code(target), "mysql-login-failed");
  target = Target(Server::kNode1, Account::kAdmin);
  target.database = "nothing_there";
  EXPECT_EQ(code(target), "mysql-unknown-database");
  target = Target();
  target.port = 1;
  EXPECT_EQ(code(target), "mysql-unreachable");
  target = Target();
  target.host = "host.invalid";
  EXPECT_EQ(code(target), "mysql-unreachable");
  target = Target();
  target.socket = "/nonexistent/mysql.sock";
  EXPECT_EQ(code(target), "mysql-unreachable");
  target.socket = sandbox().Env(Server::kNode1, "SOCKET");
  EXPECT_EQ(code(target), "connected");
}

TEST_F(MysqlSessionTest, Tls) {
  const std::string ca = sandbox().Env("SANDBOX_CA_FILE");
  if (ca.empty()) GTEST_SKIP() << "the sandbox made no certificates";
  const auto cipher = [&](Tls tls, const std::string& host, const std::string& ca_file) {
    auto target = Target();
    target.tls = tls;
    target.host = host;
    target.ca_file = ca_file;
    auto session = MysqlSession::Connect(target, SessionRole::kReader);
    if (!session) return session.error().code;
    const auto rows = (*session)->Rows("SHOW STATUS LIKE 'Ssl_cipher'");
    return rows && !(*rows)[0][1]->empty() ? std::string("encrypted") : std::string("plain");
  };
  const std::string foreign = std::string(SYNCGATE_SOURCE_DIR) + "/tests/support/foreign-ca.pem";
  EXPECT_EQ(cipher(Tls::kOff, "127.0.0.1", ""), "plain");
  EXPECT_EQ(cipher(Tls::kRequired, "127.0.0.1", ""), "encrypted");
  EXPECT_EQ(cipher(Tls::kVerifyCa, "127.0.0.1", ca), "encrypted");
  // An address that resolves to the server's and does not stand in its certificate.
  EXPECT_EQ(cipher(Tls::kVerifyCa, "127.1", ca), "encrypted");
  EXPECT_EQ(cipher(Tls::kVerifyIdentity, "127.1", ca), "mysql-tls");
  EXPECT_EQ(cipher(Tls::kVerifyCa, "127.0.0.1", foreign), "mysql-tls");
  EXPECT_EQ(cipher(Tls::kVerifyCa, "127.0.0.1", ""), "mysql-tls");
  EXPECT_EQ(cipher(Tls::kVerifyIdentity, "127.0.0.1", ca), "encrypted");
  EXPECT_EQ(cipher(Tls::kVerifyIdentity, "localhost", ca), "encrypted");
  EXPECT_EQ(cipher(Tls::kVerifyIdentity, "127.0.0.1", foreign), "mysql-tls");
}

}  // namespace
}  // namespace syncgate::test
