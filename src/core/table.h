// What syncgate knows of one table on one server: catalog facts, no rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/names.h"

namespace syncgate {

// How a column is read, digested and written; a class of SQL types with one text form.
enum class ColumnKind : std::uint8_t {
  kInteger,   // TINYINT..BIGINT, signed or not, YEAR: digits
  kBit,       // BIT(n): read as an unsigned integer
  kDecimal,   // DECIMAL: digits
  kFloat,     // FLOAT: read as DOUBLE, so that no digit is lost
  kDouble,    // DOUBLE, DOUBLE(M,D): shortest text that reads back to the same bits
  kText,      // CHAR, VARCHAR, *TEXT and MariaDB's INET and UUID: UTF-8
  kEnum,      // ENUM, SET: their text
  kJson,      // MySQL's JSON (MariaDB's is LONGTEXT, hence kText)
  kTemporal,  // DATE, TIME, DATETIME, TIMESTAMP
  kBinary,    // BINARY, VARBINARY, *BLOB, VECTOR: raw bytes
  kGeometry,  // the server's internal bytes: SRID and WKB
  kUnknown,   // a type this version does not know: refused by name
};

struct Column {
  ColumnName name;
  ColumnKind kind = ColumnKind::kUnknown;
  std::string type;     // COLUMN_TYPE as the server prints it
  std::string charset;  // empty where the type has none
  std::string collation;
  bool nullable = false;
  bool generated = false;  // VIRTUAL or STORED: compared, never written, never guarded
  bool invisible = false;
  bool has_default = false;  // an INSERT may leave it out (default, nullable or AUTO_INCREMENT)
  bool auto_increment = false;
  bool on_update_now = false;  // ON UPDATE CURRENT_TIMESTAMP: changes by itself unless set

  bool operator==(const Column&) const = default;
};

// One part of a unique index: a column, a prefix of it, or an expression.
struct KeyPart {
  std::optional<std::size_t> column;  // position in TableDef::columns; absent: see expression
  std::uint32_t prefix = 0;           // characters (bytes of binary types); 0: the whole column
  std::string expression;             // SQL; empty with no column: one that the account may not see

  bool operator==(const KeyPart&) const = default;
};

// A unique index; its parts in index order.
struct UniqueKey {
  std::string index;
  bool primary = false;
  std::vector<KeyPart> parts;
  bool usable = true;  // false: invisible or ignored; still unique, but never used to read

  // Positions of the columns that it is made of; expressions have none.
  std::vector<std::size_t> Columns() const {
    std::vector<std::size_t> columns;
    for (const KeyPart& part : parts) {
      if (part.column) columns.push_back(*part.column);
    }
    return columns;
  }
  bool HasPrefix() const {
    return std::ranges::any_of(parts, [](const KeyPart& part) { return part.prefix != 0; });
  }
  bool HasExpression() const {
    return std::ranges::any_of(parts, [](const KeyPart& part) { return !part.column; });
  }

  bool operator==(const UniqueKey&) const = default;
};

// Within a referencing key, `parent*` name the child: the table at the other end.
struct ForeignKey {
  std::string name;
  std::vector<ColumnName> columns;
  SchemaName parent_schema;
  TableName parent;
  std::vector<ColumnName> parent_columns;
  std::string on_delete;  // RESTRICT, CASCADE, SET NULL, NO ACTION; empty: not to be seen
  std::string on_update;

  bool operator==(const ForeignKey&) const = default;
};

// Whether a foreign key's rule changes rows of the child.
inline bool Cascades(const std::string& rule) { return rule != "RESTRICT" && rule != "NO ACTION"; }

struct TableDef {
  TableName name;
  std::string engine;
  std::uint64_t row_estimate = 0;
  std::vector<Column> columns;  // in ordinal order; without MySQL's generated invisible my_row_id
  std::vector<UniqueKey> unique_keys;
  std::vector<ForeignKey> foreign_keys;      // of this table
  std::vector<ForeignKey> referencing_keys;  // of other tables, onto this one; parent = the child
  std::vector<std::string> triggers;

  // Position of the named column, if there is one. Names compare as MySQL does for ASCII: without
  // case.
  std::optional<std::size_t> FindColumn(const ColumnName& column) const;

  // Whether both were read from one definition; row estimates, triggers and children do not count.
  bool SameAs(const TableDef& other) const {
    return engine == other.engine && columns == other.columns && unique_keys == other.unique_keys &&
           foreign_keys == other.foreign_keys;
  }
};

}  // namespace syncgate
