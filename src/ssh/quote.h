#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace syncgate {

// One word for a POSIX shell, which reads it back as exactly these bytes (none of them NUL).
std::string QuoteWord(std::string_view word);
std::string QuoteWords(const std::vector<std::string>& words);

}  // namespace syncgate
