// Texts from outside, made fit for a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.h"
#include "core/utf8.h"

namespace syncgate {

// The beginning of `text` on one line: every occurrence of a hidden value reads "***", control
// characters and bytes that are not UTF-8 are escaped (\n, \x1b), and it is cut to `limit` bytes
// ("..." follows then).
std::string Excerpt(std::string_view text, const std::vector<Secret>& hidden = {},
                    std::size_t limit = 200);

// `text` with every occurrence of a hidden value as "***".
std::string WithoutHidden(std::string text, const std::vector<Secret>& hidden);

}  // namespace syncgate
