#include "property/types.h"

#include "property/raw_client.h"
#include "property/texts.h"

namespace syncgate::test {
namespace {

TypePlan Fixed(std::string ddl, std::vector<std::string> values,
               Indexing indexing = Indexing::kWhole) {
  TypePlan type;
  type.ddl = std::move(ddl);
  type.value = [values = std::move(values)](Dice& dice) { return dice.Of(values); };
  type.indexing = indexing;
  return type;
}

std::string Digits(Dice& dice, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += static_cast<char>('0' + dice.Below(10));
  return text;
}

TypePlan DecimalType(Dice& dice) {
  const auto precision = dice.Of<std::size_t>({1, 5, 10, 18, 19, 38, 65});
  const std::size_t scale = dice.Below(std::min<std::size_t>(precision, 30) + 1);
  const std::size_t whole = precision - scale;
  TypePlan type;
  type.ddl = "DECIMAL(" + std::to_string(precision) + "," + std::to_string(scale) + ")";
  if (dice.Percent(10)) type.ddl += " UNSIGNED";
  type.value = [whole, scale](Dice& d) {
    const std::string sign = d.Percent(40) ? "-" : "";
    const auto number = [&](const std::string& digits, const std::string& fraction) {
      return sign + (digits.empty() ? "0" : digits) + (fraction.empty() ? "" : "." + fraction);
    };
    switch (d.Below(5)) {
      case 0:
        return std::string("0");
      case 1:
        return number(std::string(whole, '9'), std::string(scale, '9'));
      case 2:
        return scale == 0 ? number("1", "") : number("", std::string(scale - 1, '0') + "1");
      case 3:
        return number(whole == 0 ? "" : "1", "");
      default:
        return number(Digits(d, whole), Digits(d, scale));
    }
  };
  return type;
}

TypePlan FloatingType(Dice& dice) {
  const bool small = dice.Percent(50);
  std::vector<std::string> values = {"0e0",   "-0e0", "1e0",        "-1e0", "0.1e0",
                                     "0.3e0", "1e-7", "1e10",       "1e15", "16777217e0",
                                     "1.5e0", "1e-5", "123456789e0"};
  const std::vector<std::string> extremes =
      small ? std::vector<std::string>{"3.4028234e38", "-3.4028234e38", "1.17549e-38",
                                       "1.4e-45",      "0.30000004e0",  "33554432e0"}
            : std::vector<std::string>{"1.7976931348623157e308",
                                       "-1.7976931348623157e308",
                                       "5e-324",
                                       "2.2250738585072014e-308",
                                       "0.1e0 + 0.2e0",
                                       "9007199254740993e0",
                                       "1e22",
                                       "1e23",
                                       "0.10000000000000002e0"};
  values.insert(values.end(), extremes.begin(), extremes.end());
  TypePlan type = Fixed(small ? "FLOAT" : "DOUBLE", values);
  if (dice.Percent(10)) {
    return Fixed(small ? "FLOAT(9,3)" : "DOUBLE(20,6)",
                 {"0", "-0e0", "1.5", "-99999.125", "0.001", "123456.789", "-0.0005"});
  }
  type.value = [values](Dice& d) {
    if (d.Percent(70)) return d.Of(values);
    const std::string exponent = std::to_string(static_cast<int>(d.Below(60)) - 30);
    return (d.Percent(50) ? "-" : "") + Digits(d, 1) + "." + Digits(d, 16) + "e" + exponent;
  };
  return type;
}

TypePlan BitType(Dice& dice) {
  const auto width = dice.Of<unsigned>({1, 7, 8, 9, 63, 64});
  TypePlan type;
  type.ddl = "BIT(" + std::to_string(width) + ")";
  type.value = [width](Dice& d) {
    std::string bits;
    const std::size_t kind = d.Below(3);
    for (unsigned i = 0; i < width; ++i)
      bits += kind == 0 ? '0' : kind == 1 ? '1' : d.Of({'0', '1'});
    return "b'" + bits + "'";
  };
  return type;
}

TypePlan TemporalType(Dice& dice) {
  const std::size_t digits = dice.Below(7);
  const std::string precision = digits == 0 ? "" : "(" + std::to_string(digits) + ")";
  const auto with = [digits](std::vector<std::string> values, bool fraction) {
    return [values = std::move(values), digits, fraction](Dice& d) {
      std::string text = d.Of(values);
      if (fraction && digits > 0 && d.Percent(60)) {
        text += "." + d.Of({std::string(digits, '9'), Digits(d, digits),
                            std::string(digits - 1, '0') + "1"});
      }
      return "'" + text + "'";
    };
  };
  TypePlan type;
  switch (dice.Below(5)) {
    case 0:
      return Fixed("YEAR", {"0", "1901", "2155", "2026", "2000", "1999"});
    case 1:
      type.ddl = "DATE";
      type.value = with({"0000-00-00", "2026-02-31", "1000-01-01", "9999-12-31", "2026-00-00",
                         "2026-01-00", "0001-01-01", "2026-11-01", "2024-02-29", "1900-04-31"},
                        false);
      return type;
    case 2:
      type.ddl = "TIME" + precision;
      type.value = with({"-838:59:58", "838:59:58", "00:00:00", "-00:00:00", "100:00:00",
                         "23:59:59", "-01:02:03", "24:00:00"},
                        true);
      return type;
    case 3:
      type.ddl = "DATETIME" + precision;
      type.value = with({"0000-00-00 00:00:00", "2026-02-31 01:02:03", "1000-01-01 00:00:00",
                         "9999-12-31 23:59:58", "2026-03-29 02:30:00", "2026-11-01 12:00:00"},
                        true);
      return type;
    default:
      type.ddl = "TIMESTAMP" + precision + " NULL";
      type.value = with({"1970-01-01 00:00:01", "2038-01-19 03:14:06", "2026-03-29 01:30:00",
                         "2026-10-25 01:30:00", "2026-10-25 00:30:00", "2000-01-01 00:00:00"},
                        true);
      return type;
  }
}

TypePlan ChoiceType(Dice& dice, const ServerInfo& server) {
  // Named by text and number; '1' is the third. What is no member becomes number 0, as an
  // application without strict mode may have left it.
  if (dice.Percent(50)) {
    return Fixed("ENUM('a','','1','2','it''s','x,y','B b')" +
                     dice.Of<std::string>({"", " CHARACTER SET latin1", " COLLATE utf8mb4_bin"}),
                 {"'a'", "''", "'1'", "'2'", "1", "2", "3", "'it''s'", "'x,y'", "'B b'",
                  dice.Percent(8) ? "'no member'" : "'a'"});
  }
  if (dice.Percent(30)) {
    std::string members;
    for (int i = 0; i < 64; ++i) members += (i == 0 ? "'m" : ",'m") + std::to_string(i) + "'";
    return Fixed("SET(" + members + ")", {"''", "'m0'", "'m63'", "'m0,m63'", "1", "255",
                                          "9223372036854775808", "18446744073709551615"});
  }
  (void)server;
  return Fixed("SET('x','y','z''z','1')",
               {"''", "'x'", "'y,x'", "'x,y,1'", "'z''z'", "1", "15", "'1'"});
}

TypePlan BinaryType(Dice& dice, bool indexable) {
  TypePlan type;
  const auto size = dice.Of<std::size_t>({1, 4, 16, 40});
  switch (dice.Below(indexable ? 2 : 4)) {
    case 0:
      type.ddl = "BINARY(" + std::to_string(size) + ")";
      break;
    case 1:
      type.ddl = "VARBINARY(" + std::to_string(size) + ")";
      break;
    default:
      type.ddl = dice.Of<std::string>({"TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB"});
      type.indexing = Indexing::kPrefix;
  }
  const bool large = type.ddl.ends_with("BLOB") && !type.ddl.starts_with("TINY");
  type.value = [size, large](Dice& d) {
    if (large && d.Percent(3)) return std::string("REPEAT(x'00FF5C27', 25000)");
    return "x'" + HexOf(NastyBytes(d, size)) + "'";
  };
  return type;
}

TypePlan JsonType(Dice& dice, const ServerInfo& server) {
  std::vector<std::string> values = {R"('{}')",
                                     R"('[]')",
                                     R"('null')",
                                     R"('true')",
                                     R"('"text"')",
                                     R"('18446744073709551615')",
                                     R"('-9223372036854775808')",
                                     R"('{"b": 2, "a": [1, null, false, {"": ""}]}')",
                                     R"('[0.1, 1e100, -2.5]')",
                                     R"('""')",
                                     R"('{"a": "\\u0000\\n\\\\ \\"q\\" N"}')",
                                     R"('0')",
                                     R"(_utf8mb4'{"你": "😀 é"}')",
                                     R"('[1,  2]')"};
  // What the server may be unable to write back exactly.
  if (dice.Percent(10)) values.insert(values.end(), {"'1.0'", "'1'", "'-0.0'", "'1e2'", "'100'"});
  (void)server;
  return Fixed("JSON", values, Indexing::kNone);
}

TypePlan GeometryType(Dice& dice, const ServerInfo& server) {
  const bool mysql = server.flavor == Flavor::kMySql;
  const bool tied = mysql && dice.Percent(30);
  const std::string srid = tied ? "4326" : "";
  const bool point = dice.Percent(30);
  std::vector<std::string> shapes = {"POINT(1 2)", "POINT(-0.5 1e-7)", "POINT(0 0)",
                                     "POINT(89.999999 12.3456789012345678)"};
  if (!point) {
    shapes.insert(shapes.end(),
                  {"LINESTRING(0 0,1 1,2 2)", "POLYGON((0 0,0 5,5 5,5 0,0 0),(1 1,1 2,2 2,1 1))",
                   "MULTIPOINT(0 0,1 1)", "GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))",
                   "MULTILINESTRING((0 0,1 1),(2 2,3 3))"});
  }
  TypePlan type;
  type.ddl = std::string(point ? "POINT" : "GEOMETRY") + (tied ? " SRID 4326" : "");
  type.indexing = Indexing::kNone;
  type.value = [shapes, srid](Dice& d) {
    return "ST_GeomFromText('" + d.Of(shapes) + "', " +
           (srid.empty() ? d.Of<std::string>({"0", "0", "4326", "3857"}) : srid) + ")";
  };
  return type;
}

}  // namespace

TypePlan IntegerType(Dice& dice) {
  const auto bits = dice.Of<unsigned>({8, 16, 24, 32, 64});
  const bool is_unsigned = dice.Percent(40);
  const std::uint64_t top = bits == 64 ? ~0ULL : (1ULL << bits) - 1;
  const char* name = bits == 8    ? "TINYINT"
                     : bits == 16 ? "SMALLINT"
                     : bits == 24 ? "MEDIUMINT"
                     : bits == 32 ? "INT"
                                  : "BIGINT";
  TypePlan type;
  type.integer = true;
  type.ddl = name + std::string(is_unsigned ? " UNSIGNED" : "");
  if (is_unsigned && dice.Percent(8)) type.ddl = std::string(name) + "(7) UNSIGNED ZEROFILL";
  type.value = [top, is_unsigned](Dice& d) {
    const std::uint64_t largest = is_unsigned ? top : top / 2;
    const auto signed_text = [&](std::uint64_t number) {
      return (!is_unsigned && d.Percent(40) ? "-" : "") + std::to_string(number);
    };
    switch (d.Below(4)) {
      case 0:
        return d.Percent(50) ? std::to_string(largest - d.Below(2))
               : is_unsigned ? std::string("0")
                             : "-" + std::to_string(largest + 1);
      case 1:
        return signed_text(d.Below(3));
      case 2:
        return signed_text(d.Below(20));
      default:
        return signed_text(d.Number() % largest);
    }
  };
  return type;
}

TypePlan TextType(Dice& dice, const ServerInfo& server, bool indexable) {
  const Charset charset = AnyCharset(dice, server);
  TypePlan type;
  type.text = true;
  const auto size = dice.Of<unsigned>({3, 10, 40});
  switch (dice.Below(indexable ? 2 : 4)) {
    case 0:
      type.ddl = "CHAR(" + std::to_string(size) + ")";
      break;
    case 1:
      type.ddl = "VARCHAR(" + std::to_string(size) + ")";
      break;
    default:
      type.ddl = dice.Of<std::string>({"TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT"});
      type.indexing = Indexing::kPrefix;
  }
  const bool large = type.ddl.ends_with("TEXT") && !type.ddl.starts_with("TINY");
  type.ddl += " CHARACTER SET " + charset.name + " COLLATE " + charset.collation;
  type.value = [charset, large](Dice& d) {
    if (large && d.Percent(3)) return std::string("REPEAT('a''b\\\\', 20000)");
    return "_" + charset.name + " x'" + HexOf(NastyText(d, charset)) + "'";
  };
  return type;
}

TypePlan OwnType(Dice& dice, const ServerInfo& server) {
  if (server.flavor == Flavor::kMariaDb) {
    if (dice.Percent(50)) {
      return Fixed("INET6", {"'::'", "'::1'", "'2001:db8::ff00:42:8329'", "'::ffff:192.0.2.1'",
                             "'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'"});
    }
    if (server.major > 10 || server.minor >= 7) {
      return Fixed(
          "UUID",
          {"'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
           "'123e4567-e89b-12d3-a456-426655440000'", "'018f3e2a-0000-7000-8000-000000000001'"});
    }
  } else if (server.major >= 9 && dice.Percent(50)) {
    return Fixed("VECTOR(3)",
                 {"STRING_TO_VECTOR('[1,2,3]')", "STRING_TO_VECTOR('[0,0,0]')",
                  "STRING_TO_VECTOR('[-0.0,1e-7,3.4e38]')", "x'0000803F0000004000004040'"},
                 Indexing::kNone);
  }
  return GeometryType(dice, server);
}

TypePlan AnyType(Dice& dice, const ServerInfo& server) {
  switch (dice.Below(16)) {
    case 0:
    case 1:
    case 2:
      return IntegerType(dice);
    case 3:
      return DecimalType(dice);
    case 4:
    case 5:
      return FloatingType(dice);
    case 6:
      return BitType(dice);
    case 7:
    case 8:
      return TemporalType(dice);
    case 9:
      return ChoiceType(dice, server);
    case 10:
      return BinaryType(dice, false);
    case 11:
      return JsonType(dice, server);
    case 12:
      return GeometryType(dice, server);
    case 13:
      return OwnType(dice, server);
    default:
      return TextType(dice, server, false);
  }
}

TypePlan KeyType(Dice& dice, const ServerInfo& server) {
  switch (dice.Below(12)) {
    case 0:
    case 1:
    case 2:
      return IntegerType(dice);
    case 3:
      return DecimalType(dice);
    case 4:
    case 5:
      return BinaryType(dice, true);
    case 6: {
      TypePlan type = TemporalType(dice);
      if (type.ddl.ends_with(" NULL")) type.ddl.resize(type.ddl.size() - 5);
      return type;
    }
    case 7:
      return BitType(dice);
    case 8: {
      TypePlan type = OwnType(dice, server);
      return type.indexing == Indexing::kWhole ? type : IntegerType(dice);
    }
    default:
      return TextType(dice, server, true);
  }
}

TypePlan WithFewValues(TypePlan type, Dice& dice, std::size_t count) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(type.value(dice));
  type.value = [values = std::move(values)](Dice& d) { return d.Of(values); };
  return type;
}

}  // namespace syncgate::test
