// Column types and values made to break tools of this kind.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "data/sql_session.h"
#include "property/dice.h"

namespace syncgate::test {

// Where a type can stand in an index.
enum class Indexing : std::uint8_t { kWhole, kPrefix, kNone };

struct TypePlan {
  std::string ddl;
  std::function<std::string(Dice&)> value;  // a literal of the test's own, never NULL
  Indexing indexing = Indexing::kWhole;
  bool integer = false;
  bool text = false;
};

// Any type the server has.
TypePlan AnyType(Dice& dice, const ServerInfo& server);
// A type for a key column: whole in an index, of a kind that can identify rows.
TypePlan KeyType(Dice& dice, const ServerInfo& server);

TypePlan IntegerType(Dice& dice);
TypePlan TextType(Dice& dice, const ServerInfo& server, bool indexable);
// One of the types of this flavour only, where it has some.
TypePlan OwnType(Dice& dice, const ServerInfo& server);

// The same type with few values, so that rows meet each other's.
TypePlan WithFewValues(TypePlan type, Dice& dice, std::size_t count);

}  // namespace syncgate::test
