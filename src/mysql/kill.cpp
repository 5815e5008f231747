#include "mysql/kill.h"

#include <string>

#include "mysql/errors.h"

namespace syncgate {

Result<bool> KillConnection(SqlSession& admin, std::uint64_t id) {
  if (id == admin.connection_id()) {
    return Fail(ErrorKind::kFailed, "kill-own-session", "a session cannot end itself",
                "This is a bug of syncgate.");
  }
  const std::string number = std::to_string(id);
  // SHOW PROCESSLIST shows at least the account's own connections. Columns: Id, User, ...
  const std::vector<Row> own = TRY(admin.Rows("SELECT SUBSTRING_INDEX(USER(), '@', 1)"));
  bool ours = false;
  TRY(admin.Query("SHOW PROCESSLIST", [&](Row&& row) -> Result<void> {
    if (row.at(0) == number && row.at(1) == own.at(0).at(0)) ours = true;
    return {};
  }));
  if (!ours) return false;
  auto killed = admin.Execute("KILL CONNECTION " + number);
  if (killed) return true;
  if (killed.error().server.number == kErrUnknownThread) return false;
  return std::unexpected(std::move(killed).error());
}

}  // namespace syncgate
