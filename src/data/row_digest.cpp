#include "data/row_digest.h"

#include "core/digest.h"

namespace syncgate {
namespace {

// Kinds whose text holds neither ',' nor 'N'.
bool IsToken(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kInteger:
    case ColumnKind::kBit:
    case ColumnKind::kDecimal:
    case ColumnKind::kFloat:
    case ColumnKind::kDouble:
    case ColumnKind::kTemporal:
      return true;
    default:
      return false;
  }
}

bool IsCharacter(ColumnKind kind) {
  return kind == ColumnKind::kText || kind == ColumnKind::kEnum || kind == ColumnKind::kJson;
}

std::string CellExpression(const Column& column) {
  std::string text = CanonicalExpression(column);
  if (IsToken(column.kind)) return "IFNULL(" + text + ",'N')";
  // Bytes of the UTF-8 text, whatever the column's charset and collation: no collation takes part.
  if (IsCharacter(column.kind)) text = "CAST(CONVERT(" + text + " USING utf8mb4) AS BINARY)";
  // MySQL takes a VECTOR in no function of texts.
  if (column.type.starts_with("vector")) text = "CAST(" + text + " AS BINARY)";
  // NULL is asked of the column: CONCAT gives NULL, too, where its result exceeds
  // max_allowed_packet, and that must make the whole digest NULL.
  return "IF(" + QuoteName(column.name.str()) + " IS NULL,'N',CONCAT(LENGTH(" + text + "),':'," +
         text + "))";
}

}  // namespace

std::string EncodingExpression(const std::vector<Column>& columns) {
  std::string list;
  for (const Column& column : columns) {
    list += (list.empty() ? "" : ",',',") + CellExpression(column);
  }
  return "CONCAT(" + list + ")";
}

std::string RowDigestExpression(const std::vector<Column>& columns) {
  return "CAST(CONV(LEFT(SHA2(" + EncodingExpression(columns) + ",256),16),16,10) AS UNSIGNED)";
}

std::uint64_t RowDigest(const std::vector<Column>& columns, const Row& row) {
  std::string encoding;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) encoding += ',';
    if (!row[i]) {
      encoding += 'N';
    } else if (IsToken(columns[i].kind)) {
      encoding += *row[i];
    } else {
      encoding += std::to_string(row[i]->size());
      encoding += ':';
      encoding += *row[i];
    }
  }
  return Digest64(encoding);
}

Result<void> SelfTestDigest(SqlSession& session) {
  const auto column = [](const char* name, ColumnKind kind) {
    Column made;
    made.name = ColumnName(name);
    made.kind = kind;
    return made;
  };
  const std::vector<Column> columns = {
      column("a", ColumnKind::kInteger), column("b", ColumnKind::kDecimal),
      column("c", ColumnKind::kDouble),  column("d", ColumnKind::kText),
      column("e", ColumnKind::kText),    column("f", ColumnKind::kTemporal),
      column("g", ColumnKind::kBinary)};
  const std::string row =
      "SELECT -9223372036854775807 AS a, CAST(0.10 AS DECIMAL(6,3)) AS b, 1e-7 AS c, "
      "_utf8mb4 0xE5AD90F09F9880 AS d, NULL AS e, TIMESTAMP'2026-01-02 03:04:05' AS f, x'00ff2c' "
      "AS g";
  const auto rows = TRY(session.Rows("SELECT a, b, c, d, e, f, g, " + RowDigestExpression(columns) +
                                     " FROM (" + row + ") AS known"));
  if (rows.size() == 1 && rows[0].size() == 8 && rows[0][7]) {
    const Row cells(rows[0].begin(), rows[0].begin() + 7);
    const Row known = {"-9223372036854775807",         "0.100", cells[2],
                       "\xE5\xAD\x90\xF0\x9F\x98\x80", {},      "2026-01-02 03:04:05",
                       std::string("\0\xff,", 3)};
    if (cells == known && *rows[0][7] == std::to_string(RowDigest(columns, cells))) return {};
  }
  return Fail(ErrorKind::kRefused, "digest-self-test",
              "the server (" + session.server().version +
                  ") digests known values in another way than syncgate",
              "report the server's exact version; nothing was compared");
}

}  // namespace syncgate
