// A remark in an artifact or on stderr: a stable code, a sentence that says what, one that says
// what to do.
#pragma once

#include <cstdint>
#include <string>

namespace syncgate {

enum class Severity : std::uint8_t { kNote, kWarning, kRefusal, kError };

struct Diagnostic {
  std::string code;
  Severity severity = Severity::kNote;
  std::string message;
  std::string hint;
};

const char* ToString(Severity severity);  // "note", "warning", "refusal", "error"

}  // namespace syncgate
