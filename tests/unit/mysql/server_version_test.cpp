#include "mysql/server_version.h"

#include <gmock/gmock.h>

#include "mysql/cluster.h"
#include "mysql/settings.h"

namespace syncgate {
namespace {

Result<ServerInfo> Parse(bool mariadb, const std::string& version,
                         const std::string& comment = "") {
  return ParseServerVersion("node1", mariadb, version, comment);
}

TEST(ServerVersion, Supported) {
  for (const char* version : {"8.0.11", "8.0.36-28", "8.4.3", "9.0.1", "9.7.4-2"})
    EXPECT_TRUE(Parse(false, version));
  for (const char* version : {"10.6.0-MariaDB", "10.11.19-MariaDB-0+deb12u1-log", "11.8.2-MariaDB",
                              "12.0.1-MariaDB", "5.5.5-10.11.2-MariaDB"}) {
    EXPECT_TRUE(Parse(true, version)) << version;
  }
  const auto server = Parse(false, "8.4.3-log");
  EXPECT_EQ(server->major, 8);
  EXPECT_EQ(server->minor, 4);
  EXPECT_EQ(server->patch, 3);
  EXPECT_EQ(server->version, "8.4.3-log");
}

TEST(ServerVersion, Refused) {
  for (const char* version :
       {"5.7.44", "8.1.0", "8.3.0", "10.0.0", "garbage", "", "8.0.11-TiDB-v7.5.0"}) {
    const auto server = Parse(false, version);
    ASSERT_FALSE(server) << version;
    EXPECT_EQ(server.error().code, "server-unsupported");
    EXPECT_EQ(server.error().kind, ErrorKind::kRefused);
    EXPECT_NE(server.error().message.find(version), std::string::npos);
  }
  EXPECT_FALSE(Parse(true, "10.5.23-MariaDB"));
  EXPECT_FALSE(Parse(false, "8.0.30", "Dolt"));
}

TEST(Settings, SqlModeComparesAsASet) {
  const Setting mode{"sql_mode", "x", "A,B"};
  EXPECT_TRUE(Holds(mode, "B,A"));
  EXPECT_FALSE(Holds(mode, "A"));
  EXPECT_FALSE(Holds(mode, "A,B,C"));
  EXPECT_FALSE(Holds({"time_zone", "x", "+00:00"}, "SYSTEM"));
}

TEST(Settings, ByFlavorAndRole) {
  ServerInfo server{Flavor::kMySql, 9, 7, 0, ""};
  const std::string writer = SetStatement(SettingsFor(server, {}, SessionRole::kWriter));
  EXPECT_NE(writer.find("@@SESSION.transaction_isolation = 'READ-COMMITTED'"), std::string::npos);
  EXPECT_NE(writer.find("max_execution_time"), std::string::npos);
  EXPECT_EQ(writer.find("max_error_count"), std::string::npos);  // wants a privilege in MySQL
  server = {Flavor::kMariaDb, 10, 11, 0, ""};
  const std::string reader = SetStatement(SettingsFor(server, {}, SessionRole::kReader));
  EXPECT_NE(reader.find("@@SESSION.tx_isolation = 'REPEATABLE-READ'"), std::string::npos);
  EXPECT_NE(reader.find("@@SESSION.tx_read_only = 1"), std::string::npos);
  server.major = 11;
  EXPECT_NE(
      SetStatement(SettingsFor(server, {}, SessionRole::kReader)).find("transaction_read_only"),
      std::string::npos);
}

// What is configured stays where it asks for more.
TEST(Settings, ReadsOnAClusterWaitForTheOtherMembers) {
  Membership member;
  EXPECT_TRUE(ClusterSettings(member).empty());
  member.kind = ClusterKind::kGalera;
  EXPECT_EQ(SetStatement(ClusterSettings(member)),
            "SET @@SESSION.wsrep_dirty_reads = 0, @@SESSION.wsrep_sync_wait = 1");
  EXPECT_NE(ReadStatement(ClusterSettings(member)).find("@@SESSION.wsrep_on"), std::string::npos);
  member.sync_wait = 14;
  EXPECT_NE(SetStatement(ClusterSettings(member)).find("wsrep_sync_wait = 15"), std::string::npos);
  member.kind = ClusterKind::kGroup;
  for (const auto& [configured, wanted] : {std::pair{"EVENTUAL", "BEFORE"},
                                           {"BEFORE_ON_PRIMARY_FAILOVER", "BEFORE"},
                                           {"BEFORE", "BEFORE"},
                                           {"AFTER", "BEFORE_AND_AFTER"},
                                           {"BEFORE_AND_AFTER", "BEFORE_AND_AFTER"}}) {
    member.consistency = configured;
    EXPECT_EQ(ClusterSettings(member).at(0).wanted, wanted);
  }
}

}  // namespace
}  // namespace syncgate
