#include "data/owners.h"

#include <charconv>

#include "data/sql_text.h"

namespace syncgate {
namespace {

constexpr std::size_t kAskedAtOnce = 100;        // changes in one statement
constexpr std::size_t kAskedBytes = 512 * 1024;  // of their conditions

// A literal with the column's own type, as far as expressions can tell: text in the column's
// charset and collation.
Result<std::string> TypedLiteral(const Cell& cell, const Column& column) {
  std::string text = TRY(Literal(cell, column));
  if (column.charset.empty() || !cell) return text;
  return "CONVERT(" + text + " USING " + column.charset + ") COLLATE " + column.collation;
}

// SQL that is true for rows whose part equals that of the image.
Result<std::string> PartCondition(const TableShape& shape, const UniqueIndex::Part& part,
                                  const Row& image) {
  if (part.expression.empty()) {
    const Column& column = shape.columns[part.columns.front()];
    const std::string name = QuoteName(column.name.str());
    const std::string value = TRY(Literal(image[part.columns.front()], column));
    if (part.prefix == 0) return name + " = " + value;
    const std::string length = ", " + std::to_string(part.prefix) + ")";
    return "LEFT(" + name + length + " = LEFT(" + value + length;
  }
  std::string row;
  for (const auto position : part.columns) {
    row += (row.empty() ? "" : ", ") + TRY(TypedLiteral(image[position], shape.columns[position])) +
           " AS " + QuoteName(shape.columns[position].name.str());
  }
  return "(" + part.expression + ") = (SELECT " + part.expression + " FROM (SELECT " + row +
         ") AS `wanted`)";
}

bool HasNull(const UniqueIndex& index, const Row& image) {
  return std::ranges::any_of(index.parts, [&](const UniqueIndex::Part& part) {
    return part.expression.empty() && !image[part.columns.front()];
  });
}

// Whether the change writes other values into the index than the row had: bytes are compared, so a
// new spelling counts.
bool Touches(const UniqueIndex& index, const RowChange& change) {
  if (!change.after || !change.before) return change.after.has_value();
  return std::ranges::any_of(index.parts, [&](const UniqueIndex::Part& part) {
    return std::ranges::any_of(part.columns, [&](std::size_t position) {
      return (*change.before)[position] != (*change.after)[position];
    });
  });
}

Result<std::string> Condition(const TableShape& shape, const UniqueIndex& index, const Row& image) {
  std::string condition = "(";
  for (const UniqueIndex::Part& part : index.parts) {
    if (condition.size() > 1) condition += " AND ";
    condition += TRY(PartCondition(shape, part, image));
  }
  return condition + ")";
}

struct Question {
  std::vector<std::size_t> changes;  // positions; the answer names positions in here
  std::string cases;
  std::string any;
};

Result<void> Ask(SqlSession& session, const TableShape& shape, const UniqueIndex& index,
                 const Question& question, std::span<RowChange> changes, int* scans_left) {
  if (question.changes.empty()) return {};
  if (!index.Whole() && --*scans_left < 0) {
    return Fail(ErrorKind::kRefused, "unique-key-unsupported",
                "table " + shape.name.str() + ": unique index " + index.index +
                    " holds prefixes or expressions; asking who owns the values of so many changes "
                    "would read the whole table more than " +
                    std::to_string(kOwnerScans) + " times",
                "narrow the change with `where`, or bring most of it over by other means");
  }
  std::vector<Column> key;
  for (const auto position : shape.key) key.push_back(shape.columns[position]);
  const std::string from =
      "FROM " + QuoteName(shape.name.str()) +
      (index.Whole() && index.usable ? " FORCE INDEX (" + QuoteName(index.index) + ")" : "");
  const auto note = [&](Row&& row) -> Result<void> {
    std::size_t number = changes.size();
    if (row[0]) std::from_chars(row[0]->data(), row[0]->data() + row[0]->size(), number);
    row.erase(row.begin());
    if (number < question.changes.size()) {
      changes[question.changes[number]].owners.push_back({index.index, std::move(row)});
    }
    return {};
  };
  auto asked = session.Query("SELECT CASE" + question.cases + " END, " + CanonicalList(key) + " " +
                                 from + " WHERE " + question.any,
                             note);
  // An expression may be one that only the index itself can evaluate.
  if (!asked && !index.Whole() &&
      (asked.error().kind == ErrorKind::kFailed || asked.error().kind == ErrorKind::kRefused)) {
    return {};
  }
  return asked;
}

}  // namespace

Result<void> FindOwners(SqlSession& session, const TableShape& shape,
                        const std::vector<UniqueIndex>& indexes, std::span<RowChange> changes,
                        int* scans_left) {
  for (const UniqueIndex& index : indexes) {
    if (index.opaque) continue;
    Question question;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (!Touches(index, changes[i]) || HasNull(index, *changes[i].after)) continue;
      const std::string condition = TRY(Condition(shape, index, *changes[i].after));
      question.cases += " WHEN " + condition + " THEN " + std::to_string(question.changes.size());
      question.any += (question.any.empty() ? "" : " OR ") + condition;
      question.changes.push_back(i);
      if (question.changes.size() == kAskedAtOnce || question.any.size() > kAskedBytes) {
        TRY(Ask(session, shape, index, question, changes, scans_left));
        question = {};
      }
    }
    TRY(Ask(session, shape, index, question, changes, scans_left));
  }
  return {};
}

}  // namespace syncgate
