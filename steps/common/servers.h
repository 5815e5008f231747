// A database server as the steps use it: sessions, facts, rights.
#pragma once

#include <memory>
#include <string>

#include "artifact/documents.h"
#include "common/links.h"
#include "core/result.h"
#include "mysql/facts.h"
#include "mysql/privileges.h"
#include "mysql/session.h"
#include "project/project.h"

namespace syncgate {

struct Server {
  std::string label;  // "source" or the node's name
  DatabaseLink link;  // outlives the sessions
  std::unique_ptr<MysqlSession> session;
  std::unique_ptr<MysqlSession> confirming;  // opened by Confirming
  ServerFactsRaw facts;
  Privileges privileges;
  bool reader = false;            // the login is one that only reads
  bool children_visible = false;  // a foreign key from any database onto ours would be seen

  const SchemaName& database() const { return link.database(); }
  // A second session outside any transaction, opened when it is first needed.
  Result<SqlSession*> Confirming();
};

// Connects, tests the digest expression and reads facts and rights.
Result<std::unique_ptr<Server>> OpenServer(const Endpoint& endpoint, const std::string& label,
                                           Login login, SessionRole role);

// The facts as the diff holds them.
ServerFacts ToDocument(const Server& server);

// The refusal of deletes in a table whose children in other databases the account may not see.
Diagnostic ChildrenInvisible(const Server& node, const TableName& table);

// What forbids or hinders writing on a node, as refusals and warnings: read-only, statement-based
// binary log, replicating from another server, rights missing.
std::vector<Diagnostic> WritePreflight(const Server& node);

}  // namespace syncgate
