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
  return session.Rows("SELECT " + CanonicalList(shape.columns) + " " + FromTable(shape) +
                      " WHERE " + TRY(KeyIn(shape, keys)) + lock);
}

// Access types of EXPLAIN that go to rows by key; "index" and "ALL" walk the table.
bool GoesByKey(const std::string& type) {
  return type == "const" || type == "eq_ref" || type == "ref" || type == "range" ||
         type == "system";
}

// How the server would scan the table for these keys; nullopt where it goes to their rows only.
Result<std::optional<std::string>> ScanFor(SqlSession& session, const TableShape& shape,
                                           const std::vector<Row>& keys) {
  const std::string plan = "EXPLAIN SELECT " + CanonicalList(shape.columns) + " " +
                           FromTable(shape) + " WHERE " + TRY(KeyIn(shape, keys)) + " ORDER BY " +
                           KeyOrder(shape);
  // MySQL has one column more (partitions) in front of the type.
  const std::size_t type = session.server().flavor == Flavor::kMySql ? 4 : 3;
  for (const Row& row : TRY(session.Rows(plan))) {
    // No table: none of the keys is there ("Impossible WHERE noticed after reading const tables").
    if (row.size() <= type || !row[2] || (row[type] && GoesByKey(*row[type]))) continue;
    return row[type].value_or("?");
  }
  return std::nullopt;
}

// One statement for all keys, or one a key where the server would rather walk the table: small
// tables of keys only.
Result<std::vector<Row>> SelectAll(SqlSession& session, const TableShape& shape,
                                   const std::vector<Row>& keys, Locking locking) {
  if (locking == Locking::kNone || keys.size() == 1 || !TRY(ScanFor(session, shape, keys))) {
    return Select(session, shape, keys, locking);
  }
  std::vector<Row> all;
  for (const Row& key : keys) {
    for (Row& row : TRY(Select(session, shape, {key}, locking))) all.push_back(std::move(row));
  }
  return all;
}

}  // namespace

Result<void> CheckIndexAccess(SqlSession& session, const TableShape& shape, const Row& key) {
  const auto scan = TRY(ScanFor(session, shape, {key}));
  if (!scan) return {};
  return Fail(ErrorKind::kRefused, "no-index-access",
              "table " + shape.name.str() + ": the server would not look rows up by key " +
                  shape.key_index + " but scan (" + *scan + ")",
              "check that the index is visible and not ignored; ANALYZE TABLE may help");
}

Result<std::vector<std::optional<Row>>> LookUp(SqlSession& session, const TableShape& shape,
                                               const std::vector<Row>& keys, Locking locking) {
  std::vector<std::optional<Row>> found(keys.size());
  if (keys.empty()) return found;
  std::map<Row, std::size_t> wanted;
  for (std::size_t i = 0; i < keys.size(); ++i) wanted.emplace(keys[i], i);
  bool spelled_otherwise = false;
  for (Row& row : TRY(SelectAll(session, shape, keys, locking))) {
    const auto match = wanted.find(shape.KeyOf(row));
    if (match == wanted.end()) {
      spelled_otherwise = true;
    } else {
      found[match->second] = std::move(row);
    }
  }
  if (!spelled_otherwise) return found;
  // Some key is spelled in another way here. Only the server knows which equals which: ask one by
  // one.
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (found[i]) continue;
    auto rows = TRY(Select(session, shape, {keys[i]}, locking));
    if (!rows.empty()) found[i] = std::move(rows.front());
  }
  return found;
}

}  // namespace syncgate
