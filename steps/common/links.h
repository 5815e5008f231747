// The ways to a server: database sessions and the node's machine, over SSH where the project says
// so.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "config/node_host.h"
#include "core/result.h"
#include "mysql/session.h"
#include "project/project.h"
#include "ssh/tunnel.h"

namespace syncgate {

// Who logs in to the database.
enum class Login : std::uint8_t {
  kReader,  // `reader` where there is one, else `user`
  kWriter,
};

// One database server. Holds the SSH tunnel, if any, that its sessions run through: it must outlive
// them.
class DatabaseLink {
 public:
  // `label` names the server in messages: "source" or the node's name. Opens the tunnel, no session
  // yet.
  static Result<DatabaseLink> Open(const Endpoint& endpoint, const std::string& label, Login login);

  // A new session, which waits at most `io_timeout` for one answer of the server. A lost tunnel is
  // not made again: open a new link.
  Result<std::unique_ptr<MysqlSession>> Connect(
      SessionRole role, std::chrono::seconds io_timeout = std::chrono::minutes(10)) const;

  const SchemaName& database() const { return database_; }

 private:
  MysqlTarget target_;
  SchemaName database_;
  std::unique_ptr<Tunnel> tunnel_;
};

// The node's machine: over SSH, or this one where the node has no `ssh`.
Result<std::unique_ptr<NodeHost>> OpenHost(const NodeSpec& node);

}  // namespace syncgate
