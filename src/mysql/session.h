// A connection to MySQL or MariaDB with everything pinned that changes what statements mean.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "data/sql_session.h"
#include "mysql/cluster.h"
#include "mysql/target.h"

namespace syncgate {

// Supported servers: MySQL 8.0, 8.4, 9.x and MariaDB from 10.6; others are refused
// ("server-unsupported"). Pinned and read back (settings.h lists all): zone, sql_mode, character
// sets, isolation, timeouts, checks. A server or proxy that answers with other settings is refused
// ("session-not-pinned"). LOCAL INFILE, multi statements, automatic reconnection and found-rows
// counting are off. On a member of a cluster reads wait for what other members have committed
// before (cluster.h).
class MysqlSession final : public SqlSession {
 public:
  static Result<std::unique_ptr<MysqlSession>> Connect(const MysqlTarget& target, SessionRole role);
  ~MysqlSession() override;
  MysqlSession(const MysqlSession&) = delete;
  MysqlSession& operator=(const MysqlSession&) = delete;

  // When `sink` stops early, what is left of the result is read and dropped while it is small; else
  // the connection is cut, and later calls fail with "mysql-connection-lost".
  Result<void> Query(const std::string& sql, const RowSink& sink) override;
  // A statement that returns rows after all has been run, and is an error ("result-unexpected").
  Result<std::uint64_t> Execute(const std::string& sql) override;
  Result<std::vector<ServerWarning>> Warnings() override;
  Result<void> Commit() override;
  void Rollback() override;

  const ServerInfo& server() const override { return server_; }
  std::uint64_t connection_id() const override { return connection_id_; }
  const std::string& label() const { return label_; }

 private:
  struct Client;  // hides mysql.h

  MysqlSession(std::string label, std::unique_ptr<Client> client);
  Error LastError(const std::string& doing) const;
  Result<void> Send(const std::string& sql);
  Result<void> NoFurtherResult(const std::string& sql);
  void CutConnection();
  Result<void> Identify();
  Result<void> Pin(const MysqlTarget& target, SessionRole role);
  bool InSameView();

  std::string label_;
  std::unique_ptr<Client> client_;
  ServerInfo server_;
  ClusterKind cluster_ = ClusterKind::kNone;
  std::string view_;  // of the cluster, when the session began
  std::uint64_t connection_id_ = 0;
};

}  // namespace syncgate
