#include "data/lookup.h"

#include <map>

#include "data/sql_text.h"

namespace syncgate {
namespace {

Result<std::vector<Row>> Select(SqlSession& session, const TableShape& shape,
                                const std::vector<Row>& keys, Locking locking) {
  // In key order, so that two writers lock in the same order.
  const std::string lock =
      locking == Locking::kForUpdate ? " ORDER BY " + KeyOrder(shape) + " FOR UPDATE NOWAIT" : "";
  return session.Rows("SELECT " + CanonicalList(shape.columns) + " " + FromTable(shape) + " WHERE " +
                      TRY(KeyIn(shape, keys)) + lock);
}

}  // namespace

Result<std::vector<std::optional<Row>>> LookUp(SqlSession& session, const TableShape& shape,
                                               const std::vector<Row>& keys,
                                               Locking locking) {
  std::vector<std::optional<Row>> found(keys.size());
  if (keys.empty()) return found;
  std::map<Row, std::size_t> wanted;
  for (std::size_t i = 0; i < keys.size(); ++i) wanted.emplace(keys[i], i);
  bool spelled_otherwise = false;
  for (Row& row : TRY(Select(session, shape, keys, locking))) {
    const auto match = wanted.find(shape.KeyOf(row));
    if (match == wanted.end()) {
      spelled_otherwise = true;
    } else {
      found[match->second] = std::move(row);
    }
  }
  if (!spelled_otherwise) return found;
  // Some key is spelled in another way here. Only the server knows which equals which: ask one by one.
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (found[i]) continue;
    auto rows = TRY(Select(session, shape, {keys[i]}, locking));
    if (!rows.empty()) found[i] = std::move(rows.front());
  }
  return found;
}

}  // namespace syncgate
