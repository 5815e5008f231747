#include "common/store_lock.h"

#include "artifact/store.h"

namespace syncgate {

Result<FileLock> HoldStore(const std::string& artifacts, const std::string& scope) {
  TRY(PrepareStore(artifacts));
  return LockFile(artifacts + "/.lock-" + scope);
}

}  // namespace syncgate
