// The database of one node while it is written: the session, the lock that keeps other runs out,
// the tables as they are now.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "artifact/documents.h"
#include "common/servers.h"
#include "core/result.h"
#include "data/apply.h"
#include "data/render.h"
#include "mysql/advisory_lock.h"
#include "project/project.h"

namespace syncgate {

// A planned table as it stands on the node now.
struct LiveTable {
  TableShape shape;
  std::vector<Column> unseen;         // columns outside the plan
  std::vector<ForeignKey> cascading;  // of other tables: would change their rows with ours
  bool refers_to_itself = false;
  std::uint64_t row_estimate = 0;
};

class NodeDatabase {
 public:
  enum class Access : std::uint8_t {
    kLook,   // reads only
    kWrite,  // takes the node's advisory lock: kTryLater "node-locked" where another run holds it
  };

  // Connects, refuses a server that cannot be written (WritePreflight), takes the lock.
  static Result<std::unique_ptr<NodeDatabase>> Open(const NodeSpec& spec, Access access);

  // After a lost connection: opens a new one to the same server, ends what is left of the old
  // session, and takes the lock again, which proves that the old session is gone. kOutcomeUnknown
  // "target-unreachable" where that cannot be had: another server's lock proves nothing.
  Result<void> Reconnect();

  // Checks the plan's tables against the catalog. kRefused "schema-changed", "server-changed", and
  // those of triggers and cascades.
  Result<std::vector<LiveTable>> LoadTables(const NodePlan& plan, const DataSpec& data);

  // kRefused where the server cannot be written (WritePreflight). Open has asked it for kWrite.
  Result<void> RequireWritable() const;

  SqlSession& session() { return *server_->session; }
  const Server& server() const { return *server_; }
  // How changes of a table are rendered for this server.
  RenderContext ContextFor(const LiveTable& table) const;

 private:
  NodeDatabase(const NodeSpec& spec, Access access) : spec_(spec), access_(access) {}
  Result<void> Connect(std::chrono::seconds lock_wait);

  NodeSpec spec_;
  Access access_;
  std::unique_ptr<Server> server_;
  std::string identity_;              // of the server that was opened
  std::optional<AdvisoryLock> lock_;  // before server_ goes
};

}  // namespace syncgate
