// The identity of a plan: what a human approves, what the gate compares, what a receipt names.
#pragma once

#include "artifact/documents.h"

namespace syncgate {

// Over everything that will run: the canonical JSON of the document without its header and without
// plan_digest. The SQL and the rows count through the digests of their files. Throws
// std::invalid_argument where a name or an argument is no UTF-8 (WritePlan refuses such a plan).
Digest ComputePlanDigest(const PlanDoc& doc);

}  // namespace syncgate
