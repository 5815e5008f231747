#include "core/change.h"

namespace syncgate {

const char* ToString(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kInsert:
      return "insert";
    case ChangeKind::kUpdate:
      return "update";
    case ChangeKind::kDelete:
      return "delete";
  }
  return "?";
}

const char* ToString(TargetState state) {
  switch (state) {
    case TargetState::kBefore:
      return "before";
    case TargetState::kAfter:
      return "after";
    case TargetState::kPartial:
      return "partial";
    case TargetState::kUnknown:
      return "unknown";
  }
  return "?";
}

}  // namespace syncgate
