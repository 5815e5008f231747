// Distinct types for the names that pass through syncgate, so that a table name cannot be handed
// over where a column name is meant. A name is raw: exactly the bytes the server or the user gave,
// unquoted; sql_text.h quotes.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace syncgate {

template <typename Tag>
class Name {
 public:
  Name() = default;
  explicit Name(std::string text) : text_(std::move(text)) {}

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Name&) const = default;

 private:
  std::string text_;
};

using SchemaName = Name<struct SchemaTag>;
using TableName = Name<struct TableTag>;
using ColumnName = Name<struct ColumnTag>;
using NodeName = Name<struct NodeTag>;
using ConfigName = Name<struct ConfigTag>;
using ConfigKey = Name<struct ConfigKeyTag>;

}  // namespace syncgate

template <typename Tag>
struct std::hash<syncgate::Name<Tag>> {
  std::size_t operator()(const syncgate::Name<Tag>& name) const noexcept {
    return std::hash<std::string>{}(name.str());
  }
};
