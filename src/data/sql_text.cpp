#include "data/sql_text.h"

#include <algorithm>

#include "core/digest.h"

namespace syncgate {
namespace {

bool AllOf(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool IsInteger(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && AllOf(text, "0123456789");
}

bool IsNumber(std::string_view text) {
  return !text.empty() && AllOf(text, "0123456789+-.eE") &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

// Plain ASCII that no sql_mode reads in another way: no control characters, no backslash.
bool IsPlain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7e && c != '\\'; });
}

std::string HexBytes(std::string_view bytes) { return "x'" + ToHex(bytes) + "'"; }

std::unexpected<Error> NotCanonical(const Column& column) {
  return Fail(ErrorKind::kFailed, "value-not-canonical",
              "column " + column.name.str() + " (" + column.type +
                  ") holds a text that its type cannot give",
              "run compare again; if it stays, report it with the column's definition");
}

// One comparison chain of an expanded row comparison: a=x AND b=y AND c OP z.
Result<std::string> KeyCompare(const TableShape& shape, const Row& bound, const char* last) {
  std::string text = "(";
  std::string equal_so_far;
  for (std::size_t i = 0; i < shape.key.size(); ++i) {
    const Column& column = shape.columns[shape.key[i]];
    const std::string value = TRY(Literal(bound[i], column));
    const std::string name = QuoteName(column.name.str());
    const bool is_last = i + 1 == shape.key.size();
    const char strict = last[0];
    if (i > 0) text += " OR ";
    text += "(" + equal_so_far + name + " " +
            (is_last ? std::string(last) : std::string(1, strict)) + " " + value + ")";
    equal_so_far += name + " = " + value + " AND ";
  }
  return text + ")";
}

}  // namespace

std::string QuoteName(std::string_view name) {
  std::string quoted = "`";
  for (const char c : name) {
    if (c == '`') quoted += '`';
    quoted += c;
  }
  return quoted + "`";
}

std::string CommentText(std::string_view text) {
  std::string safe(text);
  std::ranges::replace_if(safe, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }, '?');
  return safe;
}

std::string TextLiteral(std::string_view text) {
  if (!IsPlain(text)) return "_utf8mb4 0x" + ToHex(text);
  std::string literal = "'";
  for (const char c : text) {
    if (c == '\'') literal += '\'';
    literal += c;
  }
  return literal + "'";
}

Result<std::string> Literal(const Cell& cell, const Column& column) {
  if (!cell) return "NULL";
  const std::string& text = *cell;
  switch (column.kind) {
    case ColumnKind::kInteger:
    case ColumnKind::kBit:
      if (!IsInteger(text)) return NotCanonical(column);
      return text;
    case ColumnKind::kDecimal:
      if (!IsNumber(text) || text.find_first_of("eE") != std::string::npos) {
        return NotCanonical(column);
      }
      return text;
    case ColumnKind::kFloat:
    case ColumnKind::kDouble:
      if (!IsNumber(text)) return NotCanonical(column);
      // With an exponent the literal is a DOUBLE; without one it would be a DECIMAL and be rounded
      // twice.
      return text.find_first_of("eE") == std::string::npos ? text + "e0" : text;
    case ColumnKind::kTemporal:
      if (!AllOf(text, "0123456789-: .")) return NotCanonical(column);
      return "'" + text + "'";
    case ColumnKind::kText:
    case ColumnKind::kEnum:
    case ColumnKind::kJson:
      return TextLiteral(text);
    case ColumnKind::kBinary:
    case ColumnKind::kGeometry:
      return HexBytes(text);
    case ColumnKind::kUnknown:
      break;
  }
  return NotCanonical(column);
}

std::string CanonicalExpression(const Column& column) {
  const std::string name = QuoteName(column.name.str());
  switch (column.kind) {
    case ColumnKind::kBit:
      return "CAST(" + name + " AS UNSIGNED)";
    case ColumnKind::kFloat:
      return "CAST(" + name + " AS DOUBLE)";
    case ColumnKind::kDouble:
      // DOUBLE(M,D) shows D decimals of what may be another value, which `=` then does not find.
      if (column.type.starts_with("double(")) return "CAST(" + name + " AS DOUBLE)";
      return name;
    case ColumnKind::kEnum:
      // Number 0 is what is no member; its text is that of the member ''. No member ends in a
      // space.
      if (column.type.starts_with("enum(")) return "IF(" + name + " = 0, ' ', " + name + ")";
      return name;
    default:
      return name;
  }
}

std::string CanonicalList(const std::vector<Column>& columns) {
  std::string list;
  for (const Column& column : columns) {
    if (!list.empty()) list += ", ";
    list += CanonicalExpression(column);
  }
  return list;
}

std::string FromTable(const TableShape& shape) {
  return "FROM " + QuoteName(shape.name.str()) + " FORCE INDEX (" + QuoteName(shape.key_index) +
         ")";
}

Result<std::string> KeyIn(const TableShape& shape, const std::vector<Row>& keys) {
  std::string list;
  if (shape.key.size() == 1) {
    const Column& column = shape.columns[shape.key[0]];
    for (const Row& key : keys) {
      if (!list.empty()) list += ", ";
      list += TRY(Literal(key[0], column));
    }
    return QuoteName(column.name.str()) + " IN (" + list + ")";
  }
  // Row constructors in IN are no index access on MariaDB; an OR of equalities is, on both.
  for (const Row& key : keys) {
    list += list.empty() ? "(" : " OR (";
    for (std::size_t i = 0; i < shape.key.size(); ++i) {
      const Column& column = shape.columns[shape.key[i]];
      if (i > 0) list += " AND ";
      list += QuoteName(column.name.str()) + " = " + TRY(Literal(key[i], column));
    }
    list += ")";
  }
  return "(" + list + ")";
}

Result<std::string> KeyAfter(const TableShape& shape, const Row& bound) {
  return KeyCompare(shape, bound, ">");
}

Result<std::string> KeyUpTo(const TableShape& shape, const Row& bound) {
  return KeyCompare(shape, bound, "<=");
}

std::string KeyOrder(const TableShape& shape) {
  std::string order;
  for (const auto position : shape.key) {
    if (!order.empty()) order += ", ";
    order += QuoteName(shape.columns[position].name.str());
  }
  return order;
}

}  // namespace syncgate
