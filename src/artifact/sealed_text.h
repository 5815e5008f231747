// One text inside a document, sealed where artifacts are: {"sealed": "<base64>"} in place of the
// cell (cells.h).
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/seal.h"

namespace syncgate {

// `context` is where the text stands: it opens nowhere else.
boost::json::value EncodeSealed(std::string_view context, const std::string& bytes);

// nullopt: it is sealed, and there is no key. Throws std::invalid_argument for what is no value, is
// sealed with another key or does not open.
std::optional<std::string> DecodeSealed(const boost::json::value& value, std::string_view context);

}  // namespace syncgate
