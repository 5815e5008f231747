#include "artifact/enum_names.h"

namespace syncgate {

const char* ToString(RowState state) { return NameOf(state).data(); }

}  // namespace syncgate
