// What checks ask of a node, over its SSH connection: HTTP and SQL.
#pragma once

#include <optional>
#include <string>

#include "common/links.h"
#include "config/checks.h"
#include "config/node_host.h"
#include "project/project.h"

namespace syncgate {

// Relative ca_files start in `directory`, the project's. `host` must outlive what is returned.
HttpGetter GetterOver(NodeHost& host, const std::string& directory);

// Queries of checks on a node's database, with the login of its `mysql` block. Each has a session
// of its own, a transaction that is READ ONLY, and check.timeout for its statement.
class SqlProbe {
 public:
  explicit SqlProbe(const NodeSpec& spec) : spec_(spec) {}

  // Errors: those of DatabaseLink and SqlSession; "statement-timeout" where the time was up.
  Result<SqlAnswer> Ask(const CheckSpec& check);

 private:
  const NodeSpec& spec_;
  std::optional<DatabaseLink> link_;  // made anew after an error
};

}  // namespace syncgate
