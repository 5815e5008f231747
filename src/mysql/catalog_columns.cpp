#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "mysql/catalog_parts.h"

namespace syncgate {
namespace {

struct TypeKind {
  std::string_view type;
  ColumnKind kind;
};

constexpr auto kKinds = std::to_array<TypeKind>({
    {"tinyint", ColumnKind::kInteger},
    {"smallint", ColumnKind::kInteger},
    {"mediumint", ColumnKind::kInteger},
    {"int", ColumnKind::kInteger},
    {"bigint", ColumnKind::kInteger},
    {"year", ColumnKind::kInteger},
    {"bit", ColumnKind::kBit},
    {"decimal", ColumnKind::kDecimal},
    {"float", ColumnKind::kFloat},
    {"double", ColumnKind::kDouble},
    {"char", ColumnKind::kText},
    {"varchar", ColumnKind::kText},
    {"tinytext", ColumnKind::kText},
    {"text", ColumnKind::kText},
    {"mediumtext", ColumnKind::kText},
    {"longtext", ColumnKind::kText},
    {"inet4", ColumnKind::kText},
    {"inet6", ColumnKind::kText},
    {"uuid", ColumnKind::kText},
    {"enum", ColumnKind::kEnum},
    {"set", ColumnKind::kEnum},
    {"json", ColumnKind::kJson},
    {"date", ColumnKind::kTemporal},
    {"time", ColumnKind::kTemporal},
    {"datetime", ColumnKind::kTemporal},
    {"timestamp", ColumnKind::kTemporal},
    {"binary", ColumnKind::kBinary},
    {"varbinary", ColumnKind::kBinary},
    {"tinyblob", ColumnKind::kBinary},
    {"blob", ColumnKind::kBinary},
    {"mediumblob", ColumnKind::kBinary},
    {"longblob", ColumnKind::kBinary},
    {"vector", ColumnKind::kBinary},
    {"geometry", ColumnKind::kGeometry},
    {"point", ColumnKind::kGeometry},
    {"linestring", ColumnKind::kGeometry},
    {"polygon", ColumnKind::kGeometry},
    {"multipoint", ColumnKind::kGeometry},
    {"multilinestring", ColumnKind::kGeometry},
    {"multipolygon", ColumnKind::kGeometry},
    {"geometrycollection", ColumnKind::kGeometry},
    {"geomcollection", ColumnKind::kGeometry},
});

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// MariaDB spells DEFAULT NULL as the text NULL and has no default at all as NULL. In MySQL both are
// NULL: a nullable column counts as having one there, which is right but for ALTER COLUMN ... DROP
// DEFAULT.
bool HasDefault(const Column& column, const Cell& column_default, bool mariadb) {
  return column_default || column.auto_increment || column.generated ||
         (column.nullable && !mariadb);
}

// Cells: TABLE_NAME, COLUMN_NAME, IS_NULLABLE, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME,
// COLLATION_NAME, EXTRA, COLUMN_DEFAULT.
Column ColumnOf(const Row& row, bool mariadb) {
  Column column;
  column.name = ColumnName(TextOf(row.at(1)));
  column.nullable = row.at(2) == "YES";
  column.kind = KindOf(TextOf(row.at(3)));
  column.type = TextOf(row.at(4));
  column.charset = TextOf(row.at(5));
  column.collation = TextOf(row.at(6));
  // Words in either order and case: "auto_increment, INVISIBLE" and "auto_increment INVISIBLE".
  // MySQL's DEFAULT_GENERATED is a default, not a generated column.
  const std::string extra = Lower(TextOf(row.at(7)));
  column.generated = extra.contains("virtual generated") || extra.contains("stored generated");
  column.invisible = extra.contains("invisible");
  column.auto_increment = extra.contains("auto_increment");
  column.on_update_now = extra.contains("on update ");
  column.has_default = HasDefault(column, row.at(8), mariadb);
  return column;
}

bool IsGeneratedRowId(const Column& column) {
  return column.name.str() == "my_row_id" && column.invisible && column.auto_increment;
}

}  // namespace

ColumnKind KindOf(const std::string& data_type) {
  const auto* found = std::ranges::find(kKinds, Lower(data_type), &TypeKind::type);
  return found == kKinds.end() ? ColumnKind::kUnknown : found->kind;
}

Result<void> LoadColumns(CatalogLoad& load) {
  const bool mariadb = load.mariadb();
  return load.session().Query(
      "SELECT TABLE_NAME, COLUMN_NAME, IS_NULLABLE, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME, "
      "COLLATION_NAME, "
      "EXTRA, COLUMN_DEFAULT, TABLE_SCHEMA FROM information_schema.COLUMNS WHERE " +
          load.Where("TABLE_SCHEMA", "TABLE_NAME") + " ORDER BY TABLE_NAME, ORDINAL_POSITION",
      [&](Row&& row) -> Result<void> {
        TableDef* table = load.InDatabase(row.at(9)) ? load.Find(row.at(0)) : nullptr;
        if (table == nullptr) return {};
        Column column = ColumnOf(row, mariadb);
        if (mariadb || !IsGeneratedRowId(column)) table->columns.push_back(std::move(column));
        return {};
      });
}

}  // namespace syncgate
