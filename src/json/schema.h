// Validation against the schemas of schemas/.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace syncgate {

// The first place at which a value breaks its schema.
struct Violation {
  std::string path;      // "nodes.node1.mysql.port", "nodes[2]"; empty: the whole value
  std::string expected;  // "an integer from 1 to 65535"
  std::string found;     // "\"abc\"", "a list", "nothing"

  // "nodes.node1.mysql.port: expected an integer from 1 to 65535, found \"abc\""
  std::string Sentence() const;
};

// `schema` is the name of an embedded schema, "diff.v1". Errors: kFailed, code "schema-violation",
// the message is Violation::Sentence(). Thread-safe.
Result<void> ValidateJson(std::string_view schema, const boost::json::value& value);

// Says in words why `value` breaks `schema` (a whole schema document, for its $defs); nullopt where
// the keywords it knows find nothing. ValidateJson asks valijson for the verdict and this for the
// reason.
std::optional<Violation> ExplainViolation(const boost::json::object& schema,
                                          const boost::json::value& value);

// "a.b" -> "a.b.c"; a key that is not made of letters, digits, '_' and '-' is quoted: a["x.y"].
std::string JoinPath(const std::string& path, std::string_view key);

}  // namespace syncgate
