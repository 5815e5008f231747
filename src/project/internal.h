// The stages of ParseProject, in the order in which they run. Errors name the path; the caller adds
// the file.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "core/result.h"
#include "project/project.h"

namespace syncgate {

// "<path>: expected <expected>, found <found>", kFixProject.
std::unexpected<Error> Unexpected(std::string_view code, const std::string& path,
                                  const std::string& expected, const std::string& found);

// Makes every default explicit in a project that satisfies the schema: the canonical form is the
// same whether a default is written down or not. `jump` becomes a mapping; `equals` becomes text.
Result<void> FillDefaults(boost::json::object* project);

// A text member, or "" where it is absent.
std::string TextOf(const boost::json::object& object, std::string_view key);

// The same for a configuration's list of checks, their names made unique.
void FillChecks(boost::json::array* checks);

// Values from the normalised JSON; `directory` is where relative paths start.
Project ToProject(const boost::json::object& project, const std::string& directory);
std::vector<ProjectCheck> ToChecks(const boost::json::array& checks);

// What a schema cannot say: rules across fields, over the normalised JSON.
Result<void> CheckEndpoints(const boost::json::object& project);
Result<void> CheckRules(const boost::json::object& project);
// Of one configuration at `path`: what its format takes for keys.
Result<void> CheckFormat(const std::string& path, const boost::json::object& config);
// The `verify` lists of all configurations.
Result<void> CheckVerify(const boost::json::object& project);

// The position behind the quoted text that starts at `start`, npos where it does not end. Inside, a
// quote is doubled, or escaped by a backslash (not in `names`).
std::size_t SkipQuoted(const std::string& text, std::size_t start);

}  // namespace syncgate
