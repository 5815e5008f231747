#include "core/diagnostic.h"

namespace syncgate {

const char* ToString(Severity severity) {
  switch (severity) {
    case Severity::kNote:
      return "note";
    case Severity::kWarning:
      return "warning";
    case Severity::kRefusal:
      return "refusal";
    case Severity::kError:
      return "error";
  }
  return "?";
}

}  // namespace syncgate
