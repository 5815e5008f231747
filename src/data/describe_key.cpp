#include "data/describe_key.h"

#include <algorithm>

#include "core/digest.h"

namespace syncgate {

std::string DescribeKey(const TableShape& shape, const Row& key) {
  std::string text;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const Column& column = shape.columns[shape.key[i]];
    text += (text.empty() ? "" : ", ") + column.name.str() + "=";
    if (!key[i]) {
      text += "NULL";
      continue;
    }
    const bool plain = column.kind != ColumnKind::kBinary &&
                       std::ranges::none_of(*key[i], [](char c) { return c >= 0 && c < 0x20; });
    text += plain ? *key[i] : "0x" + ToHex(*key[i]);
  }
  if (text.size() <= 200) return text;
  std::size_t end = 200;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

}  // namespace syncgate
