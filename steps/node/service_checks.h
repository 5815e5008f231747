// "Ready": whether the services of a configuration run with the file that stands there now.
#pragma once

#include <cstdint>

#include "artifact/documents.h"
#include "config/node_host.h"
#include "core/result.h"
#include "node/hidden_texts.h"
#include "node/planned_node.h"

namespace syncgate {

enum class Toward : std::uint8_t { kAfter, kBefore };

// Asks the entry's http and command checks, with their retries, of a node whose file has just moved
// and whose service has been restarted. kVerification "service-not-ready" says which did not pass
// and what it said. Toward kBefore only what is known of the time before can be asked: the status
// of each http check, the value of `equals_key` by the file that is back, the exit code of each
// command; a literal `equals` and what a command prints may be the new version's. `hidden` is shown
// as little as the other values of the entry's own file.
Result<void> CheckServices(NodeHost& host, const PlannedNode& planned, const PlannedConfig& config,
                           Toward toward, const HiddenTexts& hidden);

}  // namespace syncgate
