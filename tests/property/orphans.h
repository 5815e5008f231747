// Rows that refer to no row of their own table. MySQL 9.7 takes a row for its own parent when the
// first column of a composite key says so: it lets in rows that it will not let in a second time.
#pragma once

#include <string>
#include <vector>

#include "property/raw_client.h"

namespace syncgate::test {

// The DELETE of those there are; `columns` refer to `targets`, names in backticks.
std::string OrphansOf(const std::string& table, const std::vector<std::string>& columns,
                      const std::vector<std::string>& targets);

// Runs it until none is left, since each pass may make new ones. Nothing to do where it is empty.
void DeleteOrphans(RawClient& client, const std::string& delete_orphans);

}  // namespace syncgate::test
