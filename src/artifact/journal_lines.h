// The lines of a journal as text and back (schemas/journal.v1).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "artifact/journal.h"

namespace syncgate {

// With its line end. Throws std::invalid_argument for a name that is no UTF-8.
std::string Format(const JournalLine& line);
// nullopt: no line of a journal.
std::optional<JournalLine> ParseJournalLine(std::string_view text);

}  // namespace syncgate
