// The server parses every literal and every quoted name back to the same bytes, under any sql_mode
// and any connection charset.
#include <bit>
#include <cstdio>

#include "data/sql_text.h"
#include "property/property_test.h"
#include "property/texts.h"

namespace syncgate::test {
namespace {

constexpr int kLiterals = 300;  // of each kind

Column Of(ColumnKind kind) {
  Column column;
  column.name = ColumnName("c");
  column.kind = kind;
  return column;
}

std::string Ascii(Dice& dice) {
  std::string text;
  for (std::size_t length = dice.Below(12); length > 0; --length) {
    text += dice.Percent(40) ? dice.Of({'\'', '"', '\\', '`', '%', '_', ';'})
                             : static_cast<char>(0x20 + dice.Below(0x5f));
  }
  return text;
}

std::string AnyBytes(Dice& dice) {
  std::string bytes;
  for (std::size_t length = dice.Below(20); length > 0; --length) {
    bytes += static_cast<char>(dice.Below(256));
  }
  return dice.Percent(50) ? bytes : NastyBytes(dice, 20);
}

struct Case {
  std::string literal;
  std::string wanted;  // of the expression
};

class Literals : public PropertyTest {
 protected:
  // SELECT of every expression; what it gives instead.
  void Check(const std::string& around_open, const std::string& around_close,
             const std::vector<Case>& cases) {
    std::string sql;
    for (const Case& one : cases) {
      sql += (sql.empty() ? "SELECT " : " UNION ALL SELECT ") + around_open + one.literal +
             around_close;
    }
    const auto found = node().Column(sql);
    ASSERT_EQ(found.size(), cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
      EXPECT_EQ(found[i], cases[i].wanted) << cases[i].literal;
    }
  }

  static std::string Text(const Cell& cell, ColumnKind kind) {
    auto literal = Literal(cell, Of(kind));
    if (!literal) throw std::runtime_error(literal.error().message);
    return *literal;
  }

  void CheckAll(Dice& dice) {
    std::vector<Case> texts;
    std::vector<Case> bytes;
    std::vector<Case> numbers;
    for (int i = 0; i < kLiterals; ++i) {
      const std::string text =
          dice.Percent(50) ? Ascii(dice) : NastyText(dice, {"utf8mb4", "utf8mb4_bin"});
      texts.push_back(
          {Text(text, dice.Of({ColumnKind::kText, ColumnKind::kEnum, ColumnKind::kJson})),
           HexOf(text)});
      const std::string raw = AnyBytes(dice);
      bytes.push_back(
          {Text(raw, dice.Of({ColumnKind::kBinary, ColumnKind::kGeometry})), HexOf(raw)});
      const std::uint64_t number = dice.Number() >> dice.Below(64);
      std::string digits = std::to_string(number);
      if (number < (1ULL << 63) && number > 0 && dice.Percent(50)) digits.insert(0, "-");
      numbers.push_back({Text(digits, ColumnKind::kInteger), digits});
      const std::string decimal = digits + "." + std::to_string(dice.Number() % 1'000'000'000);
      numbers.push_back({Text(decimal, ColumnKind::kDecimal), decimal});
    }
    Check("HEX(CONVERT(", " USING utf8mb4))", texts);
    Check("HEX(", ")", bytes);
    Check("CAST(", " AS CHAR)", numbers);
  }

  // Through a column: an expression's text is cut to what the literal's own length makes likely.
  void CheckDoubles(Dice& dice) {
    std::string values;
    TableDump wanted;
    for (int i = 0; i < kLiterals; ++i) {
      double value = std::bit_cast<double>(dice.Number());
      if (i == 0) value = IsMySql() ? -0.0 : 0.0;  // MariaDB knows no negative zero
      if (i == 1) value = 5e-324;
      if (value - value != 0) continue;  // no number
      char text[64];
      std::snprintf(text, sizeof text, "%.17g", value);
      const std::string id = std::to_string(100 + i);
      values += (values.empty() ? "(" : ",(") + id + "," +
                Text(std::string(text), ColumnKind::kDouble) + ")";
      wanted.push_back(HexOf(id) + " | " +
                       HexOf(std::string(reinterpret_cast<const char*>(&value), sizeof value)));
    }
    node().Run("DROP TABLE IF EXISTS doubles");
    node().Run("CREATE TABLE doubles (id INT PRIMARY KEY, d DOUBLE)");
    node().Run("INSERT INTO doubles VALUES " + values);
    EXPECT_EQ(Difference(wanted, node().Dump("doubles")), "");
  }

  void CheckNames(Dice& dice) {
    for (int i = 0; i < 60; ++i) {
      std::string name = Ascii(dice);
      // The servers cut spaces off an alias.
      while (name.ends_with(' ')) name.pop_back();
      name.erase(0, name.find_first_not_of(' '));
      if (name.empty()) continue;
      const std::string quoted = QuoteName(name);
      EXPECT_EQ(node().Column("SELECT " + quoted + " FROM (SELECT 7 AS " + quoted + ") AS d"),
                std::vector<std::string>{"7"});
    }
  }
};

TEST_F(Literals, ReadBackToTheSameBytes) {
  for (const char* charset : {"utf8mb4", "latin1", "gbk"}) {
    for (const char* mode :
         {"", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,ANSI",
          "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES"}) {
      SCOPED_TRACE(std::string(charset) + " " + mode);
      Dice dice(1);
      node().Run("SET NAMES " + std::string(charset));
      node().Run("SET sql_mode = '" + std::string(mode) + "'");
      CheckAll(dice);
      CheckDoubles(dice);
      CheckNames(dice);
    }
  }
}

}  // namespace
}  // namespace syncgate::test
