// What checks ask of a node, over its SSH connection: HTTP and SQL.
#pragma once

#include <optional>
#include <string>

#include "common/links.h"
#include "config/checks.h"
#include "config/node_host.h"
#include "node/hidden_texts.h"
#include "node/planned_node.h"
#include "project/project.h"

namespace syncgate {

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

// What the checks of one entry are asked with. `wanted` is what its file has to hold; what
// `equals_key` means is what it does hold. `host`, `sql` and `planned` must outlive what is
// returned.
CheckContext ContextOf(NodeHost& host, const PlannedNode& planned, const PlannedConfig& config,
                       const Digest& wanted, const HiddenTexts& hidden, SqlProbe& sql);

}  // namespace syncgate
