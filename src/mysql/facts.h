// What a server says about itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/names.h"
#include "core/result.h"
#include "data/sql_session.h"
#include "mysql/cluster.h"

namespace syncgate {

struct ReplicaSource {
  std::string host;
  std::uint16_t port = 0;
  std::string server_id;
  std::string server_uuid;  // MySQL only
};

struct ServerFactsRaw {
  ServerInfo server;
  // MySQL: server_uuid. MariaDB, which has none: "mariadb-" and a digest of host name, port,
  // socket, data directory, server_id and server_uid. Copied data directories share a server_uuid,
  // and cloned machines may share all of the above: SameServer is the proof.
  std::string identity;
  std::string host_name;  // as the server calls its machine
  std::uint16_t port = 0;
  std::string server_id;
  bool log_bin = false;
  std::string binlog_format;  // ROW, MIXED, STATEMENT
  bool read_only = false;     // read_only, super_read_only or innodb_read_only
  Membership cluster;
  int lower_case_table_names = 0;
  std::uint64_t max_allowed_packet = 0;
  bool partial_revokes = false;
  // False: the account may not ask whether this server replicates. replicates_from is then not
  // "none".
  bool replication_visible = false;
  std::vector<ReplicaSource> replicates_from;
};

Result<ServerFactsRaw> LoadFacts(SqlSession& session);

// Whether both sessions are on one server, proven: a lock of a random name taken by one is asked
// for by the other.
Result<bool> SameServer(SqlSession& a, SqlSession& b);

// Whether it is certain that no table of another database refers to one of this database. False
// also where the account may not ask (it takes PROCESS).
Result<bool> NoForeignChildren(SqlSession& session, const SchemaName& database);

}  // namespace syncgate
