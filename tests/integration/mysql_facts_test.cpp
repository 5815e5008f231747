// mysql/facts.h and privileges.h against real servers.
#include <gmock/gmock.h>

#include "mysql/facts.h"
#include "mysql/privileges.h"
#include "support/server_test.h"

namespace syncgate::test {
namespace {

using testing::IsEmpty;

class MysqlFactsTest : public ServerTest {
 protected:
  ServerFactsRaw Facts(Server server, Account account = Account::kSync) const {
    auto facts = LoadFacts(*Connect(server, account, SessionRole::kReader));
    if (!facts) throw std::runtime_error(facts.error().message);
    return *std::move(facts);
  }
  Privileges Rights(const MysqlTarget& target) const {
    auto session = MysqlSession::Connect(target, SessionRole::kReader);
    if (!session) throw std::runtime_error(session.error().message);
    auto rights = LoadPrivileges(**session, SchemaName(database()));
    if (!rights) throw std::runtime_error(rights.error().message);
    return *std::move(rights);
  }
};

TEST_F(MysqlFactsTest, Facts) {
  const ServerFactsRaw facts = Facts(Server::kNode1);
  EXPECT_EQ(facts.server.flavor, Sandbox::WantedFlavor());
  EXPECT_EQ(std::to_string(facts.port), sandbox().Env(Server::kNode1, "PORT"));
  EXPECT_TRUE(facts.log_bin);
  EXPECT_EQ(facts.binlog_format, "ROW");
  EXPECT_FALSE(facts.read_only);
  EXPECT_EQ(facts.cluster.kind, ClusterKind::kNone);
  EXPECT_EQ(facts.cluster.id, "");
  EXPECT_EQ(facts.max_allowed_packet, 64U * 1024 * 1024);
}

TEST_F(MysqlFactsTest, ServersOfOneMachineDiffer) {
  const std::string source = Facts(Server::kSource).identity;
  const std::string node1 = Facts(Server::kNode1).identity;
  const std::string node2 = Facts(Server::kNode2).identity;
  EXPECT_NE(source, node1);
  EXPECT_NE(node1, node2);
  EXPECT_NE(source, node2);
  EXPECT_EQ(node1, Facts(Server::kNode1, Account::kReadOnly).identity);
  EXPECT_FALSE(source.empty());
}

TEST_F(MysqlFactsTest, SameServerIsProven) {
  const auto a = Connect(Server::kNode1);
  const auto b = Connect(Server::kNode1, Account::kReadOnly, SessionRole::kReader);
  const auto c = Connect(Server::kNode2);
  EXPECT_EQ(SameServer(*a, *b), true);
  EXPECT_EQ(SameServer(*a, *c), false);
}

TEST_F(MysqlFactsTest, ReadOnlyServer) {
  Run(Server::kNode1, "SET GLOBAL read_only = 1");
  const bool read_only = Facts(Server::kNode1).read_only;
  Run(Server::kNode1, "SET GLOBAL read_only = 0");
  EXPECT_TRUE(read_only);
}

TEST_F(MysqlFactsTest, ReplicationIsSeenOrSaidToBeUnseen) {
  EXPECT_TRUE(Facts(Server::kNode2).replication_visible);
  EXPECT_THAT(Facts(Server::kNode2).replicates_from, IsEmpty());
  EXPECT_FALSE(Facts(Server::kNode2, Account::kReadOnly).replication_visible);
  const std::string port = sandbox().Env(Server::kNode1, "PORT");
  const bool mysql = IsMySql();
  Run(Server::kNode2,
      mysql ? "CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=" + port +
                  ", SOURCE_USER='nobody', SOURCE_PASSWORD='x'"
            : "CHANGE MASTER 'from_node1' TO MASTER_HOST='127.0.0.1', MASTER_PORT=" + port +
                  ", MASTER_USER='nobody', MASTER_PASSWORD='x'");
  const ServerFactsRaw facts = Facts(Server::kNode2);
  Run(Server::kNode2, mysql ? "RESET REPLICA ALL" : "RESET SLAVE 'from_node1' ALL");
  ASSERT_EQ(facts.replicates_from.size(), 1U);
  EXPECT_EQ(facts.replicates_from[0].host, "127.0.0.1");
  EXPECT_EQ(std::to_string(facts.replicates_from[0].port), port);
  EXPECT_EQ(facts.replicates_from[0].server_id, "0");  // not connected yet
}

TEST_F(MysqlFactsTest, RightsOfTheAccounts) {
  const TableName table("t");
  const Privileges sync = Rights(Target());
  for (const char* right : {"SELECT", "INSERT", "UPDATE", "DELETE", "TRIGGER"}) {
    EXPECT_TRUE(sync.Has(right, table)) << right;
  }
  EXPECT_FALSE(sync.Has("DROP", table));
  EXPECT_FALSE(sync.sees_all_schemas);
  const Privileges reader = Rights(Target(Server::kNode1, Account::kReadOnly));
  EXPECT_TRUE(reader.HasOnDatabase("SELECT"));
  EXPECT_TRUE(reader.SeesTriggers(table));
  EXPECT_FALSE(reader.Has("INSERT", table));
  const Privileges admin = Rights(Target(Server::kNode1, Account::kAdmin));
  EXPECT_TRUE(admin.Has("TRIGGER", table));
  EXPECT_TRUE(admin.sees_all_schemas);
}

class MysqlRightsTest : public MysqlFactsTest {
 protected:
  void SetUp() override {
    MysqlFactsTest::SetUp();
    if (!ready()) return;
    Run(Server::kNode1, "CREATE TABLE t (id INT PRIMARY KEY, v INT)");
    Run(Server::kNode1, "CREATE USER u_" + database() + " IDENTIFIED BY 'pw'");
  }
  void TearDown() override {
    if (ready()) Run(Server::kNode1, "DROP USER u_" + database());
    MysqlFactsTest::TearDown();
  }
  void Grant(const std::string& what) const {
    Run(Server::kNode1, "GRANT " + what + " TO u_" + database());
  }
  Privileges Rights() const {
    MysqlTarget target = Target();
    target.user = "u_" + database();
    target.password = Secret("pw");
    target.database = "";
    return MysqlFactsTest::Rights(target);
  }
};

TEST_F(MysqlRightsTest, OnATableAndOnColumns) {
  Grant("SELECT, INSERT (id) ON " + database() + ".t");
  const Privileges rights = Rights();
  EXPECT_TRUE(rights.Has("SELECT", TableName("t")));
  EXPECT_FALSE(rights.Has("SELECT", TableName("other")));
  EXPECT_FALSE(rights.Has("INSERT", TableName("t")));
  EXPECT_TRUE(rights.on_columns.at(TableName("t")).contains("INSERT"));
  EXPECT_FALSE(rights.SeesTriggers(TableName("t")));
}

TEST_F(MysqlRightsTest, ByPattern) {
  Grant("SELECT ON `t%`.*");
  EXPECT_TRUE(Rights().HasOnDatabase("SELECT"));
  Grant("INSERT ON `" + database() + "`.*");  // the more specific entry replaces the pattern
  EXPECT_FALSE(Rights().HasOnDatabase("SELECT"));
  EXPECT_TRUE(Rights().HasOnDatabase("INSERT"));
}

TEST_F(MysqlRightsTest, ByRoleOnlyWhenActive) {
  const std::string role = "r_" + database();
  Run(Server::kNode1, "CREATE ROLE " + role);
  Run(Server::kNode1, "GRANT SELECT, TRIGGER ON " + database() + ".* TO " + role);
  Grant(role);
  const bool inactive = Rights().HasOnDatabase("SELECT");
  Run(Server::kNode1, IsMySql() ? "SET DEFAULT ROLE " + role + " TO u_" + database()
                                : "SET DEFAULT ROLE " + role + " FOR u_" + database());
  const Privileges active = Rights();
  Run(Server::kNode1, "DROP ROLE " + role);
  EXPECT_FALSE(inactive);
  EXPECT_TRUE(active.HasOnDatabase("SELECT"));
  EXPECT_TRUE(active.SeesTriggers(TableName("t")));
}

TEST_F(MysqlRightsTest, PartialRevokes) {
  if (!IsMySql()) GTEST_SKIP() << "MariaDB has no partial revokes";
  Run(Server::kNode1, "SET GLOBAL partial_revokes = ON");
  Grant("SELECT, TRIGGER ON *.*");
  const bool before = Rights().SeesTriggers(TableName("t"));
  Run(Server::kNode1, "REVOKE TRIGGER ON " + database() + ".* FROM u_" + database());
  const Privileges rights = Rights();
  Run(Server::kNode1, "REVOKE SELECT, TRIGGER ON *.* FROM u_" + database());
  Run(Server::kNode1, "SET GLOBAL partial_revokes = OFF");
  EXPECT_TRUE(before);
  EXPECT_TRUE(rights.HasOnDatabase("SELECT"));
  EXPECT_FALSE(rights.SeesTriggers(TableName("t")));
  EXPECT_FALSE(rights.sees_all_schemas);
}

}  // namespace
}  // namespace syncgate::test
