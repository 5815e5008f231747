// Names beside a file, the same on every kind of machine: what one run makes, another clears away.
#pragma once

#include <string>
#include <string_view>

namespace syncgate {

// The directory a path is in; "." for a name alone.
std::string ParentOf(const std::string& path);

// A name beside `path` that nobody else uses: ".<name>.syncgate-<16 hex digits>". A name of more
// than 200 bytes gives up its end, since NAME_MAX is 255.
std::string TemporaryNameFor(const std::string& path);

// Whether TemporaryNameFor gives `candidate` for a file called `name`.
bool IsTemporaryNameOf(std::string_view candidate, std::string_view name);

// Whether `candidate` is `prefix`, `digits` lower-case hexadecimal digits, `suffix`.
bool IsNamed(std::string_view candidate, std::string_view prefix, std::size_t digits,
             std::string_view suffix);

}  // namespace syncgate
