// RFC 4648 with padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace syncgate {

std::string ToBase64(std::string_view bytes);
// nullopt for what is none.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace syncgate
