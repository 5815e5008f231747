// Edits of [lists] and {groups} in brackets, as JSON has them: what is added looks like what
// stands beside it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/scalar.h"

namespace syncgate {

struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct MemberRange {
  ByteRange key;
  ByteRange value;
};

// How the file writes what a group without neighbours cannot show.
struct BracketStyle {
  std::string colon = ": ";
  std::string comma = ", ";
};

// A list's item as it is to be: one of the old items, whose bytes stay, or a new token.
struct NewItem {
  std::optional<std::size_t> old;
  std::string token;
};

// `list` reaches from [ to ].
Splice RewriteList(std::string_view bytes, ByteRange list, const std::vector<ByteRange>& items,
                   const std::vector<NewItem>& wanted, const BracketStyle& style);

// `group` reaches from { to }. A member that is the only one leaves {}.
Splice RemoveMember(ByteRange group, const std::vector<MemberRange>& members, std::size_t index);

// Behind the last member. Nothing where the group has no member and is no plain {}: how it is to be
// laid out then is anybody's guess.
std::optional<Splice> AddMember(std::string_view bytes, ByteRange group,
                                const std::vector<MemberRange>& members, std::string_view key,
                                std::string_view value, const BracketStyle& style);

// Which items of `before` stay when they become `after`: those of the common beginning and the
// common end. `Same(before_index, after_index)`.
template <typename SameItem>
std::vector<NewItem> KeepEnds(std::size_t before, std::size_t after, SameItem same) {
  std::vector<NewItem> items(after);
  const std::size_t most = before < after ? before : after;
  std::size_t head = 0;
  while (head < most && same(head, head)) {
    items[head].old = head;
    ++head;
  }
  for (std::size_t tail = 1; tail <= most - head && same(before - tail, after - tail); ++tail) {
    items[after - tail].old = before - tail;
  }
  return items;
}

}  // namespace syncgate
