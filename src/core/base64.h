// RFC 4648 with padding, as browsers want digests in a Content-Security-Policy.
#pragma once

#include <string>
#include <string_view>

namespace syncgate {

std::string ToBase64(std::string_view bytes);

}  // namespace syncgate
